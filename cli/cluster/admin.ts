/**
 * A connection to a cluster's mon for the length of one command.
 * @module
 */
import { NodeClock } from '../../common/runtime/node/clock.ts';
import { NodeDisk } from '../../common/runtime/node/disk.ts';
import { NodeNetwork } from '../../common/runtime/node/network.ts';
import { NodeRandom } from '../../common/runtime/node/random.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { Log } from '../../common/runtime/log.ts';
import { holdsRank, type ClusterMap, type MdsInfo } from '../../common/maps/cluster-map.ts';
import { entityName, instanceId } from '../../common/maps/ids.ts';
import type { Init, Requests } from '../../common/wire/gen/messages.ts';
import { WireMessenger } from '../../common/wire/messenger.ts';
import { servingMds, type RankAdmin, type RepairAction, type RepairStatus } from '../../mds/client/index.ts';
import { MapFollower } from '../../mon/client/map-follower.ts';
import type { MonClient } from '../../mon/client/mon-client.ts';
import { CommandError } from '../errors.ts';
import type { ClusterSettings } from './settings.ts';

/** How long a mon that should be there may take to answer. */
const answerTimeoutMs = 10_000;

export interface Admin {
  readonly mon: MonClient;
  /** The holders of all ranks; an eviction may take `evictionTimeoutMs`. */
  mdsRanks(evictionTimeoutMs: number): readonly RankAdmin[];
  /** The MDS that holds a rank, served or damaged. */
  rankRepairer(rank: number): RankRepairer;
  /** Resolves with the first map for which `wanted` holds, looking at each as it comes. */
  waitForMap(wanted: (map: ClusterMap) => boolean, signal: AbortSignal): Promise<ClusterMap>;
}

/** Orders repairs of a rank's journal and tables. */
export interface RankRepairer {
  /** Of the MDS. */
  readonly name: string;
  order(action: RepairAction, discard: boolean): Promise<RepairStatus>;
  status(): Promise<RepairStatus>;
}

/** Connects to the mon, runs `work`, disconnects. */
export async function withMon<T>(
  settings: Pick<ClusterSettings, 'fsid' | 'mon'>,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const env = quietEnv();
  const messenger = new WireMessenger(env, {
    entity: entityName('client', `admin-${process.pid}`),
    instance: instanceId(env.random.id()),
    fsid: settings.fsid,
  });
  const mon = new MapFollower(env, { messenger, mons: [settings.mon] });
  try {
    await mon
      .start({ timeoutMs: options.timeoutMs ?? answerTimeoutMs, ...(options.signal ? { signal: options.signal } : {}) })
      .catch((error: unknown) => {
        options.signal?.throwIfAborted();
        throw new CommandError(`the mon at ${settings.mon} does not answer (${(error as Error).message}): is the cluster up?`, {
          cause: error,
        });
      });
    return await work({
      mon,
      mdsRanks: (evictionTimeoutMs) => mdsRanks(messenger, mon, evictionTimeoutMs),
      rankRepairer: (rank) => rankRepairer(messenger, mon, rank),
      waitForMap: (wanted, signal) => waitForMap(mon, wanted, signal),
    });
  } finally {
    await mon.stop();
    await messenger.stop();
  }
}

function mdsRanks(messenger: WireMessenger, mon: MonClient, evictionTimeoutMs: number): RankAdmin[] {
  const { map } = mon;
  const count = Math.max(1, ...map.filesystems.map(({ ranks }) => ranks));
  return Array.from({ length: count }, (_, rank) => {
    const holder = servingMds(map, rank);
    if (holder === undefined) throw new CommandError(`no MDS serves rank ${rank} just now: nacre status shows which there are`);
    return {
      rank,
      list: () => askMds(messenger, holder, 'sessionList', {}, answerTimeoutMs),
      evict: (instance) => askMds(messenger, holder, 'sessionEvict', { instance }, evictionTimeoutMs),
      report: () => askMds(messenger, holder, 'rankReport', {}, answerTimeoutMs),
      dump: (request) => askMds(messenger, holder, 'cacheDump', request, answerTimeoutMs),
    };
  });
}

function rankRepairer(messenger: WireMessenger, { map }: MonClient, rank: number): RankRepairer {
  const holder = [...map.mdss.values()].find((mds) => mds.rank === rank && holdsRank(mds));
  if (holder === undefined) throw new CommandError(`no MDS holds rank ${rank} just now: start one (nacre start mds.a)`);
  const ask = async (action: RepairAction | '', discard: boolean): Promise<RepairStatus> => {
    const { status } = await askMds(messenger, holder, 'rankRepair', { rank, action, discard }, answerTimeoutMs);
    return JSON.parse(status) as RepairStatus;
  };
  return { name: holder.name, order: ask, status: () => ask('', false) };
}

async function askMds<K extends 'sessionList' | 'sessionEvict' | 'rankReport' | 'cacheDump' | 'rankRepair'>(
  messenger: WireMessenger,
  holder: MdsInfo,
  name: K,
  message: Init<Requests[K]['request']>,
  timeoutMs: number,
): Promise<Requests[K]['reply']> {
  const link = messenger.link(holder.name, holder.address);
  try {
    const { message: reply } = await link.request(name, message, { timeoutMs });
    return reply;
  } finally {
    link.close('the command is done');
  }
}

function waitForMap(mon: MonClient, wanted: (map: ClusterMap) => boolean, signal: AbortSignal): Promise<ClusterMap> {
  return new Promise((resolve, reject) => {
    if (wanted(mon.map)) {
      resolve(mon.map);
      return;
    }
    const aborted = (): void => {
      unsubscribe();
      reject(signal.reason as Error);
    };
    const unsubscribe = mon.onMap((map) => {
      if (!wanted(map)) return;
      unsubscribe();
      signal.removeEventListener('abort', aborted);
      resolve(map);
    });
    signal.addEventListener('abort', aborted, { once: true });
  });
}

/** The real environment without a log: a command speaks through its own lines and exit code. */
function quietEnv(): Env {
  const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => log };
  return {
    clock: new NodeClock(),
    disk: new NodeDisk(),
    network: new NodeNetwork(),
    random: new NodeRandom(),
    log,
    spawn(name, fn) {
      fn().catch((error: unknown) => {
        throw new Error(`broken invariant in ${name}`, { cause: error });
      });
    },
  };
}
