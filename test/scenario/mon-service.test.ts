/** The monitor as others see it: simulated network, light daemons that boot and send beacons. */
import test from 'ava';
import { makeConfig } from '../../common/config/schema.ts';
import { entityName, epoch, instanceId, osdId, type InstanceId } from '../../common/maps/ids.ts';
import type { Env } from '../../common/runtime/env.ts';
import { SimWorld } from '../../common/runtime/sim/world.ts';
import { WireMessenger } from '../../common/wire/messenger.ts';
import { MapFollower } from '../../mon/client/map-follower.ts';
import { monSchema, type MonConfig } from '../../mon/config.ts';
import type { ClusterStatus } from '../../mon/core/status.ts';
import { Mon } from '../../mon/mon.ts';
import { MemoryStore } from '../../mon/store/memory.ts';

const fsid = '5a0b7f57-31c5-4ab8-8f5b-2d8e2f1f0a77';
const address = 'mon.a:6789';

/** A daemon that follows the map; as an OSD it boots and sends beacons. */
class Follower {
  readonly messenger: WireMessenger;
  readonly mon: MapFollower;
  readonly instance: InstanceId;
  readonly #env: Env;
  leaseUntilMs = 0;

  constructor(env: Env, name: `${'osd' | 'client' | 'mds'}.${string}`, mons: readonly string[] = [address]) {
    this.#env = env;
    this.instance = instanceId(env.random.id());
    const [type, id] = name.split('.') as ['osd', string];
    this.messenger = new WireMessenger(env, { entity: entityName(type, id), instance: this.instance, fsid });
    this.mon = new MapFollower(env, { messenger: this.messenger, mons, announce: { mountpoint: '/mnt', host: 'h' } });
  }

  async start(): Promise<this> {
    await this.mon.start({ timeoutMs: 20_000 });
    return this;
  }

  async serveAsOsd(id: number): Promise<this> {
    const listening = await this.messenger.listen(`osd.${id}:6800`);
    await this.start();
    const { instance } = this;
    const boot = {
      osd: id,
      uuid: `u${id}`,
      instance,
      address: listening,
      host: `h${id}`,
      totalBytes: 2 ** 40,
      newestEpoch: 0,
    };
    const reply = await this.mon.request('osdBoot', boot, { timeoutMs: 10_000 });
    await this.mon.waitForEpoch(epoch(reply.epoch), { timeoutMs: 10_000 });
    this.#beacon(id);
    return this;
  }

  #beacon(id: number): void {
    const sentMs = this.#env.clock.monotonicMs();
    const beacon = {
      osd: id,
      instance: this.instance,
      epoch: this.mon.map.epoch,
      usedBytes: 1,
      totalBytes: 100,
      storedBytes: 1,
      objects: 1,
      pgs: [],
    };
    this.mon.request('osdBeacon', beacon, { timeoutMs: 1_000 }).then(
      ({ leaseMs }) => (this.leaseUntilMs = Math.max(this.leaseUntilMs, sentMs + leaseMs)),
      () => undefined,
    );
    this.#env.clock.setTimer(1_000, () => this.#beacon(id));
  }
}

class Story {
  readonly world: SimWorld;
  readonly store = new MemoryStore();
  readonly config: MonConfig;
  mon!: Mon;

  constructor(seed: string, config: Partial<MonConfig> = {}) {
    this.world = new SimWorld({ seed });
    this.config = makeConfig(monSchema, { ...config, name: 'mon.a', bootstrap: true });
  }

  async startMon(config: Partial<MonConfig> = {}): Promise<void> {
    const node = this.world.node('mon.a');
    const env = node.alive ? node.env : node.boot();
    this.mon = new Mon(env, { name: 'mon.a', fsid, listen: address, store: this.store, config: { ...this.config, ...config } });
    await this.mon.start();
  }

  async osd(id: number): Promise<Follower> {
    const node = this.world.node(`osd.${id}`);
    return new Follower(node.alive ? node.env : node.boot(), `osd.${id}`).serveAsOsd(id);
  }

  client(name: string, mons?: readonly string[]): Promise<Follower> {
    return new Follower(this.world.node(name).env, `client.${name}`, mons).start();
  }

  isUp(id: number): boolean {
    return this.mon.map.osds.get(osdId(id))?.up === true;
  }

  /** Virtual milliseconds until `condition` holds. */
  async waitFor(condition: () => boolean, timeoutMs = 60_000): Promise<number> {
    const from = this.world.nowMs;
    while (!condition()) {
      if (this.world.nowMs - from > timeoutMs) throw new Error('waited in vain');
      await this.world.sleep(10);
    }
    return this.world.nowMs - from;
  }

  run(tell: () => Promise<void>): Promise<void> {
    return this.world.until(tell(), { what: 'the story' });
  }
}

