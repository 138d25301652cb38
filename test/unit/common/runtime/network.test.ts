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
/** Masks of zeros; the last says 64 MiB. */
const smallFrame = Buffer.from('828300000000616263', 'hex');
const textFrame = Buffer.from('818300000000616263', 'hex');
const largeFrame = Buffer.from('82ff000000000400000000000000', 'hex');
/** A frame of 1 MiB. What follows one that is too large is taken for more of it. */
const mibFrame = Buffer.concat([Buffer.from('82ff000000000010000000000000', 'hex'), Buffer.alloc(mib)]);
/** Close frames begin so, RFC 6455 §7.4.1: "message too big", and our own reason. */
const tooBig = Buffer.from('880203f1', 'hex');
const normal = Buffer.from('882203e870726f746f636f6c', 'hex');

for (const [what, before, refused, reason, answer] of [
  ['a frame that is too large', 0, largeFrame, /payload/i, tooBig],
  ['a frame that is too large, after others', 2, largeFrame, /payload/i, tooBig],
  ['text', 0, textFrame, /a text frame/, normal],
] as const)
  test(`network: ${what} → refused, the peer hears why, and what follows is not read`, async (t) => {
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
    peer.write(refused);
    for (let n = 0; n < sentMib; n++)
      peer.write(mibFrame, (error) => {
        if (!(error instanceof Error)) takenMib++;
      });
    t.regex(await closed, reason);
    await ended;
    t.deepEqual(frames, new Array(before).fill('abc'));
    t.true(Buffer.concat(answers).includes(answer));
    t.true(takenMib <= kernelMib, `${takenMib} MiB were taken`);
  });
