import test, { type ExecutionContext } from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import { entityName, epoch, instanceId, type EntityName } from '../../common/maps/ids.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { WireLimits } from '../../common/wire/limits.ts';
import { WireMessenger } from '../../common/wire/messenger.ts';
import type { PeerLink, Session } from '../../common/wire/session.ts';
import { networks, type TwoEnds } from '../support/networks.ts';

const mon = entityName('mon', 'a');
const client = entityName('client', 'x');
const fsid = '5f0c7a52-0000-4000-8000-000000000001';
const waitMs = 60_000;

function make(
  env: Env,
  entity: EntityName,
  options: { readonly fsid?: string; readonly limits?: Partial<WireLimits>; readonly instance?: number } = {},
): WireMessenger {
  return new WireMessenger(env, {
    entity,
    instance: instanceId(options.instance ?? 77),
    fsid: options.fsid ?? fsid,
    limits: options.limits ?? {},
  });
}

interface Pair {
  readonly server: WireMessenger;
  readonly client: WireMessenger;
  readonly link: PeerLink;
  readonly address: string;
}

async function withPair(
  ends: TwoEnds,
  body: (pair: Pair) => Promise<void>,
  options: {
    readonly serverLimits?: Partial<WireLimits>;
    readonly clientLimits?: Partial<WireLimits>;
    readonly clientFsid?: string;
    readonly prepare?: (server: WireMessenger) => void;
  } = {},
): Promise<void> {
  const server = make(ends.a, mon, { limits: options.serverLimits ?? {} });
  const end = make(ends.b, client, { limits: options.clientLimits ?? {}, fsid: options.clientFsid ?? fsid });
  options.prepare?.(server);
  const address = await server.listen(ends.listenAddress);
  await body({ server, client: end, link: end.link(mon, address), address });
  await end.stop();
  await server.stop();
}

async function failure(t: ExecutionContext, promise: Promise<unknown>): Promise<FsError> {
  return t.throwsAsync<FsError>(promise, { instanceOf: FsError });
}

const echo = (server: WireMessenger): void =>
  server.handle('command', ({ message, payload }) => ({ message: { result: message.command }, payload }));