test('an OSD is killed → down within a second, at everyone; its PGs act on the survivors', async (t) => {
  const s = new Story('kill');
  await s.run(async () => {
    await s.startMon();
    for (const id of [0, 1, 2]) await s.osd(id);
    const c = await s.client('c');
    await c.mon.command({ prefix: 'pool create', name: 'p', pgNum: 8 });
    s.world.node('osd.1').crash();
    const tookMs = await s.waitFor(() => !(c.mon.map.osds.get(osdId(1))?.up ?? true));
    t.true(tookMs < 1_000, `${tookMs} ms`);
    t.true([...c.mon.map.pgs.values()].every(({ acting }) => acting.length === 2 && !acting.includes(osdId(1))));
  });
});

test("an OSD's machine dies, or is cut off → down when its lease has run out, and not before it itself has stopped", async (t) => {
  for (const how of ['machine', 'cut'] as const) {
    const s = new Story(how);
    await s.run(async () => {
      await s.startMon();
      const osds = [await s.osd(0), await s.osd(1), await s.osd(2)];
      await s.world.sleep(5_000);
      if (how === 'machine') s.world.node('osd.1').crash({ machine: true });
      else s.world.fabric.partition(['osd.1'], ['mon.a']);
      const tookMs = await s.waitFor(() => !s.isUp(1));
      t.true(tookMs > 3_500 && tookMs <= 5_300, `${tookMs} ms`);
      t.true((osds[1]?.leaseUntilMs ?? 0) <= s.world.nowMs, 'its own lease has ended');
      t.true(s.isUp(0) && s.isUp(2));
    });
  }
});

test('a client cannot reach an OSD that lives → stays up, whatever the client reports', async (t) => {
  const s = new Story('slander');
  await s.run(async () => {
    await s.startMon();
    const osd = await s.osd(0);
    const c = await s.client('c');
    for (let i = 0; i < 20; i++) {
      c.mon.reportFailure(entityName('osd', 0), osd.instance, true);
      await s.world.sleep(1_100);
    }
    t.true(s.isUp(0));
  });
});

test('the monitor is killed and starts again → same cluster, same OSDs up, everyone follows on', async (t) => {
  const s = new Story('restart');
  await s.run(async () => {
    await s.startMon();
    for (const id of [0, 1, 2]) await s.osd(id);
    const c = await s.client('c');
    await c.mon.command({ prefix: 'pool create', name: 'p', pgNum: 8 });
    const before = s.mon.map;
    s.world.node('mon.a').crash();
    await s.world.sleep(3_000);
    await s.startMon();
    t.deepEqual(s.mon.map, before);
    await c.mon.command({ prefix: 'flag set', flag: 'noout' });
    await s.waitFor(() => c.mon.map.flags.has('noout'));
    await s.world.sleep(20_000);
    t.deepEqual(
      [0, 1, 2].map((id) => s.isUp(id)),
      [true, true, true],
    );
    t.deepEqual([...s.mon.map.pgs.values()], [...before.pgs.values()], 'no interval was disturbed');
  });
});

test('a follower that missed many epochs → is brought up to date; many changes share few epochs', async (t) => {
  const s = new Story('behind', { keepEpochs: 20 });
  await s.run(async () => {
    await s.startMon();
    const [a, b] = [await s.client('a'), await s.client('b')];
    const heal = s.world.fabric.partition(['b'], ['mon.a']);
    for (let i = 1; i <= 60; i++) await a.mon.command({ prefix: 'blocklist add', instance: i });
    const { epoch: reached } = a.mon.map;
    t.true(reached > 60);
    heal();
    await s.waitFor(() => b.mon.map.epoch === reached);
    t.deepEqual(b.mon.map, a.mon.map);
    const from = s.mon.map.epoch;
    await Promise.all(Array.from({ length: 100 }, (_, i) => a.mon.command({ prefix: 'blocklist add', instance: 1_000 + i })));
    t.true(s.mon.map.epoch - from < 10, `${s.mon.map.epoch - from} epochs`);
    t.is(s.mon.map.blocklist.size, 160);
  });
});

test('several monitors configured, one answers → is found, also again after its restart', async (t) => {
  const s = new Story('several');
  await s.run(async () => {
    await s.startMon();
    const c = await s.client('c', ['nobody:1', address, 'nobody:2']);
    s.world.node('mon.a').crash();
    await s.world.sleep(5_000);
    await s.startMon();
    await c.mon.command({ prefix: 'flag set', flag: 'pause' });
    await s.waitFor(() => c.mon.map.flags.has('pause'));
    t.true(s.world.steps < 2_000, `${s.world.steps} steps: it waits between rounds of attempts`);
  });
});

test('a peer shows a newer epoch → the follower asks for it at once', async (t) => {
  const s = new Story('newer');
  await s.run(async () => {
    await s.startMon();
    const a = await s.client('a');
    t.is(await a.mon.waitForEpoch(epoch(1), { timeoutMs: 1 }), a.mon.map);
    const wait = a.mon.waitForEpoch(epoch(s.mon.map.epoch + 1), { timeoutMs: 30_000 });
    await s.world.sleep(2_000);
    const b = await s.client('b');
    await b.mon.command({ prefix: 'flag set', flag: 'noout' });
    t.true((await wait).flags.has('noout'));
    await t.throwsAsync(a.mon.waitForEpoch(epoch(999), { timeoutMs: 3_000 }), { code: 'ETIMEDOUT', message: /epoch 999/ });
    const abort = new AbortController();
    const cancelled = t.throwsAsync(a.mon.waitForEpoch(epoch(999), { timeoutMs: 3_000, signal: abort.signal }), { code: 'ECANCELED' });
    abort.abort();
    await cancelled;
  });
});

