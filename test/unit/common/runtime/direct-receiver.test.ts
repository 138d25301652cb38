import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import test from 'ava';
import { WebSocket, WebSocketServer } from 'ws';
import { DirectReceiver } from '../../../../common/runtime/node/direct-receiver.ts';
import { FramePool } from '../../../../common/runtime/node/frame-pool.ts';

const frameBytesMax = 1024 * 1024;

interface Pair {
  readonly far: WebSocket;
  readonly near: WebSocket;
  readonly socket: Socket;
  stop(): void;
}

/** A client `far`, and the server's end of the same connection. */
async function pair(): Promise<Pair> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const far = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, { perMessageDeflate: false });
  const [near, request] = (await once(server, 'connection')) as [WebSocket, { socket: Socket }];
  if (far.readyState !== WebSocket.OPEN) await once(far, 'open');
  return {
    far,
    near,
    socket: request.socket,
    stop: () => {
      far.terminate();
      near.terminate();
      server.close();
    },
  };
}

/** Takes over at the first message, which is not counted. */
async function takeOver({ far, near, socket }: Pair, onFrame: (frame: Buffer) => void): Promise<DirectReceiver | undefined> {
  far.send(Buffer.from('first'));
  return new Promise((resolve) => {
    near.once('message', () => resolve(DirectReceiver.takeOver(near, socket, { frameBytesMax, pool: new FramePool() }, onFrame)));
  });
}

test('direct receiver: this Node → takes over, and the library sees no frame any more', async (t) => {
  const ends = await pair();
  const frames: string[] = [];
  const receiver = await takeOver(ends, (frame) => frames.push(frame.toString()));
  t.true(receiver instanceof DirectReceiver);
  ends.near.on('message', () => t.fail('through the library'));
  for (const text of ['a', 'b', 'c']) ends.far.send(Buffer.from(text));
  ends.far.close(1000, 'done');
  const [code, reason] = (await once(ends.near, 'close')) as [number, Buffer];
  t.deepEqual(frames, ['a', 'b', 'c']);
  t.is(code, 1000);
  t.is(reason.toString(), 'done');
  ends.stop();
});

test('direct receiver: library paused → does not take over', async (t) => {
  const ends = await pair();
  ends.far.send(Buffer.from('first'));
  await new Promise<void>((resolve) => {
    ends.near.once('message', () => {
      ends.near.pause();
      t.is(
        DirectReceiver.takeOver(ends.near, ends.socket, { frameBytesMax, pool: new FramePool() }, () => undefined),
        undefined,
      );
      resolve();
    });
  });
  ends.stop();
});

test('direct receiver: a ping between frames → the library answers, and delivers what follows in order', async (t) => {
  const ends = await pair();
  const frames: string[] = [];
  await takeOver(ends, (frame) => frames.push(`direct ${frame.toString()}`));
  ends.near.on('message', (data: Buffer) => frames.push(`library ${data.toString()}`));
  ends.far.send(Buffer.from('1'));
  ends.far.ping('hello');
  ends.far.send(Buffer.from('2'));
  ends.far.send(Buffer.alloc(100_000, '3'));
  ends.far.send('text');
  const [answer] = (await once(ends.far, 'pong')) as [Buffer];
  t.is(answer.toString(), 'hello');
  ends.far.close(1000, 'done');
  await once(ends.near, 'close');
  t.deepEqual(frames, ['direct 1', 'library 2', `library ${'3'.repeat(100_000)}`, 'library text']);
  ends.stop();
});

test('direct receiver: onFrame throws → what it throws is not swallowed, the socket is destroyed, nothing follows', async (t) => {
  const ends = await pair();
  const frames: string[] = [];
  let resumed!: () => void;
  const receiver = await takeOver(ends, (frame) => {
    frames.push(frame.toString());
    if (frames.length === 1) resumed();
    else throw new Error('boom');
  });
  const atFirst = new Promise<void>((resolve) => (resumed = resolve));
  const thrown = new Promise<Error>((resolve) => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => {
      for (const listener of listeners) process.on('uncaughtException', listener);
      resolve(error);
    });
  });
  for (const text of ['1', '2', '3']) ends.far.send(Buffer.from(text));
  await atFirst;
  t.is((await thrown).message, 'boom');
  t.true(ends.socket.destroyed);
  await once(ends.near, 'close');
  receiver?.pause();
  receiver?.resume();
  t.deepEqual(frames, ['1', '2']);
  ends.stop();
});
