/**
 * What a mon stores of the leases it gives, so that the next life of it (or another mon) need not give everybody a whole
 * one: who has been silent, and how much of its lease was left at most when that was written.
 *
 *  - Whoever is not named may hold a lease given a moment before the mon died: it gets a whole one.
 *  - Who is named has got no lease since: it is told of none before a record is durable that was taken after the renewal
 *    (lease-keeper.ts). So it waits for what was left.
 *
 * What is left is a duration and counts from the start of the next life, which is later than the writing: it holds on any clock, of
 * this machine, after its next boot, or of another. The time without a mon counts for nobody.
 * @module
 */
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import { type EntityName, type InstanceId, type OsdId, entityName } from '../../common/maps/ids.ts';
import type { Lease, LeasesAtStart, MonSettings, MonState, Now } from './state.ts';

/** A life of a daemon that is up and has not been heard for a while. */
export interface Silence {
  readonly instance: InstanceId;
  /** Its lease ends no later than so much after the record was taken. */
  readonly leftMs: number;
  /** It has had the time to be heard that a mon's absence gives. */
  readonly excused: boolean;
}

export interface LeaseRecord {
  /** No lease that may still run was given for longer. */
  readonly leaseMs: number;
  readonly silences: ReadonlyMap<EntityName, Silence>;
}

/** Shares of a lease: of silence before it is stored, */
const notedShare = 1 / 4;
/** of further silence before it is stored again, */
const stepShare = 1 / 10;
/** and the least that a new life of the mon waits to hear from somebody. */
const heardShare = 1 / 4;

/** What the next life may go by. */
export function leaseRecord({ settings, osdLeases, mdsLeases, pastLeases }: MonState, now: Now): LeaseRecord {
  const { leaseMs } = settings;
  const silences = new Map<EntityName, Silence>();
  const note = (name: EntityName, { instance, untilMs, excused }: Lease): void => {
    const leftMs = Math.max(0, Math.ceil(untilMs - now.monotonicMs));
    if (leftMs <= leaseMs * (1 - notedShare)) silences.set(name, { instance, leftMs, excused });
  };
  for (const [id, lease] of osdLeases) note(entityName('osd', id), lease);
  for (const [name, lease] of mdsLeases) note(name, lease);
  return { leaseMs: now.monotonicMs < pastLeases.untilMs ? pastLeases.leaseMs : leaseMs, silences };
}

/** Whether `next` says so much more than `stored` that it is worth a write. */
export function isNews(stored: LeaseRecord, next: LeaseRecord): boolean {
  if (next.leaseMs !== stored.leaseMs) return true;
  for (const [name, { instance, leftMs }] of next.silences) {
    const before = silenceOf(stored, name, instance);
    if (before === undefined || before.leftMs - leftMs >= next.leaseMs * stepShare) return true;
  }
  return false;
}

export function silenceOf({ silences }: LeaseRecord, name: EntityName, instance: InstanceId): Silence | undefined {
  const silence = silences.get(name);
  return silence?.instance === instance ? silence : undefined;
}

/**
 * The leases that may run as a mon starts: whoever is up may hold one from the mon's last life. It is given a whole one, which
 * ends later (R4), or what was left of it if it had been silent by the `stored` record of that life.
 */
export function leasesAtStart(map: ClusterMap, stored: LeaseRecord | undefined, settings: MonSettings, now: Now): LeasesAtStart {
  const leaseMs = longestLeaseMs(stored, settings);
  const leaseOf = (name: EntityName, instance: InstanceId): Lease => {
    const silence = stored && silenceOf(stored, name, instance);
    const leftMs = silence === undefined ? leaseMs : Math.max(silence.leftMs, silence.excused ? 0 : settings.leaseMs * heardShare);
    return { instance, untilMs: now.monotonicMs + leftMs, revoked: false, heard: false, excused: silence !== undefined };
  };
  const up = [...map.osds.values()].filter((osd) => osd.up);
  return {
    osdLeases: new Map(up.map(({ id, instance }): [OsdId, Lease] => [id, leaseOf(entityName('osd', id), instance)])),
    mdsLeases: new Map([...map.mdss.values()].map(({ name, instance }): [EntityName, Lease] => [name, leaseOf(name, instance)])),
    pastLeases: { leaseMs, untilMs: now.monotonicMs + leaseMs },
  };
}

/** As long may a lease be that runs now or is given from now on: the setting may have been another before. */
export function longestLeaseMs(stored: LeaseRecord | undefined, { leaseMs }: Pick<MonSettings, 'leaseMs'>): number {
  return Math.max(leaseMs, stored?.leaseMs ?? 0);
}