for (const network of networks) {
  const { name } = network;
  const run: typeof network.run = (body) => network.run(body);
  test(`${name}: request → reply with its payload, both ways uncut`, (t) =>
    run((ends) =>
      withPair(
        ends,
        async ({ link }) => {
          const payload = [Buffer.alloc(100_000, 3), Buffer.alloc(0), Buffer.from('tail')];
          const reply = await link.request('command', { command: 'hello' }, { timeoutMs: waitMs, payload });
          t.is(reply.message.result, 'hello');
          t.deepEqual(
            reply.payload.map((frame) => frame.length),
            [100_000, 0, 4],
          );
          t.true(reply.payload[0]?.equals(payload[0] as Buffer));
          t.is(link.session?.peer.entity, mon);
        },
        { prepare: echo },
      ),
    ));

  test(`${name}: many requests at once → each gets its own reply, whatever the order of answers`, (t) =>
    run((ends) =>
      withPair(
        ends,
        async ({ link }) => {
          const numbers = Array.from({ length: 200 }, (_, i) => i);
          const replies = await Promise.all(numbers.map((i) => link.request('command', { command: String(i) }, { timeoutMs: waitMs })));
          t.deepEqual(
            replies.map(({ message }) => message.result),
            numbers.map(String),
          );
        },
        {
          prepare: (server) =>
            server.handle('command', async ({ message }) => {
              await ends.sleep((Number(message.command) * 7) % 11);
              return { message: { result: message.command } };
            }),
        },
      ),
    ));

  test(`${name}: handler rejects with FsError → code, retry and message arrive; no handler → ENOSYS`, (t) =>
    run((ends) =>
      withPair(
        ends,
        async ({ link }) => {
          const error = await failure(t, link.request('command', { command: '' }, { timeoutMs: waitMs }));
          t.is(error.code, 'ENOSPC');
          t.is(error.retry, 'safe');
          t.is(error.message, 'the pool is full');
          t.is((await failure(t, link.request('statfs', { pool: 1 }, { timeoutMs: waitMs }))).code, 'ENOSYS');
        },
        {
          prepare: (server) =>
            server.handle('command', () => {
              throw new FsError('ENOSPC', 'the pool is full', { retry: 'safe' });
            }),
        },
      ),
    ));

  test(`${name}: handler fails unexpectedly → EIO to the peer, an error in the log`, (t) =>
    run((ends) =>
      withPair(
        ends,
        async ({ link }) => {
          t.is((await failure(t, link.request('command', {}, { timeoutMs: waitMs }))).code, 'EIO');
          t.true(ends.logOf(ends.a).some(({ level, message }) => level === 'error' && /handler failed/.test(message)));
        },
        { prepare: (server) => server.handle('command', () => Promise.reject(new TypeError('a bug'))) },
      ),
    ));

  test(`${name}: no answer in time → ETIMEDOUT 'maybe-applied', the handler is told; a late answer is ignored`, (t) =>
    run(async (ends) => {
      let aborted = false;
      let late!: () => void;
      const gate = new Promise<void>((resolve) => (late = resolve));
      await withPair(
        ends,
        async ({ link }) => {
          await link.request('statfs', { pool: 1 }, { timeoutMs: waitMs }); // connected
          const error = await failure(t, link.request('command', {}, { timeoutMs: 40 }));
          t.is(error.code, 'ETIMEDOUT');
          t.is(error.retry, 'maybe-applied');
          await ends.eventually(() => aborted);
          late();
          t.is((await link.request('statfs', { pool: 1 }, { timeoutMs: waitMs })).message.objects, 9);
        },
        {
          prepare: (server) => {
            server.handle('statfs', () => ({ message: { objects: 9 } }));
            server.handle('command', async ({ signal }) => {
              signal.addEventListener('abort', () => {
                aborted = true;
              });
              await gate;
              return { message: { result: 'late' } };
            });
          },
        },
      );
    }));

  test(`${name}: caller aborts → ECANCELED, and the handler's signal aborts`, (t) =>
    run(async (ends) => {
      let started!: () => void;
      let heard!: () => void;
      const running = new Promise<void>((resolve) => (started = resolve));
      const told = new Promise<void>((resolve) => (heard = resolve));
      await withPair(
        ends,
        async ({ link }) => {
          const abort = new AbortController();
          const request = link.request('command', {}, { timeoutMs: waitMs, signal: abort.signal });
          await running;
          abort.abort();
          t.is((await failure(t, request)).code, 'ECANCELED');
          await told;
          t.is((await failure(t, link.request('command', {}, { timeoutMs: waitMs, signal: abort.signal }))).code, 'ECANCELED');
        },
        {
          prepare: (server) =>
            server.handle('command', async ({ signal }) => {
              started();
              await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
              heard();
              throw new FsError('ECANCELED', 'as asked');
            }),
        },
      );
    }));

  test(`${name}: server stops under a request → ECONNRESET 'maybe-applied'; back again → the link reconnects`, (t) =>
    run(async (ends) => {
      const first = make(ends.a, mon, { instance: 1 });
      let started!: () => void;
      const running = new Promise<void>((resolve) => (started = resolve));
      first.handle('command', () => {
        started();
        return new Promise(() => undefined);
      });
      const address = await first.listen(ends.listenAddress);
      const end = make(ends.b, client);
      const link = end.link(mon, address);
      const refusals: boolean[] = [];
      link.onUnreachable((refused) => refusals.push(refused));
      const request = link.request('command', {}, { timeoutMs: waitMs });
      await running;
      void first.stop();
      const error = await failure(t, request);
      t.is(error.code, 'ECONNRESET');
      t.is(error.retry, 'maybe-applied');
      await ends.eventually(() => refusals.includes(true));
      const second = make(ends.a, mon, { instance: 2 });
      echo(second);
      await second.listen(address);
      t.is((await link.request('command', { command: 'again' }, { timeoutMs: waitMs })).message.result, 'again');
      t.is(link.session?.peer.instance, instanceId(2));
      await end.stop();
      await second.stop();
    }));

  test(`${name}: nobody there → the request waits, then ETIMEDOUT 'safe'`, (t) =>
    run(async (ends) => {
      const listener = await ends.a.network.listen(ends.listenAddress, () => undefined);
      await listener.close();
      const end = make(ends.b, client);
      const error = await failure(t, end.link(mon, listener.address).request('command', {}, { timeoutMs: 60 }));
      t.is(error.code, 'ETIMEDOUT');
      t.is(error.retry, 'safe');
      await end.stop();
    }));

  test(`${name}: pushes → arrive in order; sessions are announced open and closed, on both sides`, (t) =>
    run(async (ends) => {
      const seen: string[] = [];
      const events: string[] = [];
      await withPair(
        ends,
        async ({ link, server, client: end }) => {
          end.onPush('journalSafe', (_session, message) => seen.push(String(message.seq)));
          end.onSessionClosed((session) => events.push(`client lost ${session.peer.entity}`));
          await link.request('command', {}, { timeoutMs: waitMs });
          const session = [...server.sessions][0] as Session;
          for (let seq = 1; seq <= 5; seq += 1) session.push('journalSafe', { seq });
          await ends.eventually(() => seen.length === 5);
          t.deepEqual(seen, ['1', '2', '3', '4', '5']);
          session.close('enough');
          await ends.eventually(() => events.length === 4); // and the link comes back
          t.deepEqual(events, ['server met client.x', 'server lost client.x', 'client lost mon.a', 'server met client.x']);
        },
        {
          prepare: (server) => {
            echo(server);
            server.onSessionOpen((session) => events.push(`server met ${session.peer.entity}`));
            server.onSessionClosed((session) => events.push(`server lost ${session.peer.entity}`));
          },
        },
      );
    }));

  test(`${name}: a peer's newer epoch → reported once`, (t) =>
    run((ends) =>
      withPair(
        ends,
        async ({ link, server, client: end }) => {
          const seen: number[] = [];
          end.onNewerEpoch((_session, newer) => seen.push(newer));
          server.epoch = epoch(12);
          await link.request('command', {}, { timeoutMs: waitMs });
          await link.request('command', {}, { timeoutMs: waitMs });
          t.deepEqual(seen, [12]);
        },
        { prepare: echo },
      ),
    ));

  test(`${name}: another cluster's client → refused with the reason, logged on both sides`, (t) =>
    run((ends) =>
      withPair(
        ends,
        async ({ link }) => {
          const error = await failure(t, link.request('command', {}, { timeoutMs: waitMs }));
          t.is(error.code, 'EPROTO');
          t.regex(error.message, /other-cluster/);
          for (const env of [ends.a, ends.b])
            t.true(ends.logOf(env).some(({ level, fields }) => level === 'warn' && String(fields['reason']).includes('other-cluster')));
        },
        { prepare: echo, clientFsid: 'other-cluster' },
      ),
    ));

  test(`${name}: a client without fsid → takes the server's`, (t) =>
    run((ends) =>
      withPair(
        ends,
        async ({ link, client: end }) => {
          await link.request('command', {}, { timeoutMs: waitMs });
          t.is(end.fsid, fsid);
        },
        { prepare: echo, clientFsid: '' },
      ),
    ));

  test(`${name}: another daemon at the address → the link waits; mon.* takes any monitor`, (t) =>
    run(async (ends) => {
      const server = make(ends.a, mon);
      echo(server);
      const address = await server.listen(ends.listenAddress);
      const end = make(ends.b, client);
      const wrong = failure(t, end.link(entityName('osd', 3), address).request('command', {}, { timeoutMs: 1_000 }));
      await ends.eventually(() => ends.logOf(ends.b).some(({ fields }) => String(fields['reason']).includes('expected osd.3')));
      t.is((await wrong).code, 'ETIMEDOUT');
      t.is(
        (await end.link(entityName('mon', '*'), address).request('command', { command: 'x' }, { timeoutMs: waitMs })).message.result,
        'x',
      );
      await end.stop();
      await server.stop();
    }));

  test(`${name}: unanswered requests above the limit → the connection is not read, later ones wait, all are answered`, (t) =>
    run(async (ends) => {
      let open!: () => void;
      const gate = new Promise<void>((resolve) => (open = resolve));
      let running = 0;
      await withPair(
        ends,
        async ({ link }) => {
          const payload = [Buffer.alloc(512 * 1024)];
          const requests = Array.from({ length: 40 }, () => link.request('command', {}, { timeoutMs: waitMs, payload }));
          await ends.eventually(() => running >= 4);
          await ends.sleep(200);
          t.true(running < 12, `${running} handlers run under a limit of 2 MiB`);
          open();
          await Promise.all(requests);
          t.is(running, 40);
        },
        {
          serverLimits: { incomingBytes: 2 * 1024 * 1024 },
          clientLimits: { sendBytes: 1024 * 1024 },
          prepare: (server) =>
            server.handle('command', async () => {
              running += 1;
              await gate;
              return { message: {} };
            }),
        },
      );
    }));

  test(`${name}: payload or message beyond the limits → refused before anything is sent`, (t) =>
    run((ends) =>
      withPair(
        ends,
        async ({ link }) => {
          await link.request('command', {}, { timeoutMs: waitMs });
          t.is(
            (await failure(t, link.request('command', {}, { timeoutMs: waitMs, payload: [Buffer.alloc(8 * 1024 * 1024 + 1)] }))).code,
            'EINVAL',
          );
          const long = { command: 'x'.repeat(4 * 1024 * 1024) };
          t.is((await failure(t, link.request('command', long, { timeoutMs: waitMs }))).code, 'E2BIG');
          t.is((await failure(t, link.request('statfs', { pool: 2 ** 32 }, { timeoutMs: waitMs }))).code, 'EPROTO');
          t.is((await failure(t, link.request('mapGet', { haveEpoch: 2 ** 60 }, { timeoutMs: waitMs }))).code, 'EPROTO');
          t.truthy((await link.request('command', {}, { timeoutMs: waitMs })).message);
        },
        { prepare: echo },
      ),
    ));

  test(`${name}: stop twice, with requests waiting → they reject, nothing is left`, (t) =>
    run(async (ends) => {
      const server = make(ends.a, mon);
      server.handle('command', () => new Promise(() => undefined));
      const address = await server.listen(ends.listenAddress);
      const end = make(ends.b, client);
      const link = end.link(mon, address);
      const waiting = failure(t, link.request('command', {}, { timeoutMs: waitMs }));
      await Promise.all([end.stop(), end.stop()]);
      t.is((await waiting).code, 'ESHUTDOWN');
      t.is((await failure(t, link.request('command', {}, { timeoutMs: waitMs }))).code, 'ESHUTDOWN');
      t.throws(() => end.link(mon, 'elsewhere:1'), { instanceOf: FsError });
      await server.stop();
      t.is(server.sessions.size, 0);
    }));
}
