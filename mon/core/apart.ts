/**
 * OSDs that the mon reaches and that cannot reach each other, by their own reports.
 *
 * Both live, and a PG whose primary is one of them and a member the other would wait for ever, since every write needs
 * every member (R1). Nobody is marked down for it. Instead `settlePgs` arranges such PGs so that the primary reaches all
 * members: by another primary, or without the member that is out of reach.
 *
 * Who is silent towards the mon as well is not apart but probably dead: were it kept, of two members that each seem to reach
 * nobody, and the living one left out, its PG would be down with it.
 *
 * One's report counts for both ways, since a broken network seldom breaks one way only, and the other may not have tried
 * yet. But a certificate proves that its sender reached the member at that moment: a silence that began before says nothing
 * about that way, since the member's own connection may take a little longer to come back. In what order the two are heard
 * does not matter.
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
  /** Who does not reach whom. By {@link way}. */
  readonly cut: ReadonlySet<string>;
  /** When who has reached whom for certain, as long as somebody may still tell of a silence from before. By {@link way}. */
  readonly reachedMs: ReadonlyMap<string, number>;
  /** Pairs that were apart lately, and until when they count as such. By {@link pairOf}. */
  readonly untilMs: ReadonlyMap<string, number>;
}

/**
 * Of the time that one has not reached another, the part in which the mon must have heard the other. A session is silent for up to
 * a ping's time before the other is asked for a sign of life: only the second half is known to be without an answer. And
 * clocks differ a little.
 */
const sinceShare = 0.45;

export const noneApart: Apartness = { cut: new Set(), reachedMs: new Map(), untilMs: new Map() };

/** Names what goes from one to the other. */
export function way(from: OsdId, to: OsdId): string {
  return `${from}>${to}`;
}

/** A pair's name, the same from both sides. */
export function pairOf(a: OsdId, b: OsdId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

export interface ApartInputs {
  readonly before: Apartness;
  readonly osds: ReadonlyMap<OsdId, OsdInfo>;
  /** With when the mon heard it. */
  readonly reports: ReadonlyMap<OsdId, { readonly unreachable: readonly Unreachable[]; readonly heardMs: number }>;
  readonly settings: { readonly apartMs: number; readonly apartHoldMs: number; readonly leaseMs: number };
  readonly nowMs: number;
}

/** What the newest reports say; `before` itself when nobody is apart, nor was. */
export function apartAt({ before, osds, reports, settings, nowMs }: ApartInputs): Apartness {
  const said = new Map<string, Silence>();
  for (const [from, { unreachable, heardMs }] of reports) {
    for (const { osd: to, instance, forMs } of unreachable) {
      const peer = osds.get(to);
      if (forMs < settings.apartMs || peer?.up !== true || peer.instance !== instance) continue;
      // Older than its own certificate.
      if ((before.reachedMs.get(way(from, to)) ?? Number.NEGATIVE_INFINITY) >= heardMs) continue;
      // One that the mon has not heard since either is dead or cut off from all: that is for its lease to show.
      const heardPeerMs = reports.get(to)?.heardMs ?? Number.NEGATIVE_INFINITY;
      if (heardPeerMs > nowMs - sinceShare * forMs) said.set(way(from, to), { from, to, sinceMs: heardMs - forMs });
    }
  }
  if (said.size + before.untilMs.size + before.reachedMs.size === 0) return before;
  const untilMs = new Map([...before.untilMs].filter(([, until]) => until > nowMs));
  const cut = new Set(said.keys());
  const denied = new Set<string>();
  for (const { from, to, sinceMs } of said.values()) {
    untilMs.set(pairOf(from, to), nowMs + settings.apartHoldMs);
    const back = way(to, from);
    if ((before.reachedMs.get(back) ?? Number.NEGATIVE_INFINITY) > sinceMs) denied.add(back);
    else cut.add(back);
  }
  // Every silence from before a proof is told within that time; one that is told keeps the proof.
  const keptMs = settings.apartMs + settings.leaseMs;
  const reachedMs = new Map([...before.reachedMs].filter(([there, ms]) => denied.has(there) || ms > nowMs - keptMs));
  return { cut, reachedMs, untilMs };
}

/** What one says of the way to another. */
interface Silence {
  readonly from: OsdId;
  readonly to: OsdId;
  readonly sinceMs: number;
}

/** `from` has just reached `to`. */
export function proveReached(apart: Apartness, from: OsdId, to: OsdId, nowMs: number): Apartness {
  const there = way(from, to);
  const cut = apart.cut.has(there) ? new Set([...apart.cut].filter((other) => other !== there)) : apart.cut;
  return { ...apart, cut, reachedMs: new Map(apart.reachedMs).set(there, nowMs) };
}

/** Whether the two tell PGs to be arranged differently. */
export function differ(a: Apartness, b: Apartness): boolean {
  return !sameKeys(a.cut, b.cut) || !sameKeys(a.untilMs, b.untilMs);
}

/** Pairs that are apart now, for people. */
export function pairsApart({ cut }: Apartness): readonly (readonly [a: OsdId, b: OsdId])[] {
  const pairs = new Set([...cut].map((there) => pairOf(...(there.split('>').map(Number) as [OsdId, OsdId]))));
  return [...pairs].map((pair) => pair.split(' ').map(Number) as [OsdId, OsdId]).sort(([a, b], [c, d]) => a - c || b - d);
}

function sameKeys(
  a: { readonly size: number; keys(): Iterable<string> },
  b: { readonly size: number; has(key: string): boolean },
): boolean {
  if (a.size !== b.size) return false;
  for (const key of a.keys()) if (!b.has(key)) return false;
  return true;
}
