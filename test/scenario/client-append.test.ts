import test from 'ava';
import { calmNetwork } from '../../common/runtime/sim/network.ts';
import { Prng } from '../../common/runtime/sim/prng.ts';
import type { Paths } from '../../fuse-client/client/paths.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { tell } from '../support/tell.ts';

const records = 25;
const headerBytes = 16;

/** A record that shows whether it is whole: who wrote it, which of theirs it is, its length, and a filling that follows from these. */
function recordOf(writer: number, number: number, length: number): Buffer {
  const bytes = Buffer.alloc(headerBytes + length, (writer * 31 + number) & 0xff);
  bytes.write('rec!', 0, 'latin1');
  for (const [i, value] of [writer, number, length].entries()) bytes.writeUInt32LE(value, 4 + 4 * i);
  return bytes;
}

/** What a file of records holds, by writer, in its order. Throws where a record is torn or something lies between. */
function parse(bytes: Buffer): Map<number, number[]> {
  const byWriter = new Map<number, number[]>();
  for (let at = 0; at < bytes.length;) {
    const [writer, number, length] = [4, 8, 12].map((offset) => bytes.readUInt32LE(at + offset)) as [number, number, number];
    const end = at + headerBytes + length;
    if (!bytes.subarray(at, end).equals(recordOf(writer, number, length))) throw new Error(`no whole record at ${at} of ${bytes.length}`);
    const numbers = byWriter.get(writer);
    if (numbers === undefined) byWriter.set(writer, [number]);
    else numbers.push(number);
    at = end;
  }
  return byWriter;
}

interface Writer {
  readonly id: number;
  /** Records whose write returned. */
  acknowledged: number;
}

async function appendAll(paths: Paths, writer: Writer, random: Prng, pause: () => Promise<void>): Promise<void> {
  const file = await paths.open('/log', 'a');
  for (let number = 0; number < records; number++) {
    await file.write(recordOf(writer.id, number, random.below(10) === 0 ? random.below(700_000) : random.below(300)));
    writer.acknowledged = number + 1;
    if (random.below(3) === 0) await pause();
  }
  await file.close();
}

interface Appending {
  readonly writers: readonly Writer[];
  /** Hosts whose writers are not done. */
  readonly live: ReadonlySet<string>;
  /** By host: resolves when its writers are done. */
  readonly done: ReadonlyMap<string, Promise<void>>;
}

const hosts = ['a', 'b', 'c'];

/** Two writers on each host, whose kernel holds up recalls. */
function appendFromAll(cluster: SimCluster, seed: number): Appending {
  const writers: Writer[] = [];
  const live = new Set(hosts);
  const run = async (host: string, at: number): Promise<void> => {
    const mine = [0, 1].map((part) => ({ id: at * 10 + part, acknowledged: 0 }));
    writers.push(...mine);
    const { filesystem, paths } = await cluster.connect(host);
    const random = new Prng(`append ${host} ${seed}`);
    const sleep = (): Promise<void> => cluster.world.sleep(random.below(20));
    filesystem.setInvalidator({ invalidateInode: sleep, invalidateEntry: sleep });
    await Promise.all(mine.map((writer) => appendAll(paths, writer, new Prng(`writer ${writer.id} ${seed}`), sleep)));
    live.delete(host);
  };
  return { writers, live, done: new Map(hosts.map((host, at) => [host, run(host, at)])) };
}

async function contents(cluster: SimCluster): Promise<Map<number, number[]>> {
  const { paths } = await cluster.connect('reader');
  return parse(await paths.readFile('/log'));
}

