/**
 * Damping of OSDs that go down and up again and again: each return makes their PGs peer and recover, for nothing.
 *
 * More than `flapDownsMax` times down within `flapWindowMs`, and the OSD's boots are refused for `flapWaitMs` from when
 * it went down, twice as long with every further time, at most `flapWaitMaxMs`; after a quiet `flapWindowMs` all is
 * forgotten. An OSD that a PG needs to be served is never kept waiting.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { OsdId } from '../../common/maps/ids.ts';
import { allPgs, rawPlacement } from '../../common/maps/placement.ts';
import { poolOfPg } from './pg-states.ts';
import type { MonState, Now } from './state.ts';

/** An OSD has failed. */
export function noteDown(state: MonState, id: OsdId, now: Now): void {
  if (state.settings.flapDownsMax === 0) return;
  state.flaps.set(id, [...recentDowns(state, id, now.monotonicMs), now.monotonicMs]);
}

/** Whether the boot of an OSD is to be refused for now. */
export function refuseFlapping(state: MonState, id: OsdId, now: Now): boolean {
  return waitLeftMs(state, id, now.monotonicMs) > 0 && !isNeeded(state, id);
}

/** The refusal: the OSD tries again by itself. */
export function flapping(state: MonState, id: OsdId, now: Now): FsError {
  const seconds = Math.ceil(waitLeftMs(state, id, now.monotonicMs) / 1_000);
  const downs = recentDowns(state, id, now.monotonicMs).length;
  const minutes = state.settings.flapWindowMs / 60_000;
  return new FsError('EAGAIN', `osd.${id} went down ${downs} times within ${minutes} minutes: it is let in again in ${seconds} s`, {
    retry: 'safe',
  });
}

/** OSDs that went down too often: how often, and for how long each is kept down yet. */
export function flappingOsds(state: MonState): { readonly id: OsdId; readonly downs: number; readonly leftMs: number }[] {
  const { flapDownsMax } = state.settings;
  return [...state.flaps.keys()]
    .map((id) => ({ id, downs: recentDowns(state, id, state.tickedMs).length, leftMs: waitLeftMs(state, id, state.tickedMs) }))
    .filter(({ downs }) => downs > flapDownsMax)
    .sort((a, b) => a.id - b.id);
}

/** Forgets what was long ago. */
export function tickFlaps(state: MonState, now: Now): void {
  for (const id of state.flaps.keys()) if (recentDowns(state, id, now.monotonicMs).length === 0) state.flaps.delete(id);
}

function recentDowns({ flaps, settings }: MonState, id: OsdId, nowMs: number): readonly number[] {
  return (flaps.get(id) ?? []).filter((atMs) => nowMs - atMs < settings.flapWindowMs);
}

function waitLeftMs(state: MonState, id: OsdId, nowMs: number): number {
  const { flapDownsMax, flapWaitMs, flapWaitMaxMs } = state.settings;
  const downs = recentDowns(state, id, nowMs);
  const beyond = downs.length - flapDownsMax;
  if (flapDownsMax === 0 || beyond <= 0) return 0;
  const waitMs = Math.min(flapWaitMaxMs, flapWaitMs * 2 ** Math.min(beyond - 1, 30));
  return Math.max(0, (downs.at(-1) ?? 0) + waitMs - nowMs);
}

/** Whether some PG that it holds, or should hold, has too few members without it to serve writes. */
function isNeeded({ map, draft }: MonState, id: OsdId): boolean {
  for (const { pgId, acting } of allPgs(map)) {
    const pool = poolOfPg(map, pgId);
    if (!pool) continue;
    const left = acting.filter((osd) => osd !== id && draft.osds.get(osd)?.up === true).length;
    if (left >= pool.minSize) continue;
    const seq = Number.parseInt(pgId.slice(pgId.indexOf('.') + 1), 16);
    if (acting.includes(id) || rawPlacement(map, pool, seq).includes(id)) return true;
  }
  return false;
}
