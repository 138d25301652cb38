import test from 'ava';
import { FsError } from '../../../../common/errors/fs-error.ts';
import type { Connection } from '../../../../common/runtime/network.ts';
import { SimWorld } from '../../../../common/runtime/sim/world.ts';

/** A run with a bit of everything, as its trace. */
async function traceOf(seed: number): Promise<string> {
  const world = new SimWorld({ seed, network: { jitterMs: 3, spikeProbability: 0.1, spikeMs: 20 } });
  const server = world.node('a').env;
  const listener = await server.network.listen('a:1', (connection) => {
    connection.setHandlers({ onFrame: (frame) => connection.send([frame]), onClose: () => undefined });
  });
  const client = world.node('b').env;
  await world.until(
    (async () => {
      const connection = await client.network.connect(listener.address, { timeoutMs: 1_000 });
      let left = 50;
      await new Promise<void>((resolve) => {
        connection.setHandlers({
          onFrame: () => {
            left -= 1;
            if (left === 0) resolve();
            else client.clock.setTimer(client.random.below(5), () => connection.send([client.random.bytes(10)]));
          },
          onClose: () => undefined,
        });
        connection.send([Buffer.from('go')]);
      });
    })(),
  );
  return world.traceHash;
}

test('world: same seed → same trace; another seed → another', async (t) => {
  const first = await traceOf(1);
  const second = await traceOf(1);
  const other = await traceOf(2);
  t.is(first, second);
  t.not(first, other);
});

test('world: events of one instant → in the order they were scheduled, promise jobs of each before the next', async (t) => {
  const world = new SimWorld({ seed: 1 });
  const order: string[] = [];
  const { clock } = world.node('a').env;
  for (const name of ['1', '2']) {
    clock.setTimer(5, () => {
      order.push(name);
      void (async () => {
        for (let i = 0; i < 10; i += 1) await Promise.resolve();
        order.push(`${name} done`);
      })();
    });
  }
  clock.setTimer(1, () => order.push('0'));
  await world.advance(10);
  t.deepEqual(order, ['0', '1', '1 done', '2', '2 done']);
});

test('world: waiting for what never comes → fails with what was awaited; a loop → hits the step limit', async (t) => {
  const world = new SimWorld({ seed: 1, stepsMax: 500 });
  await t.throwsAsync(world.until(new Promise(() => undefined), { what: 'the reply' }), { message: /the reply/ });
  const { clock } = world.node('a').env;
  const loop = (): void => clock.defer(loop);
  loop();
  await t.throwsAsync(world.advance(1), { message: /500 steps/ });
});

test('world: an unexpected error in a log, or a broken invariant in the background → fails the run', async (t) => {
  const world = new SimWorld({ seed: 1, logs: { expectedErrors: [/known trouble/] } });
  const { clock, log } = world.node('a').env;
  clock.setTimer(1, () => log.error({}, 'known trouble'));
  await world.advance(2);
  clock.setTimer(1, () => log.error({ pg: '1.0' }, 'surprise'));
  await t.throwsAsync(world.advance(2), { message: /surprise.*pg=1\.0/ });
  const other = new SimWorld({ seed: 1 });
  other.node('b').env.spawn('scrub', () => Promise.reject(new Error('boom')));
  await t.throwsAsync(other.advance(1), { message: /broken invariant in scrub: boom/ });
});

test('node: crash → its timers and disk operations never happen, peers see the connection lost, connects are refused', async (t) => {
  const world = new SimWorld({ seed: 1 });
  const node = world.node('a');
  const { env } = node;
  const ran: string[] = [];
  env.clock.setTimer(5, () => ran.push('timer'));
  const address = (
    await env.network.listen('a:1', (connection) => connection.setHandlers({ onFrame: () => undefined, onClose: () => undefined }))
  ).address;
  void env.disk.open('/x', { create: true }).then(() => ran.push('disk'));
  const peer = world.node('b').env;
  const connection = await world.until(peer.network.connect(address, { timeoutMs: 100 }));
  const closed = new Promise<string>((resolve) => connection.setHandlers({ onFrame: () => undefined, onClose: resolve }));
  ran.length = 0;
  node.crash();
  t.is(await world.until(closed), 'connection lost');
  const error = await t.throwsAsync(world.until(peer.network.connect(address, { timeoutMs: 100 })), { instanceOf: FsError });
  t.is(error.code, 'ECONNREFUSED');
  await world.advance(20);
  t.deepEqual(ran, []);
  const next = node.boot();
  next.clock.setTimer(1, () => ran.push('next life'));
  env.clock.setTimer(1, () => ran.push('ghost'));
  await world.advance(5);
  t.deepEqual(ran, ['next life']);
});

test('node: its machine dies → peers hear nothing, connects time out', async (t) => {
  const world = new SimWorld({ seed: 1 });
  const address = (await world.node('a').env.network.listen('a:1', () => undefined)).address;
  world.node('a').crash({ machine: true });
  const error = await t.throwsAsync(world.until(world.node('b').env.network.connect(address, { timeoutMs: 100 })), { instanceOf: FsError });
  t.is(error.code, 'ETIMEDOUT');
});