const everyRecord = [...Array(records).keys()];
const seeds = process.env['APPEND_SEEDS']?.split(',').map(Number) ?? [6, 21];
for (const seed of seeds) {
  test(`append: writers on three hosts at once (${seed}) → every record once, whole, each writer's in order`, async (t) => {
    await tell(seed, async (cluster) => {
      const { writers, done } = appendFromAll(cluster, seed);
      await Promise.all(done.values());
      const found = await contents(cluster);
      for (const { id } of writers) t.deepEqual(found.get(id), everyRecord, `writer ${id}`);
    });
  });

  test(`append: connections break, MDS and OSDs crash meanwhile (${seed}) → the same`, async (t) => {
    await tell(seed, async (cluster) => {
      const { world } = cluster;
      const random = new Prng(`crashes ${seed}`);
      const { writers, live, done } = appendFromAll(cluster, seed);
      world.fabric.faults = { ...calmNetwork, resetProbability: 0.003 };
      while (live.size > 0) {
        await world.sleep(50 + random.below(3_000));
        const name = random.below(2) === 0 ? 'mds.a' : `osd.${random.below(3)}`;
        cluster.crash(name);
        await world.sleep(random.below(1_000));
        await cluster.boot(name);
      }
      world.fabric.faults = calmNetwork;
      await Promise.all(done.values());
      const found = await contents(cluster);
      for (const { id } of writers) t.deepEqual(found.get(id), everyRecord, `writer ${id}`);
    });
  });

  test(`append: a host dies in the midst of it (${seed}) → what it had appended is whole, the others lose nothing`, async (t) => {
    await tell(seed, async (cluster) => {
      const { world } = cluster;
      const random = new Prng(`deaths ${seed}`);
      const { writers, done } = appendFromAll(cluster, seed);
      await world.sleep(100 + random.below(1_000));
      cluster.crashClient('c');
      await Promise.all([done.get('a'), done.get('b')]);
      const found = await contents(cluster);
      for (const { id, acknowledged } of writers) {
        const numbers = found.get(id) ?? [];
        t.deepEqual(numbers, everyRecord.slice(0, numbers.length), `writer ${id}`);
        if (id < 20) t.is(numbers.length, records);
        // One that was on its way when it died may be there.
        else t.true(numbers.length <= acknowledged + 1);
      }
    });
  });
}

test('append: stored through a mapping, by a handle that appends → where it was stored, alone and beside others', async (t) => {
  await tell(11, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const who = { uid: 0, gid: 0, groups: [], pid: 1 };
    const file = await a.paths.open('/log', 'a+');
    await file.write(Buffer.from('0123456789'));
    const store = (text: string, at: number): unknown =>
      a.filesystem.write(who, file.handle, at, Buffer.from(text), { killSetId: false, fromPages: true });
    await store('AB', 2);
    t.is((await a.paths.readFile('/log')).toString(), '01AB456789');
    const other = await b.paths.open('/log', 'r+');
    await store('CD', 6);
    await file.write(Buffer.from('end'));
    t.is((await other.read(100, 0)).toString(), '01AB45CD89end');
  });
});

test('append: a host and the MDS die when another has added behind what that host had → both records are whole, one behind the other', async (t) => {
  await tell(
    41,
    async (cluster) => {
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      const [first, second] = [await a.paths.open('/log', 'a'), await b.paths.open('/log', 'a')];
      for (const [number, file] of [first, second].entries()) await file.write(recordOf(number, 0, 100));
      await b.paths.sync();
      await first.write(recordOf(0, 1, 5_000));
      await second.write(recordOf(1, 1, 100));
      cluster.crash('mds.a');
      cluster.crashClient('a');
      await cluster.boot('mds.a');
      const looker = await cluster.connect('c');
      const found = parse(await looker.paths.readFile('/log'));
      t.deepEqual([...found.entries()].sort(), [
        [0, [0, 1]],
        [1, [0, 1]],
      ]);
      t.is((await looker.paths.stat('/log')).blocks, 16);
      await second.write(recordOf(1, 2, 10));
      t.deepEqual(parse(await looker.paths.readFile('/log')).get(1), [0, 1, 2]);
    },
    { mdsConfig: { sessionLeaseMs: 2_000, reconnectMs: 2_000 } },
  );
});
