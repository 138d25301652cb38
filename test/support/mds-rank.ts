/**
 * One MDS rank on objects in memory under virtual time, with clients that speak to it without a wire: for tests of the
 * MDS alone.
 * @module
 */
import { SimWorld } from '../../common/runtime/sim/world.ts';
import type { Env } from '../../common/runtime/env.ts';
import { makeConfig } from '../../common/config/schema.ts';
import { poolId, type ByteString } from '../../common/maps/ids.ts';
import type { CapGrant, CapRecall, Init, InodeRecord, JournalSafe, RequestHead, Requests } from '../../common/wire/gen/messages.ts';
import type { IncomingRequest, Session } from '../../common/wire/session.ts';
import { FileType } from '../../mds/client/file-mode.ts';
import { directoryShared } from '../../mds/core/cap.ts';
import { mdsSchema, type MdsConfig } from '../../mds/config.ts';
import { Rank, type RankOptions } from '../../mds/rank.ts';
import type { OperationName } from '../../mds/request-desk.ts';
import { MemoryObjectClient, MemoryObjects, type MemoryClientOptions } from './memory-objects.ts';

export const metadataPool = poolId(1);
export const dataPool = poolId(2);
const fsid = '6ad05c17-8c77-4b09-9b1a-52f5f2c01c5a';

export interface RankFixtureOptions {
  readonly world?: SimWorld;
  readonly store?: MemoryObjects;
  readonly config?: Partial<MdsConfig>;
  readonly objects?: Partial<MemoryClientOptions>;
  readonly rank?: Partial<RankOptions>;
}

let lives = 1000;

export class RankFixture {
  readonly world: SimWorld;
  readonly store: MemoryObjects;
  readonly env: Env;
  readonly client: MemoryObjectClient;
  readonly rank: Rank;
  readonly fenced: number[] = [];
  readonly lost: Error[] = [];

  constructor(options: RankFixtureOptions = {}) {
    this.world = options.world ?? new SimWorld({ seed: 'mds' });
    this.store = options.store ?? new MemoryObjects();
    const node = this.world.node(`mds-${lives++}`);
    this.env = node.env;
    this.client = new MemoryObjectClient(this.store, { clock: this.env.clock, latencyMs: 1, ...options.objects });
    this.rank = new Rank(this.env, {
      rank: 0,
      objects: this.client,
      metadataPool,
      dataPool,
      poolName: String,
      fsid,
      instance: lives,
      config: makeConfig(mdsSchema, { name: 'mds.a', ...options.config }),
      fence: (instance) => {
        this.fenced.push(instance);
        return Promise.resolve(7);
      },
      isFenced: (instance) => this.fenced.includes(instance),
      isAvailable: () => true,
      tellRank: () => Promise.reject(new Error('there is one rank')),
      askRank: () => Promise.reject(new Error('there is one rank')),
      isServed: () => false,
      ranks: () => 1,
      isStopping: () => false,
      onState: () => undefined,
      onLost: (error) => this.lost.push(error),
      ...options.rank,
    });
  }

  /** Runs the world until `promise` settles. */
  until<T>(promise: Promise<T>): Promise<T> {
    return this.world.until(promise, { timeoutMs: 120_000 });
  }

  async start(): Promise<this> {
    await this.until(this.rank.start());
    return this;
  }

  /** A client with an open session. */
  async connect(instance: number, name = `client.${instance}`): Promise<RankClient> {
    const client = new RankClient(this, instance, name);
    await this.until(client.open());
    return client;
  }

  /** Every name, its inode's main fields, by path: the whole namespace as it is on reading everything. */
  async tree(client: RankClient, ino = 1, path = ''): Promise<Map<string, string>> {
    const out = new Map<string, string>();
    for (const { name, ino: child } of await this.#names(client, ino)) {
      const reply = await client.request('getAttr', { ino: child });
      const inode = recordOf(reply);
      const below = `${path}/${Buffer.from(name).toString('latin1')}`;
      out.set(below, `${child.toString(16)} ${inode.mode.toString(8)} n${inode.nlink} s${inode.size} ${inode.uid}:${inode.gid}`);
      if ((inode.mode & FileType.mask) === FileType.directory)
        for (const [key, value] of await this.tree(client, child, below)) out.set(key, value);
    }
    return out;
  }

  async #names(client: RankClient, ino: number): Promise<{ readonly name: Uint8Array; readonly ino: number }[]> {
    const names = [];
    for (let offset = 0; ;) {
      const { entries, end } = await client.request('readDir', { ino, offset, maxEntries: 4096 });
      names.push(...entries);
      if (end) return names;
      offset = entries.at(-1)?.offset ?? offset;
    }
  }
}

type Replies<K extends OperationName> = Requests[K]['reply'];

export class RankClient {
  readonly fixture: RankFixture;
  readonly instance: number;
  readonly name: string;
  readonly recalls: CapRecall[] = [];
  readonly grants: CapGrant[] = [];
  safeSeq = 0;
  tid = 0;
  who = { uid: 0, gid: 0, groups: [] as number[] };
  /** Next inode number to use. */
  nextIno = 0;
  connection: Session;
  /** Of the requests it sends. */
  signal: AbortSignal = new AbortController().signal;
  /** Called for every recall; default: just remembers it. */
  onRecall: (recall: CapRecall) => void = () => undefined;

  constructor(fixture: RankFixture, instance: number, name: string) {
    this.fixture = fixture;
    this.instance = instance;
    this.name = name;
    this.connection = this.#connect();
  }