test('node: paused → nothing runs; resumed → what came due runs, in order', async (t) => {
  const world = new SimWorld({ seed: 1 });
  const node = world.node('a');
  const order: number[] = [];
  for (const ms of [3, 1, 2]) node.env.clock.setTimer(ms, () => order.push(ms));
  node.pause();
  await world.advance(10);
  t.deepEqual(order, []);
  node.resume();
  await world.advance(1);
  t.deepEqual(order, [1, 2, 3]);
});

async function connected(world: SimWorld): Promise<{ near: Connection; got: string[] }> {
  const got: string[] = [];
  const { address } = await world
    .node('a')
    .env.network.listen('a:1', (connection) =>
      connection.setHandlers({ onFrame: (frame) => got.push(frame.toString()), onClose: (reason) => got.push(`closed: ${reason}`) }),
    );
  const near = await world.until(world.node('b').env.network.connect(address, { timeoutMs: 100 }));
  near.setHandlers({ onFrame: () => undefined, onClose: () => undefined });
  return { near, got };
}

test('network: partition → nothing passes, also one way; healed → it arrives, in order', async (t) => {
  const world = new SimWorld({ seed: 1 });
  const { near, got } = await connected(world);
  const heal = world.fabric.partition(['b'], ['a'], { oneWay: true });
  near.send([Buffer.from('1')]);
  near.send([Buffer.from('2')]);
  await world.advance(500);
  t.deepEqual(got, []);
  heal();
  near.send([Buffer.from('3')]);
  await world.advance(5);
  t.deepEqual(got, ['1', '2', '3']);
});

test('network: process dies behind a partition → its peers learn of it when the partition heals', async (t) => {
  const world = new SimWorld({ seed: 1 });
  const { got } = await connected(world);
  world.fabric.partition(['b'], ['a']);
  world.node('b').crash();
  await world.advance(500);
  t.deepEqual(got, []);
  world.fabric.heal();
  await world.advance(5);
  t.deepEqual(got, ['closed: connection lost']);
});

test('network: jitter → never reorders one connection; reset → both ends learn of it', async (t) => {
  const world = new SimWorld({ seed: 3, network: { jitterMs: 50, spikeProbability: 0.3, spikeMs: 200 } });
  const { near, got } = await connected(world);
  const numbers = Array.from({ length: 100 }, (_, i) => String(i));
  for (const number of numbers) near.send([Buffer.from(number)]);
  await world.advance(5_000);
  t.deepEqual(got, numbers);
  world.fabric.reset('a', 'b');
  await world.advance(5);
  t.is(got.at(-1), 'closed: connection reset');
});

test('network: a frame given back → is spoilt; while it is still being sent on → the run fails', async (t) => {
  const world = new SimWorld({ seed: 1 });
  const { env } = world.node('a');
  const listener = await env.network.listen('a:1', (connection) => {
    connection.setHandlers({
      onFrame: (frame) => {
        if (frame.toString() === 'sent on') connection.send([frame.subarray(2)]);
        env.network.giveBack([frame]);
        if (frame.toString() !== 'sent on') t.deepEqual([...new Set(frame)], [0xdb]);
      },
      onClose: () => undefined,
    });
  });
  const connection = await world.until(world.node('b').env.network.connect(listener.address, { timeoutMs: 1_000 }));
  connection.setHandlers({ onFrame: () => undefined, onClose: () => undefined });
  connection.send([Buffer.from('looked at')]);
  await world.advance(5);
  connection.send([Buffer.from('sent on')]);
  await t.throwsAsync(world.advance(5), { message: /a has given back a frame that it is still sending/ });
});

test('disk: synced → survives a crash; not synced → each write kept, lost or torn; same seed → same outcome', async (t) => {
  const contents = async (seed: number): Promise<string> => {
    const world = new SimWorld({ seed });
    const node = world.node('a');
    await world.until(
      (async () => {
        const file = await node.env.disk.open('/data/x', { create: true });
        await file.write(0, [Buffer.alloc(2_048, 'a')]);
        await file.sync();
        await file.write(0, [Buffer.alloc(1_024, 'b')]);
        await file.write(4_096, [Buffer.from('c')]);
        await file.truncate(4_000);
      })(),
    );
    node.crash();
    const { disk } = node.boot();
    const bytes = await world.until(disk.open('/data/x', { create: false }).then((file) => file.read(0, 10_000)));
    return bytes.toString('latin1');
  };
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 40; seed += 1) {
    const found = await contents(seed);
    t.is(found, await contents(seed));
    t.is(found.slice(1_024, 2_048), 'a'.repeat(1_024));
    outcomes.add(`${found.length} ${found.slice(0, 1_024).replaceAll(/(.)\1*/g, '$1')}`);
  }
  t.true(outcomes.size >= 4, [...outcomes].join(', '));
});

test('network: a machine that died and is back → resets what it does not know', async (t) => {
  const world = new SimWorld({ seed: 1 });
  const { near } = await connected(world);
  const closed = new Promise<string>((resolve) => near.setHandlers({ onFrame: () => undefined, onClose: resolve }));
  world.node('a').crash({ machine: true });
  near.send([Buffer.from('lost')]);
  await world.advance(100);
  world.node('a').boot();
  near.send([Buffer.from('anybody?')]);
  t.is(await world.until(closed), 'connection reset');
});
