import test from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import type { Connection } from '../../common/runtime/network.ts';
import { networks, type TwoEnds } from '../support/networks.ts';

/** A connection that records what happens to it. */
interface Recorded {
  readonly connection: Connection;
  readonly frames: Buffer[];
  readonly closed: Promise<string>;
  frame(count: number): Promise<void>;
  drained: number;
}

function record(connection: Connection): Recorded {
  const frames: Buffer[] = [];
  let wake: () => void = () => undefined;
  let end!: (reason: string) => void;
  const closed = new Promise<string>((resolve) => {
    end = resolve;
  });
  const recorded: Recorded = {
    connection,
    frames,
    closed,
    drained: 0,
    async frame(count) {
      while (frames.length < count) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
  connection.setHandlers({
    onFrame: (frame) => {
      frames.push(frame);
      wake();
    },
    onClose: (reason) => end(reason),
    onDrain: () => {
      recorded.drained += 1;
    },
  });
  return recorded;
}

async function pair(ends: TwoEnds): Promise<{ near: Recorded; far: Recorded; stop(): Promise<void> }> {
  let accept!: (connection: Recorded) => void;
  const accepted = new Promise<Recorded>((resolve) => (accept = resolve));
  const listener = await ends.a.network.listen(ends.listenAddress, (connection) => accept(record(connection)));
  const near = record(await ends.b.network.connect(listener.address, { timeoutMs: 60_000 }));
  const far = await accepted;
  return {
    near,
    far,
    stop: async () => {
      near.connection.close('test over');
      far.connection.close('test over');
      await listener.close();
    },
  };
}

for (const network of networks) {
  const { name } = network;
  const run: typeof network.run = (body) => network.run(body);
  test(`${name}: frames sent → arrive whole, in order, empty ones too`, (t) =>
    run(async (ends) => {
      const { near, far, stop } = await pair(ends);
      const sent = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(300_000, 7), new Uint8Array([1, 2, 3])];
      near.connection.send(sent);
      near.connection.send([Buffer.from('last')]);
      far.connection.send([Buffer.from('back')]);
      await far.frame(5);
      await near.frame(1);
      t.deepEqual(
        far.frames.map((frame) => frame.length),
        [3, 0, 300_000, 3, 4],
      );
      t.true(far.frames[2]?.equals(sent[2] as Buffer));
      t.is(near.frames[0]?.toString(), 'back');
      await stop();
    }));

  test(`${name}: peer closes with a reason → heard once, sends afterwards are dropped`, (t) =>
    run(async (ends) => {
      const { near, far, stop } = await pair(ends);
      near.connection.send([Buffer.from('before')]);
      near.connection.close('had enough');
      t.is(await near.closed, 'had enough');
      t.is(await far.closed, 'had enough');
      t.is(far.frames.length, 1);
      near.connection.send([Buffer.from('after')]);
      far.connection.send([Buffer.from('after')]);
      far.connection.close('again');
      await ends.sleep(20);
      t.is(far.frames.length, 1);
      await stop();
    }));

  test(`${name}: nobody listens → ECONNREFUSED, safe to retry`, (t) =>
    run(async (ends) => {
      const listener = await ends.a.network.listen(ends.listenAddress, () => undefined);
      await listener.close();
      const error = await t.throwsAsync(ends.b.network.connect(listener.address, { timeoutMs: 60_000 }), { instanceOf: FsError });
      t.is(error.code, 'ECONNREFUSED');
      t.is(error.retry, 'safe');
    }));

  test(`${name}: address in use → EADDRINUSE`, (t) =>
    run(async (ends) => {
      const listener = await ends.a.network.listen(ends.listenAddress, () => undefined);
      const error = await t.throwsAsync(
        ends.a.network.listen(listener.address, () => undefined),
        { instanceOf: FsError },
      );
      t.is(error.code, 'EADDRINUSE');
      await listener.close();
    }));

  test(`${name}: connect aborted → ECANCELED`, (t) =>
    run(async (ends) => {
      const listener = await ends.a.network.listen(ends.listenAddress, (connection) => record(connection));
      const abort = new AbortController();
      const connecting = ends.b.network.connect(listener.address, { timeoutMs: 60_000, signal: abort.signal });
      abort.abort();
      const error = await t.throwsAsync(connecting, { instanceOf: FsError });
      t.is(error.code, 'ECANCELED');
      await listener.close();
    }));

  test(`${name}: receiver pauses → sender's buffer grows; resumes → it drains and all arrives`, (t) =>
    run(async (ends) => {
      const { near, far, stop } = await pair(ends);
      far.connection.pause();
      const frame = Buffer.alloc(1024 * 1024);
      for (let i = 0; i < 32; i += 1) near.connection.send([frame]);
      await ends.sleep(50);
      t.true(near.connection.bufferedBytes > 8 * 1024 * 1024, 'backpressure reaches the sender');
      t.true(far.frames.length < 32);
      far.connection.resume();
      await far.frame(32);
      await ends.eventually(() => near.connection.bufferedBytes === 0 && near.drained > 0);
      await stop();
    }));

  test(`${name}: an address without a port → EINVAL`, (t) =>
    run(async (ends) => {
      const error = await t.throwsAsync(
        ends.a.network.listen('localhost', () => undefined),
        { instanceOf: FsError },
      );
      t.is(error.code, 'EINVAL');
    }));
}
