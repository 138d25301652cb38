import { connect as connectSocket, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { WebSocket } from 'ws';
import { entityName, instanceId } from '../../common/maps/ids.ts';
import { bodyKind, encodeEnvelope, encodeErrorEnvelope, decodeEnvelope } from '../../common/wire/codec.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import type { WireLimits } from '../../common/wire/limits.ts';
import { WireMessenger } from '../../common/wire/messenger.ts';
import { networks, type TwoEnds } from '../support/networks.ts';

const mon = entityName('mon', 'a');
const client = entityName('client', 'x');
const fsid = '5f0c7a52-0000-4000-8000-000000000001';
const head = { id: 0, payloadFrames: 0, deadlineMs: 0, epoch: 0 };
const goodHello = { protocol: 1, fsid, entity: client, instance: 9 };
const hello = (fields: object = {}): Buffer => encodeEnvelope(head, bodyKind('push', 'hello'), { ...goodHello, ...fields });
const command = (id: number, fields: object = {}): Buffer =>
  encodeEnvelope({ ...head, id, ...fields }, bodyKind('request', 'command'), { command: 'x' });

async function withServer(
  ends: TwoEnds,
  limits: Partial<WireLimits>,
  body: (address: string, server: WireMessenger) => Promise<void>,
): Promise<void> {
  const server = new WireMessenger(ends.a, { entity: mon, instance: instanceId(1), fsid, limits });
  server.handle('command', ({ message }) => ({ message: { result: message.command } }));
  await body(await server.listen(ends.listenAddress), server);
  await server.stop();
}

/** It still serves others. */
async function assertServing(t: ExecutionContext, ends: TwoEnds, address: string): Promise<void> {
  const good = new WireMessenger(ends.b, { entity: client, instance: instanceId(2), fsid });
  const { message } = await good.link(mon, address).request('command', { command: 'fine' }, { timeoutMs: 60_000 });
  t.is(message.result, 'fine');
  await good.stop();
}

function assertLogged(t: ExecutionContext, ends: TwoEnds, reason: RegExp): void {
  const reasons = ends
    .logOf(ends.a)
    .filter(({ level }) => level === 'warn')
    .map(({ fields }) => String(fields['reason']));
  t.true(
    reasons.some((text) => reason.test(text)),
    `logged: ${reasons.join(' | ')}`,
  );
  t.false(ends.logOf(ends.a).some(({ level }) => level === 'error'));
}

interface BadPeer {
  readonly what: string;
  readonly frames: readonly Uint8Array[];
  readonly reason: RegExp;
  readonly limits?: Partial<WireLimits>;
}

const badPeers: readonly BadPeer[] = [
  { what: 'garbage instead of a hello', frames: [Buffer.alloc(100, 0xff)], reason: /malformed/ },
  { what: 'an empty frame', frames: [Buffer.alloc(0)], reason: /not a hello/ },
  { what: 'a request before the hello', frames: [command(1)], reason: /not a hello/ },
  { what: 'another protocol version', frames: [hello({ protocol: 99 })], reason: /protocol version 99/ },
  { what: 'another cluster', frames: [hello({ fsid: 'elsewhere' })], reason: /elsewhere/ },
  { what: 'no cluster, and not a client', frames: [hello({ fsid: '', entity: 'osd.1' })], reason: /cluster \(none\)/ },
  { what: 'an entity that is none', frames: [hello({ entity: 'toaster.1' })], reason: /valid entity name/ },
  { what: 'an instance of zero', frames: [hello({ instance: 0 })], reason: /valid entity name and instance/ },
  { what: 'silence', frames: [], reason: /no handshake within/, limits: { handshakeMs: 500 } },
  { what: 'a second hello', frames: [hello(), hello()], reason: /second hello/ },
  { what: 'garbage after the hello', frames: [hello(), Buffer.from('GET / HTTP/1.1')], reason: /malformed|kind unknown/ },
  {
    what: 'an envelope above the limit',
    frames: [hello(), Buffer.alloc(5_000)],
    reason: /envelope of 5000 bytes/,
    limits: { envelopeBytes: 4_096 },
  },
  {
    what: 'too many payload frames announced',
    frames: [hello(), command(1, { payloadFrames: 1_000_000_000 })],
    reason: /payload frames announced/,
  },
  {
    what: 'a payload frame above the limit',
    frames: [hello(), command(1, { payloadFrames: 1 }), Buffer.alloc(2_000)],
    reason: /payload frame of 2000/,
    limits: { payloadFrameBytes: 1_000 },
  },
  {
    what: 'payload above the limit of a message',
    frames: [hello(), command(1, { payloadFrames: 3 }), Buffer.alloc(900), Buffer.alloc(900)],
    reason: /payload bytes/,
    limits: { payloadBytes: 1_000, envelopeBytes: 500 },
  },
  { what: 'a request without an id', frames: [hello(), command(0)], reason: /without an id/ },
  {
    what: 'a reply to nothing',
    frames: [hello(), encodeEnvelope({ ...head, id: 4 }, bodyKind('reply', 'command'), {})],
    reason: /never sent/,
  },
  {
    what: 'an error without an id',
    frames: [hello(), encodeErrorEnvelope(head, new FsError('EIO', 'whatever'))],
    reason: /the peer reports/,
  },
  { what: 'a body from the future', frames: [hello(), Buffer.from('0807fa3e03010203', 'hex')], reason: /kind unknown/ },
];

for (const network of networks) {
  const { name } = network;
  const run: typeof network.run = (body) => network.run(body);
  for (const { what, frames, reason, limits } of badPeers) {
    test(`${name}: peer sends ${what} → disconnected with a logged reason, others are served`, (t) =>
      run((ends) =>
        withServer(ends, limits ?? {}, async (address, server) => {
          const connection = await ends.b.network.connect(address, { timeoutMs: 60_000 });
          const received: Buffer[] = [];
          const closed = new Promise<string>((resolve) =>
            connection.setHandlers({ onFrame: (frame) => received.push(frame), onClose: resolve }),
          );
          for (const frame of frames) connection.send([frame]);
          t.truthy(await closed);
          assertLogged(t, ends, reason);
          t.is(server.sessions.size, 0);
          if (/cluster|version/.test(what)) t.regex(decodeEnvelope(received[0] as Buffer).error?.message ?? '', reason);
          if (limits?.envelopeBytes === undefined) await assertServing(t, ends, address);
        }),
      ));
  }

  test(`${name}: peer disappears in the middle of a message → nothing is delivered, nothing is kept`, (t) =>
    run((ends) =>
      withServer(ends, {}, async (address, server) => {
        const connection = await ends.b.network.connect(address, { timeoutMs: 60_000 });
        connection.setHandlers({ onFrame: () => undefined, onClose: () => undefined });
        connection.send([hello(), command(1, { payloadFrames: 2 }), Buffer.alloc(1_000)]);
        await ends.eventually(() => server.sessions.size === 1);
        connection.close('bye');
        await ends.eventually(() => server.sessions.size === 0);
        await assertServing(t, ends, address);
      }),
    ));

  test(`${name}: peer that never answers → asked, then disconnected`, (t) =>
    run((ends) =>
      withServer(ends, { pingMs: 40, silentMs: 120 }, async (address) => {
        const connection = await ends.b.network.connect(address, { timeoutMs: 60_000 });
        const received: (string | undefined)[] = [];
        const closed = new Promise<string>((resolve) =>
          connection.setHandlers({ onFrame: (frame) => received.push(decodeEnvelope(frame).kind?.name), onClose: resolve }),
        );
        connection.send([hello()]);
        t.regex(await closed, /heard nothing/);
        t.deepEqual(received.slice(0, 2), ['hello', 'ping']);
      }),
    ));

  test(`${name}: more connections than may wait for a handshake → refused at once`, (t) =>
    run((ends) =>
      withServer(ends, { handshakes: 2 }, async (address) => {
        const reasons: string[] = [];
        for (let i = 0; i < 4; i += 1) {
          const connection = await ends.b.network.connect(address, { timeoutMs: 60_000 });
          connection.setHandlers({ onFrame: () => undefined, onClose: (reason) => reasons.push(reason) });
        }
        await ends.eventually(() => reasons.length === 2);
        t.regex(reasons[0] ?? '', /too many connections/);
      }),
    ));
}

const [sockets] = networks;

function rawSocket(address: string, bytes: string | Buffer): Promise<{ socket: Socket; answer: Promise<string> }> {
  return new Promise((resolve) => {
    const [host, port] = address.split(':') as [string, string];
    const socket = connectSocket(Number(port), host, () => {
      let text = '';
      const answer = new Promise<string>((done) => {
        socket.on('data', (data) => (text += data.toString('latin1')));
        socket.on('close', () => done(text));
      });
      socket.on('error', () => undefined);
      socket.write(bytes);
      resolve({ socket, answer });
    });
  });
}

test('sockets: bytes that are not HTTP → 400 and closed', (t) =>
  sockets?.run((ends) =>
    withServer(ends, {}, async (address) => {
      const { answer } = await rawSocket(address, Buffer.alloc(10_000, 0x81));
      t.regex(await answer, /^HTTP\/1\.1 400/);
      await assertServing(t, ends, address);
    }),
  ));

test('sockets: a browser → told in words what this port is', (t) =>
  sockets?.run((ends) =>
    withServer(ends, {}, async (address) => {
      const { answer } = await rawSocket(address, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n');
      t.regex(await answer, /^HTTP\/1\.1 426[\s\S]*Nacre protocol/);
    }),
  ));

test('sockets: Prometheus → metrics at /metrics, and nothing elsewhere, nor by other means; peers are served as ever', (t) =>
  sockets?.run(async (ends) => {
    const server = new WireMessenger(ends.a, { entity: entityName('mds', 'a'), instance: instanceId(1), fsid });
    let asked = 0;
    const address = await server.listen(ends.listenAddress, () => [
      { name: 'asked_total', type: 'counter', help: 'So often.', samples: [{ value: ++asked }] },
    ]);
    for (const count of [1, 2]) {
      const { answer } = await rawSocket(address, 'GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n');
      t.regex(await answer, new RegExp(`^HTTP/1\\.1 200[\\s\\S]*text/plain; version=0\\.0\\.4[\\s\\S]*\nasked_total ${count}\n`));
    }
    for (const line of ['GET /metrics/ HTTP/1.1', 'GET / HTTP/1.1', 'DELETE /metrics HTTP/1.1', 'GET http://x/metrics HTTP/1.1']) {
      const { answer } = await rawSocket(address, `${line}\r\nhost: x\r\n\r\n`);
      t.regex(await answer, /^HTTP\/1\.1 426/, line);
    }
    t.is(asked, 2);
    await server.stop();
  }));

test('sockets: endless headers → cut off', (t) =>
  sockets?.run((ends) =>
    withServer(ends, {}, async (address) => {
      const { answer } = await rawSocket(address, `GET / HTTP/1.1\r\nx: ${'y'.repeat(100_000)}\r\n`);
      t.regex(await answer, /^HTTP\/1\.1 4\d\d/);
      await assertServing(t, ends, address);
    }),
  ));

test('sockets: half-closed after the upgrade → the session ends', (t) =>
  sockets?.run((ends) =>
    withServer(ends, {}, async (address, server) => {
      const upgrade =
        'GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
      const { socket, answer } = await rawSocket(address, upgrade);
      const body = hello();
      socket.write(Buffer.concat([Buffer.from([0x82, 0x80 | body.length, 0, 0, 0, 0]), body]));
      await ends.eventually(() => server.sessions.size === 1);
      socket.end();
      await answer;
      await ends.eventually(() => server.sessions.size === 0);
      await assertServing(t, ends, address);
    }),
  ));

test('sockets: text frame, oversized frame, unmasked frame, endless fragments → disconnected, no growth', (t) =>
  sockets?.run((ends) =>
    withServer(ends, {}, async (address) => {
      const closeOf = (act: (peer: WebSocket) => void): Promise<number> =>
        new Promise((resolve) => {
          const peer = new WebSocket(`ws://${address}/`, { perMessageDeflate: false });
          peer.on('open', () => act(peer));
          peer.on('error', () => undefined);
          peer.on('close', resolve);
        });
      await closeOf((peer) => peer.send('text'));
      t.is(await closeOf((peer) => peer.send(Buffer.alloc(9 * 1024 * 1024))), 1009);
      t.truthy(
        await closeOf((peer) => {
          for (let i = 0; i < 1_000; i += 1) peer.send(Buffer.from('x'), { fin: false });
        }),
      );
      const before = process.memoryUsage().arrayBuffers;
      // A header that announces 8 EiB, and nothing more.
      const upgrade =
        'GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
      const { socket, answer } = await rawSocket(address, upgrade);
      socket.write(Buffer.from([0x82, 0xff, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]));
      await answer;
      t.true(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024);
      await assertServing(t, ends, address);
    }),
  ));
