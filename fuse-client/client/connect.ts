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
  let renewing = false;
  // The session's owner can be made only when there is a session: it is asked for when first needed.
  const newLife = (): Life => makeLife(env, options, (rank) => handlers(rank));
  let life = newLife();
  const vfs = new Vfs(env, config, life);
  const handlers = (rank: number): MdsClientHandlers => vfs.handlers(rank, beginAnew);

  function beginAnew(): void {
    vfs.forgetAll();
    // Whoever is about to begin anew looks whether that life is over already.
    if (renewing) return;
    renewing = true;
    env.spawn('start anew after eviction', startAnew);
  }

  async function startAnew(): Promise<void> {
    while (life.mds.over && !stopped) {
      const { ranks } = life.mds;
      await life.stop();
      life = newLife();
      try {
        await life.start();
        // Each then knows that the life before is over, whether or not it is asked for something.
        for (const rank of ranks) life.mds.rank(rank);
        await vfs.startAnew(life);
      } catch (error) {
        env.log.warn({ err: toFsError(error) }, 'no new session yet');
        await life.stop();
        await new Promise<void>((resolve) => env.clock.setTimer(retryDelayMs, resolve));
      }
    }
    renewing = false;
    // It came too late for a life that was just beginning.
    if (stopped) await life.stop();
  }

  try {
    await life.start();
    await vfs.start();
  } catch (error) {
    stopped = true;
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