test('clients: announce themselves → status lists them; killed → no longer', async (t) => {
  const s = new Story('clients');
  await s.run(async () => {
    await s.startMon();
    const [a] = [await s.client('a'), await s.client('b')];
    const names = async (): Promise<string[]> => (await a.mon.command<ClusterStatus>({ prefix: 'status' })).clients.map(({ name }) => name);
    t.deepEqual(await names(), ['client.a', 'client.b']);
    s.world.node('b').crash();
    await s.world.sleep(100);
    t.deepEqual(await names(), ['client.a']);
  });
});

test('someone speaks for another → refused', async (t) => {
  const s = new Story('forged');
  await s.run(async () => {
    await s.startMon();
    const osd = await s.osd(0);
    const c = await s.client('c');
    const boot = { osd: 0, uuid: 'u0', instance: osd.instance, address: 'evil:1', host: 'h', totalBytes: 1, newestEpoch: 0 };
    await t.throwsAsync(c.mon.request('osdBoot', boot, { timeoutMs: 1_000 }), { code: 'EINVAL' });
    await t.throwsAsync(c.mon.request('osdBeacon', { osd: 0, instance: osd.instance }, { timeoutMs: 1_000 }), { code: 'EINVAL' });
    const nonsense = await new Follower(s.world.node('x').env, 'osd.x').start();
    await t.throwsAsync(nonsense.mon.request('pgCertify', { pg: '1.0', interval: 1, osds: [0] }, { timeoutMs: 1_000 }), { code: 'ESTALE' });
    await t.throwsAsync(c.mon.request('pgCertify', { pg: '1.0', interval: 1, osds: [0] }, { timeoutMs: 1_000 }), { code: 'ESTALE' });
    await t.throwsAsync(c.mon.request('mdsBeacon', { name: 'mds.a', instance: 5, address: 'x', state: 'standby' }, { timeoutMs: 1_000 }), {
      code: 'EINVAL',
    });
    await t.throwsAsync(c.mon.request('command', { command: '{' }, { timeoutMs: 1_000 }), { code: 'EINVAL' });
    t.is(s.mon.map.osds.get(osdId(0))?.address, 'osd.0:6800');
  });
});

test('a client pushes a map at a daemon, or something unreadable comes → disconnected, the map stays', async (t) => {
  const s = new Story('bad map');
  await s.run(async () => {
    await s.startMon();
    const osd = await s.osd(0);
    const before = osd.mon.map;
    for (const name of ['client.c', 'osd.7'] as const) {
      const peer = new Follower(s.world.node(name).env, name);
      const link = peer.messenger.link(entityName('osd', 0), 'osd.0:6800');
      await s.waitFor(() => link.session !== undefined);
      link.push('mapUpdate', { epoch: 999, baseEpoch: 0, full: Buffer.from('not a map') });
      await s.waitFor(() => link.session === undefined);
    }
    t.is(osd.mon.map, before);
  });
});

test('start: empty store, other cluster, bad name → one clear error; nothing is left open', async (t) => {
  const s = new Story('start');
  await s.run(async () => {
    const { env } = s.world.node('mon.a');
    const options = { name: 'a', fsid, listen: address, store: s.store, config: s.config };
    await t.throwsAsync(new Mon(env, { ...options, config: { ...s.config, bootstrap: false } }).start(), {
      code: 'EINVAL',
      message: /bootstrap = true/,
    });
    await s.startMon();
    await s.mon.stop();
    await s.mon.stop();
    const other = '00000000-1d0b-4a5b-9d0e-7d2a86c1b001';
    await t.throwsAsync(new Mon(env, { ...options, fsid: other }).start(), { code: 'EINVAL', message: /belongs to cluster 5a0b7f57/ });
    t.throws(() => new Mon(env, { ...options, name: 'a b' }), { code: 'EINVAL' });
    await s.startMon({ bootstrap: false });
    await t.throwsAsync(new Mon(env, options).start(), { code: 'EADDRINUSE' });
    await s.mon.stop();
  });
});

test('start: no fsid given → a new cluster gets one, and keeps it', async (t) => {
  const s = new Story('fsid');
  await s.run(async () => {
    const { env } = s.world.node('mon.a');
    const options = { name: 'mon.a', fsid: '', listen: 'mon.a:0', store: s.store, config: s.config };
    const first = new Mon(env, options);
    await first.start();
    const { fsid: made } = first.map;
    t.regex(made, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    await first.stop();
    const second = new Mon(env, options);
    await second.start();
    t.is(second.map.fsid, made);
    t.deepEqual(second.map.mons, [{ name: entityName('mon', 'a'), address: second.address }]);
    await second.stop();
  });
});
