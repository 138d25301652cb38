/**
 * Brings one member of a PG up to its primary: by log where both logs reach, else by comparing all objects in name order
 * (backfill.ts).
 *
 * Used while peering (acting members; nothing is written meanwhile) and while active (members to come; writes
 * of objects that they already have go to them too).
 * @module
 */
import { PgResetRequestPhase } from '../../common/wire/gen/messages.ts';
import type { OsdContext } from '../context.ts';
import type { Version } from '../client/object-client.ts';
import { isDamage } from '../core/damage.ts';
import type { LogDifference } from '../core/log-diff.ts';
import type { MemberRecovery } from '../core/member-recovery.ts';
import type { Pg } from '../core/pg.ts';
import { sameVersion, zeroVersion } from '../core/version.ts';
import { entriesOf, reserveRoom, resetMember, trimOf } from './ask-member.ts';
import { Backfill } from './backfill.ts';
import { mayGoOn, type Catching } from './catching.ts';
import { copyObject, withoutOurs, type Copying } from './copy-object.ts';
import { lockObject, unlockObject } from './object-lock.ts';

/** Sets out what the member has from this moment on. */
export function beginPhase(recovery: MemberRecovery, difference: LogDifference): void {
  recovery.copiesAll = difference.kind === 'backfill' || (difference.kind === 'log' && sameVersion(difference.base, zeroVersion));
  if (difference.kind !== 'log' && difference.kind !== 'backfill') {
    recovery.phase = { kind: 'caught-up' };
    return;
  }
  const missing = new Set(difference.add.map(({ object }) => object));
  // What it must drop may concern any object: until that is known, it is sent nothing.
  recovery.phase = { kind: difference.kind, missing, complete: difference.drop.length === 0 };
  if (difference.kind === 'backfill' && difference.cursor !== '') recovery.reach(difference.cursor);
  recovery.objectsLeft = missing.size;
}

/**
 * Pushes what the member lacks. `recovery` follows, so that writes meanwhile go to it as they must: its phase
 * must be set by {@link beginPhase} in the same turn in which the member was asked. Resolves when it has all.
 */
export async function catchUp(catching: Catching): Promise<void> {
  const { pg, run, member, recovery } = catching;
  const { difference } = member;
  if (recovery.copiesAll) await reserveRoom(pg, run, member);
  if (difference.kind === 'log') {
    await resetMember(pg, run, member, PgResetRequestPhase.BEGIN_LOG, { completeTo: difference.base });
    await copyMissing(catching, difference);
    recovery.requireRoom();
    recovery.requireNothingHeld();
    await resetMember(pg, run, member, PgResetRequestPhase.FINISH_LOG, { completeTo: pg.head, past: pg.info.past, ...trimOf(pg) });
  } else if (difference.kind === 'backfill') {
    if (difference.cursor === '') await resetMember(pg, run, member, PgResetRequestPhase.BEGIN_BACKFILL, {});
    else await copyMissing(catching, difference);
    await new Backfill(catching, difference.cursor).run();
  }
  recovery.phase = { kind: 'caught-up' };
}

/** Copies the objects that the member's log differs in. */
async function copyMissing(catching: Catching, difference: Extract<LogDifference, { kind: 'log' | 'backfill' }>): Promise<void> {
  const { ctx, pg, run, member, recovery } = catching;
  const { phase } = recovery;
  if (phase.kind !== 'log' && phase.kind !== 'backfill') return;
  const dropped = await entriesOf(pg, run, member, difference.drop);
  if (difference.drop.length > 0) recovery.dropsAreKnown(dropped.keys());
  const { missing } = phase;
  // What was removed first: it makes room for the rest.
  const isRemoved = (object: string): boolean => !exists(ctx, pg, object);
  const names = [...missing];
  const removed = new Set(names.filter(isRemoved));
  const objects = [...removed, ...names.filter((object) => !removed.has(object))];
  await inParallel(ctx.config.recoveryObjectsMax, objects, async (object) => {
    await mayGoOn(catching);
    const drop = dropped.get(object) ?? [];
    const copying = await copyLocked(catching, object, drop, missing);
    if (copying === 'held') recovery.held.add(object);
    recovery.objectsLeft = missing.size;
  });
}

/** A damaged object exists. */
function exists(ctx: OsdContext, pg: Pg, object: string): boolean {
  try {
    return ctx.store.stat(pg.id, object) !== undefined;
  } catch (error) {
    if (isDamage(error)) return true;
    throw error;
  }
}

/** What our log says about the object goes with it: all of it, for that changes nothing where the member has it. */
async function copyLocked(
  { ctx, pg, run, member }: Catching,
  object: string,
  drop: readonly Version[],
  missing: Set<string>,
): Promise<Copying> {
  if (!(await lockObject(pg, run, object, true))) {
    const copying = await withoutOurs(ctx, pg, run, member, object);
    if (copying === 'left') pg.contested.add(object);
    return copying;
  }
  try {
    const kept = pg.log.kept.filter((entry) => entry.object === object);
    const copying = await copyObject(ctx, pg, run, member, object, { add: pg.log.of(object), kept, drop });
    // Before the writes that wait: they go to it too.
    if (copying === 'copied') missing.delete(object);
    else if (copying === 'left') pg.contested.add(object);
    return copying;
  } finally {
    unlockObject(ctx, pg, run, object);
  }
}

/** Stops at the first failure; throws it when nothing is under way any more. */
async function inParallel<T>(width: number, items: readonly T[], fn: (item: T) => Promise<void>): Promise<void> {
  let at = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    while (at < items.length && failure === undefined) {
      await fn(items[at++] as T).catch((error: unknown) => (failure ??= { error }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failure !== undefined) throw failure.error;
}
