import { connect } from 'node:net';
import test from 'ava';
import { NodeNetwork } from '../../../../common/runtime/node/network.ts';

const mib = 1024 * 1024;
const sentMib = 64;
/** What the kernel may hold of a connection besides what is read. */
const kernelMib = 24;
const handshake = [
  'GET / HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
/** Masks of zeros; the second says 64 MiB. */
const smallFrame = Buffer.from('828300000000616263', 'hex');
const largeFrame = Buffer.from('82ff000000000400000000000000', 'hex');
/** "message too big", RFC 6455 §7.4.1. */
const closeFrame = Buffer.from('880203f1', 'hex');

for (const before of [0, 2])
  test(`network: a frame that is too large, after ${before} others → refused, the peer hears why, the rest of it is not read`, async (t) => {
    const frames: string[] = [];
    let finish!: (reason: string) => void;
    const closed = new Promise<string>((resolve) => (finish = resolve));
    const listener = await new NodeNetwork({ frameBytesMax: mib }).listen('127.0.0.1:0', (connection) =>
      connection.setHandlers({ onFrame: (frame) => frames.push(Buffer.from(frame).toString()), onClose: finish }),
    );
    const peer = connect(Number(listener.address.split(':').at(-1)), '127.0.0.1');
    t.teardown(async () => {
      peer.destroy();
      await listener.close();
    });
    const answers: Buffer[] = [];
    peer.on('data', (bytes) => answers.push(bytes));
    peer.on('error', () => undefined);
    const ended = new Promise((resolve) => peer.once('close', resolve));
    let takenMib = 0;
    peer.write(`${handshake.join('\r\n')}\r\n\r\n`);
    for (let n = 0; n < before; n++) peer.write(smallFrame);
    peer.write(largeFrame);
    for (let n = 0; n < sentMib; n++)
      peer.write(Buffer.alloc(mib), (error) => {
        if (!(error instanceof Error)) takenMib++;
      });
    t.regex(await closed, /payload/i);
    await ended;
    t.deepEqual(frames, new Array(before).fill('abc'));
    t.true(Buffer.concat(answers).includes(closeFrame));
    t.true(takenMib <= kernelMib, `${takenMib} MiB were taken`);
  });
