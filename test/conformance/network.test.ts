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

/** The same numbers in [0, 1) for the same seed (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
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

  test(`${name}: frames given back, some twice → those to come are whole, those kept stay as they are`, (t) =>
    run(async (ends) => {
      const { near, far, stop } = await pair(ends);
      const sent = Array.from({ length: 24 }, (_, index) => Buffer.alloc(index % 3 === 0 ? 1_000 : 200_000 + index, 65 + index));
      const kept: number[] = [];
      for (const [index, frame] of sent.entries()) {
        near.connection.send([frame]);
        await far.frame(index + 1);
        const received = far.frames[index] as Buffer;
        t.true(received.equals(frame));
        if (index % 4 === 0) kept.push(index);
        else for (const each of [[received], [received, frame]]) ends.a.network.giveBack(each);
      }
      for (const index of kept) t.true(far.frames[index]?.equals(sent[index] as Buffer), `frame ${index}`);
      for (const [index, frame] of sent.entries()) t.is(frame[0], 65 + index, 'the sender has its own');
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

  test(`${name}: pauses and resumes amid bursts of frames of all sizes → order and content kept, nothing while paused`, (t) =>
    run(async (ends) => {
      for (const seed of [1, 2, 3]) {
        const { near, far, stop } = await pair(ends);
        const random = numbers(seed);
        const sizes = Array.from({ length: 60 }, () => (random() < 0.2 ? 0 : Math.floor(2 ** (random() * 22))));
        sizes.push(4 * 1024 * 1024, 0, 4 * 1024 * 1024, 1);
        const sent = sizes.map((size, index) => Buffer.alloc(size, Buffer.from(`${index} ${seed};`)));
        const received: Buffer[] = [];
        let paused = false;
        let whilePaused = 0;
        let inside = false;
        let reentered = 0;
        const resume = (): void => {
          paused = false;
          inside = true;
          far.connection.resume();
          inside = false;
        };
        const closed = new Promise<string>((resolve) => {
          far.connection.setHandlers({
            onFrame: (frame) => {
              if (inside) reentered += 1;
              // At the very first pause the library may have read more.
              if (paused && received.length > 1) whilePaused += 1;
              received.push(frame);
              const dice = random();
              if (dice < 0.5) return;
              far.connection.pause();
              paused = true;
              if (dice < 0.6) resume();
              else void ends.sleep(Math.floor(random() * 3)).then(resume);
            },
            onClose: resolve,
          });
        });
        near.connection.send(sent.slice(0, 1));
        await ends.eventually(() => received.length === 1);
        for (let at = 1; at < sent.length; at += 8) near.connection.send(sent.slice(at, at + 8));
        near.connection.close('that was all');
        t.is(await closed, 'that was all');
        t.is(received.length, sent.length);
        t.true(
          received.every((frame, index) => frame.equals(sent[index] as Buffer)),
          'order and content',
        );
        if (name === 'sockets') t.is(whilePaused, 0);
        t.is(reentered, 0, 'resume delivers nothing before it returns');
        await stop();
      }
    }));

  test(`${name}: pauses at the first frame, all others behind it → nothing comes until it resumes, then all in order`, (t) =>
    run(async (ends) => {
      const { near, far, stop } = await pair(ends);
      const received: string[] = [];
      far.connection.setHandlers({
        onFrame: (frame) => {
          received.push(`${frame.length}:${frame.subarray(0, 2).toString()}`);
          if (received.length === 1) far.connection.pause();
        },
        onClose: (reason) => received.push(reason),
      });
      near.connection.send([Buffer.alloc(100_000, '0.')]);
      await ends.eventually(() => received.length === 1);
      for (let index = 1; index < 6; index += 1) {
        near.connection.send([Buffer.alloc(index * 100_000, `${index}.`)]);
        await ends.sleep(5);
      }
      t.is(received.length, 1);
      far.connection.resume();
      await ends.eventually(() => received.length === 6);
      near.connection.close('enough');
      await ends.eventually(() => received.length === 7);
      t.deepEqual(received, ['100000:0.', '100000:1.', '200000:2.', '300000:3.', '400000:4.', '500000:5.', 'enough']);
      far.connection.pause();
      far.connection.resume();
      await stop();
    }));

  test(`${name}: closed inside onFrame, and while paused with more to come → nothing follows, the peer hears why`, (t) =>
    run(async (ends) => {
      for (const pause of [false, true]) {
        const { near, far, stop } = await pair(ends);
        const heard: string[] = [];
        far.connection.setHandlers({
          onFrame: (frame) => {
            heard.push(frame.toString());
            if (heard.length < 3) return;
            if (pause) {
              far.connection.pause();
              void ends.sleep(5).then(() => far.connection.close('three is enough'));
            } else far.connection.close('three is enough');
          },
          onClose: (reason) => heard.push(reason),
        });
        near.connection.send([Buffer.from('1')]);
        await ends.eventually(() => heard.length === 1);
        near.connection.send(['2', '3', '4', '5'].map((text) => Buffer.from(text)));
        t.is(await near.closed, 'three is enough');
        await ends.sleep(10);
        // The simulation delivers what was under way when the pause came.
        if (pause && name === 'simulation') t.deepEqual([...heard.slice(0, 3), heard.at(-1)], ['1', '2', '3', 'three is enough']);
        else t.deepEqual(heard, ['1', '2', '3', 'three is enough']);
        await stop();
      }
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