  async open(options: Init<Requests['sessionOpen']['request']> = {}): Promise<Requests['sessionOpen']['reply']> {
    const reply = await this.fixture.rank.sessions.open(this.connection, {
      name: this.name,
      instance: this.instance,
      held: [],
      reconnect: false,
      root: '',
      replays: 0,
      locks: [],
      rank: this.fixture.rank.core.rank,
      ...options,
    } as never);
    if (this.nextIno === 0) this.nextIno = reply.ranges[0]?.first ?? 0;
    return reply;
  }

  /** Ends its session. */
  close(): Promise<object> {
    return this.fixture.rank.sessions.close(this.connection);
  }

  /** The connection breaks; a new one is there. */
  reconnect(): void {
    this.fixture.rank.sessions.connectionClosed(this.connection);
    this.connection = this.#connect();
  }

  /** Sends a request with a head; `head` overrides. */
  send<K extends OperationName>(
    name: K,
    message: Init<Omit<Requests[K]['request'], 'head'>>,
    head: Partial<RequestHead> = {},
  ): Replies<K> | Promise<Replies<K>> {
    const full = {
      ...emptyRequest,
      ...(message as object),
      head: { tid: ++this.tid, ...this.who, replay: false, oldestTid: 0, time: null, ...head },
    };
    return this.fixture.rank.requests.operate(name, this.#incoming(full) as unknown as IncomingRequest<K>);
  }

  /** {@link send}, running the world until it is answered. */
  async request<K extends OperationName>(
    name: K,
    message: Init<Omit<Requests[K]['request'], 'head'>>,
    head: Partial<RequestHead> = {},
  ): Promise<Replies<K>> {
    const reply = this.send(name, message, head);
    return reply instanceof Promise ? this.fixture.until(reply) : reply;
  }

  capUpdate(message: Init<Requests['capUpdate']['request']>): Promise<Requests['capUpdate']['reply']> {
    const full = {
      tid: ++this.tid,
      ino: 0,
      caps: 0,
      wanted: 0,
      seq: 0,
      dirty: null,
      flush: false,
      replay: false,
      settled: false,
      lockStates: [],
      ...message,
    };
    return this.fixture.rank.requests.capUpdate(this.#incoming(full) as unknown as IncomingRequest<'capUpdate'>);
  }

  release(released: readonly { readonly ino: number; readonly seq: number; readonly caps?: number; readonly settled?: boolean }[]): void {
    const full = { released: released.map((each) => ({ caps: 0, wanted: 0, dirty: null, settled: false, ...each })) };
    void this.fixture.rank.requests.capRelease(this.#incoming(full) as unknown as IncomingRequest<'capRelease'>);
  }

  flush(): Promise<unknown> {
    return this.fixture.until(this.fixture.rank.requests.journalFlush({ message: { seq: 0 } }));
  }

  create(
    parent: number,
    name: string,
    mode: number = FileType.regular | 0o644,
    more: Init<Omit<Requests['create']['request'], 'head'>> = {},
  ): Promise<Replies<'create'>> {
    return this.request('create', { parent, name: Buffer.from(name, 'latin1'), mode, ino: this.nextIno++, exclusive: true, ...more });
  }

  mkdir(parent: number, name: string, mode = 0o755): Promise<Replies<'create'>> {
    return this.create(parent, name, FileType.directory | mode);
  }

  #connect(): Session {
    const push = (name: string, message: unknown): void => {
      if (name === 'capRecall') {
        const recall = message as CapRecall;
        // It changes no names ahead: a directory is others' as soon as they ask for it.
        if ((recall.keep & directoryShared) === directoryShared)
          void Promise.resolve().then(() => this.capUpdate({ ...recall, caps: recall.keep, tid: 0 }));
        else {
          this.recalls.push(recall);
          this.onRecall(recall);
        }
      } else if (name === 'capGrant') this.grants.push(message as CapGrant);
      else if (name === 'journalSafe') this.safeSeq = (message as JournalSafe).seq;
    };
    return {
      peer: { entity: this.name as never, instance: this.instance as never, address: '' },
      closed: false,
      silentMs: 0,
      push,
      request: () => Promise.reject(new Error('the MDS asks nothing')),
      close: () => undefined,
    };
  }

  #incoming(message: object): {
    readonly session: Session;
    readonly message: object;
    readonly payload: readonly Buffer[];
    readonly signal: AbortSignal;
  } {
    return { session: this.connection, message, payload: [], signal: this.signal };
  }
}

const none = new Uint8Array(0);
const emptyRequest = {
  parent: 0,
  ino: 0,
  name: none,
  newParent: 0,
  newName: none,
  flags: 0,
  mode: 0,
  umask: 0,
  rdev: 0,
  symlink: none,
  wanted: 0,
  exclusive: false,
  fields: 0,
  uid: 0,
  gid: 0,
  size: 0,
  atime: null,
  mtime: null,
  ctime: null,
  knownSize: 0,
  value: none,
  data: none,
  end: 0,
  offset: 0,
  maxEntries: 0,
  attributes: false,
  access: 0,
  truncate: false,
  directory: false,
  unnamed: false,
  untold: [],
  reach: 0,
  rank: 0,
  newParentRank: 0,
};

/** The record of a reply's first grant. */
export function recordOf(reply: {
  readonly head: { readonly grants: readonly { readonly inode: InodeRecord | null }[] } | null;
}): InodeRecord {
  const inode = reply.head?.grants[0]?.inode;
  if (inode === undefined || inode === null) throw new Error('the reply has no inode');
  return inode;
}

/** All caps that a reply gave on its first inode, to be given back. */
export function givenBy(reply: {
  readonly head: { readonly grants: readonly { readonly inode: InodeRecord | null; readonly seq: number }[] } | null;
}): { readonly ino: number; readonly seq: number } {
  return { ino: recordOf(reply).ino, seq: reply.head?.grants[0]?.seq ?? 0 };
}

export const bytes = (name: string): Buffer => Buffer.from(name as ByteString, 'latin1');
