import { toFsError } from '../../common/errors/fs-error.ts';
import { instanceId, type EntityName, type Ino } from '../../common/maps/ids.ts';
import type { Env } from '../../common/runtime/env.ts';
import { WireMessenger } from '../../common/wire/messenger.ts';
import { MdsRanks, type Caps, type MdsClientHandlers, type SessionLock } from '../../mds/client/index.ts';
import { MapFollower } from '../../mon/client/index.ts';
import { Objecter } from '../../osd/client/objecter.ts';
import type { ClientConfig } from '../config.ts';
import type { Filesystem } from '../vfs/filesystem.ts';
import { Vfs } from '../vfs/vfs.ts';
import type { Cluster } from '../vfs/volume.ts';
import { Paths } from './paths.ts';

const retryDelayMs = 1_000;

export interface ConnectOptions {
  /** `client.<name>`. */
  readonly name: string;
  /** Of the cluster; absent: that of the mon that is reached. */
  readonly fsid?: string;
  /** `host:port` of each monitor. */
  readonly mons: readonly string[];
  readonly config: ClientConfig;
}

/** The whole filesystem without a kernel. */
export interface ConnectedFilesystem {
  readonly filesystem: Filesystem;
  /** Of the cluster. */
  readonly fsid: string;
  /** By path, as root; `paths.as(...)` for others. */
  readonly paths: Paths;
  /** What this client holds of each inode and trusts at this moment: no two clients may ever differ about it. */
  trusted(): Iterable<{ readonly ino: Ino; readonly caps: Caps }>;
  /** The file locks that its processes have for certain at this moment: no two clients may ever have what excludes each other. */
  locks(): readonly SessionLock[];
  /** Writes back everything and leaves. Idempotent. */
  stop(): Promise<void>;
}

interface Life extends Cluster {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Connects to the cluster. Rejects when no mon answers or no MDS serves within `config.connectTimeoutMs`. */
export async function connectFilesystem(env: Env, options: ConnectOptions): Promise<ConnectedFilesystem> {
  const { config } = options;
  let stopped = false;
  // The session's owner can be made only when there is a session: it is asked for when first needed.
  const newLife = (): Life => makeLife(env, options, (rank) => handlers(rank));
  let life = newLife();
  const vfs = new Vfs(env, config, life);
  const handlers = (rank: number): MdsClientHandlers => vfs.handlers(rank, () => beginAnew());

  // Evicted by one rank it is blocklisted, and the others evict it as well: each says so.
  let ended: Life | undefined;
  function beginAnew(): void {
    if (ended === life) return;
    ended = life;
    env.spawn('start anew after eviction', startAnew);
  }

  async function startAnew(): Promise<void> {
    const old = life;
    const emptied = vfs.forgetAll();
    await old.stop();
    await emptied;
    while (!stopped) {
      const next = newLife();
      try {
        await next.start();
        life = next;
        await vfs.startAnew(next);
        return;
      } catch (error) {
        env.log.warn({ err: toFsError(error) }, 'no new session yet');
        await next.stop();
        await new Promise<void>((resolve) => env.clock.setTimer(retryDelayMs, resolve));
      }
    }
  }

  try {
    await life.start();
    await vfs.start();
  } catch (error) {
    await life.stop();
    throw error;
  }
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      try {
        await vfs.stop();
      } finally {
        stopped = true;
        await life.stop();
      }
    })());
  const { fsid } = life.mon.map;
  return { filesystem: vfs, fsid, paths: new Paths(vfs), trusted: () => vfs.trusted(), locks: () => vfs.locks(), stop };
}

/** One life of the client: its own instance, so that what an evicted one sent late is refused. */
function makeLife(env: Env, options: ConnectOptions, handlers: (rank: number) => MdsClientHandlers): Life {
  const { config } = options;
  const messenger = new WireMessenger(env, {
    entity: options.name as EntityName,
    instance: instanceId(env.random.id()),
    fsid: options.fsid ?? config.fsid,
  });
  const mon = new MapFollower(env, { messenger, mons: options.mons, announce: { mountpoint: config.mountpoint, host: config.host } });
  const objects = new Objecter(env, { messenger, monClient: mon });
  const mds = new MdsRanks(env, { messenger, monClient: mon, handlers });
  return {
    mds,
    objects,
    mon,
    start: async () => {
      await mon.start({ timeoutMs: config.connectTimeoutMs });
      await mds.start({ timeoutMs: config.connectTimeoutMs });
    },
    stop: async () => {
      await mds.stop();
      await objects.stop();
      await mon.stop();
      await messenger.stop();
    },
  };
}
