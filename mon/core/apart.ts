/**
 * OSDs that the mon reaches and that cannot reach each other, by their own reports.
 *
 * Either one's word is enough: both live, and a PG whose primary is one of them and a member the other would wait for
 * ever, since every write needs every member (R1). Nobody is marked down for it. Instead `settlePgs` arranges such PGs
 * so that the primary reaches all members, by another primary or without the member that is out of reach.
 * @module
 */
import type { OsdInfo } from '../../common/maps/cluster-map.ts';
import type { InstanceId, OsdId } from '../../common/maps/ids.ts';

/** A life of an OSD that another one has not been able to reach, and for how long. */
export interface Unreachable {
  readonly osd: OsdId;
  readonly instance: InstanceId;
  readonly forMs: number;
}

export interface Apartness {
  /** They have not reached each other for `apartMs`. By {@link pairOf}. */
  readonly now: ReadonlySet<string>;
  /** They were apart lately, and until then may be so again. */
  readonly untilMs: ReadonlyMap<string, number>;
}

export const noneApart: Apartness = { now: new Set(), untilMs: new Map() };

/** A pair's name, the same from both sides. */
export function pairOf(a: OsdId, b: OsdId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

export interface ApartInputs {
  readonly before: Apartness;
  readonly osds: ReadonlyMap<OsdId, OsdInfo>;
  readonly reports: ReadonlyMap<OsdId, { readonly unreachable: readonly Unreachable[] }>;
  readonly settings: { readonly apartMs: number; readonly apartHoldMs: number };
  readonly nowMs: number;
}

/** What the newest reports say; `before` itself when that is the same. */
export function apartAt({ before, osds, reports, settings, nowMs }: ApartInputs): Apartness {
  const now = new Set<string>();
  for (const [id, { unreachable }] of reports) {
    for (const { osd, instance, forMs } of unreachable) {
      const peer = osds.get(osd);
      if (forMs >= settings.apartMs && peer?.up === true && peer.instance === instance) now.add(pairOf(id, osd));
    }
  }
  if (now.size === 0 && before.untilMs.size === 0) return before;
  const untilMs = new Map([...before.untilMs].filter(([, until]) => until > nowMs));
  for (const pair of now) untilMs.set(pair, nowMs + settings.apartHoldMs);
  return { now, untilMs };
}

/** Whether the two tell PGs to be arranged differently. */
export function differ(a: Apartness, b: Apartness): boolean {
  return !sameKeys(a.now, b.now) || !sameKeys(a.untilMs, b.untilMs);
}

/** Pairs that are apart now, for people. */
export function pairsApart({ now }: Apartness): readonly (readonly [a: number, b: number])[] {
  return [...now].map((pair) => pair.split(' ').map(Number) as [number, number]).sort(([a, b], [c, d]) => a - c || b - d);
}

function sameKeys(
  a: { readonly size: number; keys(): Iterable<string> },
  b: { readonly size: number; has(key: string): boolean },
): boolean {
  if (a.size !== b.size) return false;
  for (const key of a.keys()) if (!b.has(key)) return false;
  return true;
}
