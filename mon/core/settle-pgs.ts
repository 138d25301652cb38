/**
 * Who acts for each PG after a change of the map: the one place that changes acting sets (DESIGN §4).
 *
 * Rules kept here, for a PG with acting set A in interval I:
 *  R2  the new set is made of survivors of A and of OSDs that A's primary certified in I. A certified OSD must be
 *      a member to come (`candidatesOf`), alive, and have lived through all of I: a restart of any member, to come or of A,
 *      begins a new interval, so a certificate of an earlier life carries an old interval and never gets here.
 *      An OSD that comes back with another store is no survivor (replaced-stores.ts).
 *  R3  with no survivor A stays as it is, and the PG is down. OSDs that leave in one epoch leave A all at once:
 *      then each of them holds every acknowledged write (R1), and those that return may serve. The first that
 *      does waits a little for the others: if they come too, nothing has to be recovered. The set ends only when an
 *      administrator has given up the disks of all members (`osd lost`): then who left it last takes over, with what it has.
 *  R4  a live member that may still believe to be primary is not dropped: neither I's primary, nor one that has
 *      not shown that it knows I. It stays as a replica until it has, so that nothing is acknowledged or read
 *      behind its back (a write needs its word, and it gives none in an old interval).
 *  Members that cannot reach each other (apart.ts) are arranged so that the primary reaches all who serve.
 *  The interval rises when A, `up`, the members to come or the life of an OSD in them changes, and when the pool's PGs are split. What comes of a PG then
 *  starts from its set: each of its members has all of the PG, and splits its copy before it takes part in the new interval.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import { type ClusterMap, type FormerMember, type PgRecord, lostUuid } from '../../common/maps/cluster-map.ts';
import { type Epoch, type OsdId, type PgId, epoch, pgId } from '../../common/maps/ids.ts';
import { splitParent } from '../../common/maps/pg-split.ts';
import { candidatesOf, pgMappingAt } from '../../common/maps/placement.ts';
import { isReplaced } from './replaced-stores.ts';

/** So many of those that left are remembered for each PG. */
const formerMax = 8;

export interface PgFacts {
  /** OSDs certified since `before`, by PG; their certificates carried the PG's interval in `before`. */
  readonly certified: ReadonlyMap<PgId, ReadonlySet<OsdId>>;
  /** Newest epoch that the OSD has shown to know in this life; 0 when it has shown none. */
  readonly knownEpoch: (osd: OsdId) => number;
  /** Whether an OSD that is down has been so only for a moment and may be back soon. */
  readonly isExpected: (osd: OsdId) => boolean;
  /** Whether `from` cannot reach `to`, although both are up. */
  readonly isCut: (from: OsdId, to: OsdId) => boolean;
  /** Whether two could not reach each other, now or lately. */
  readonly wereApart: (a: OsdId, b: OsdId) => boolean;
}

/**
 * The PG records that belong to `after` (whose own `pgs` are still those of `before`). Records that do not
 * change are shared; so is the whole map when none does.
 */
export function settlePgs(before: ClusterMap, after: ClusterMap, facts: PgFacts): ReadonlyMap<PgId, PgRecord> {
  const changed = new Map<PgId, PgRecord>();
  for (const pool of after.pools.values()) {
    const pgNumBefore = before.pools.get(pool.id)?.pgNum ?? pool.pgNum;
    const isSplit = pgNumBefore < pool.pgNum;
    for (let seq = 0; seq < pool.pgNum; seq++) {
      const id = pgId(pool.id, seq);
      const source = seq < pgNumBefore ? id : pgId(pool.id, splitParent(seq, pgNumBefore));
      const record = before.pgs.get(source);
      const { size, minSize } = pool;
      const settled = settlePg(before, after, facts, { source, isSplit, pool: pool.id, seq, size, minSize, record });
      if (settled !== record) changed.set(id, settled);
    }
  }
  const gone = after.pools === before.pools ? [] : [...before.pgs.keys()].filter((id) => !isOfPool(after, id));
  if (changed.size + gone.length === 0) return before.pgs;
  const pgs = new Map(before.pgs);
  for (const id of gone) pgs.delete(id);
  for (const [id, record] of changed) pgs.set(id, record);
  return pgs;
}

/**
 * Whether time alone may change a PG: it has a member it does not need, which could not be let go yet (R4), or
 * waits for members to come back.
 */
export function isUnsettled(map: ClusterMap): boolean {
  const isUp = (osd: OsdId): boolean => map.osds.get(osd)?.up === true;
  for (const [id, { acting }] of map.pgs) {
    if (acting.length > (poolOf(map, id)?.size ?? acting.length)) return true;
    if (!acting.every(isUp) && acting.some(isUp)) return true;
  }
  return false;
}

interface Pg {
  /** The PG that it was before: itself, unless it comes out of a split. */
  readonly source: PgId;
  readonly isSplit: boolean;
  readonly pool: Parameters<typeof pgMappingAt>[1];
  readonly seq: number;
  readonly size: number;
  readonly minSize: number;
  /** Of the source. Undefined for a PG that is being made. */
  readonly record: PgRecord | undefined;
}

function settlePg(before: ClusterMap, after: ClusterMap, facts: PgFacts, pg: Pg): PgRecord {
  const up = pgMappingAt(after, pg.pool, pg.seq)?.up ?? [];
  const { record } = pg;
  if (!record || record.acting.length === 0) return record && up.length === 0 && !pg.isSplit ? record : begun(after, pg, up);
  // Who comes back with another store holds nothing; a boot like that is refused where nobody else is left.
  const holders = record.acting.filter((osd) => !isReplaced(before, after, osd));
  const former = record.former.filter(({ osd }) => after.osds.has(osd) && !isReplaced(before, after, osd));
  if (holders.length === 0) return givenUp(after, { ...pg, record }, former, up);
  const { up: upBefore = [], candidates: candidatesBefore = [] } = pgMappingAt(before, pg.pool, pg.seq) ?? {};
  const acting = nextActing(before, after, facts, { ...pg, record }, holders, up);
  const lifeChanged = (osd: OsdId): boolean => before.osds.get(osd)?.upFrom !== after.osds.get(osd)?.upFrom;
  const isPlaced = acting.length >= pg.size && sameList(acting, up);
  const takesWrites = acting.length >= pg.minSize;
  const left = holders.map((osd): FormerMember => ({ osd, leftAt: after.epoch, current: true })).concat(former);
  const gone = left.filter(({ osd }) => !acting.includes(osd)).slice(0, formerMax);
  const still = isPlaced ? [] : takesWrites ? gone.map(outOfDate) : gone;
  const isStill = still.length === record.former.length && still.every((member, i) => member.current === record.former[i]?.current);
  const candidates = candidatesOf(after.osds, up, { acting, former: still });
  const isSame =
    !pg.isSplit &&
    sameList(acting, record.acting) &&
    sameList(up, upBefore) &&
    sameList(candidates, candidatesBefore) &&
    ![...acting, ...up, ...candidates].some(lifeChanged);
  if (isSame && isStill) return record;
  return {
    acting: sameList(acting, record.acting) ? record.acting : acting,
    interval: isSame ? record.interval : after.epoch,
    former: still,
    lostAt: record.lostAt,
  };
}

/** From now on writes are acknowledged that it does not have. */
function outOfDate(member: FormerMember): FormerMember {
  return member.current ? { ...member, current: false } : member;
}

/** Nothing was ever written while the set was empty: whoever is proposed may begin; one alone where there may be old copies. */
function begun({ epoch: interval }: ClusterMap, { size, record }: Pg, up: readonly OsdId[]): PgRecord {
  const lostAt = record?.lostAt ?? epoch(0);
  return { acting: up.slice(0, lostAt > 0 ? 1 : size), interval, former: [], lostAt };
}

/**
 * An administrator has said that the disks of all members are gone. Whoever left last, with all that was acknowledged until
 * then, serves that, or is waited for. Where there is nobody, one begins with whatever it has.
 */
function givenUp(
  after: ClusterMap,
  { source, record }: Pg & { readonly record: PgRecord },
  former: readonly FormerMember[],
  up: readonly OsdId[],
): PgRecord {
  assert(
    record.acting.some((osd) => after.osds.get(osd)?.uuid === lostUuid),
    `PG ${source} loses its last member`,
  );
  const next = successorOf(after, former);
  return {
    acting: next === undefined ? up.slice(0, 1) : [next.osd],
    interval: after.epoch,
    former: former.filter((member) => member !== next).map(outOfDate),
    lostAt: after.epoch,
  };
}

/** Of those that left last, who all have the same, one that is up if there is one. */
export function successorOf({ osds }: Pick<ClusterMap, 'osds'>, former: readonly FormerMember[]): FormerMember | undefined {
  const last = former.filter(({ leftAt }) => leftAt === former[0]?.leftAt);
  return last.find(({ osd }) => osds.get(osd)?.up === true) ?? last[0];
}

function nextActing(
  before: ClusterMap,
  after: ClusterMap,
  facts: PgFacts,
  { source, size, minSize, record }: Pg & { readonly record: PgRecord },
  holders: readonly OsdId[],
  up: readonly OsdId[],
): readonly OsdId[] {
  const isAlive = (osd: OsdId): boolean => after.osds.get(osd)?.up === true;
  const livedOn = (osd: OsdId): boolean => isAlive(osd) && before.osds.get(osd)?.upFrom === after.osds.get(osd)?.upFrom;
  const survivors = holders.filter(isAlive);
  const certified = [...(facts.certified.get(source) ?? [])].filter((osd) => livedOn(osd) && !survivors.includes(osd));
  const complete = [...survivors, ...certified];
  if (complete.length === 0) return holders;
  const wasDown = record.acting.some((osd) => before.osds.get(osd)?.up !== true);
  if (wasDown && holders.some((osd) => !isAlive(osd) && facts.isExpected(osd))) return holders;
  const ordered = [...up.filter((osd) => complete.includes(osd)), ...complete.filter((osd) => !up.includes(osd))];
  const primary = wasDown ? undefined : record.acting[0];
  const mayLeave = (osd: OsdId): boolean => osd !== primary && facts.knownEpoch(osd) >= record.interval;
  const arranged = arrange(ordered, { size, minSize }, facts);
  const kept = ordered.filter((osd) => !arranged.includes(osd) && holders.includes(osd) && livedOn(osd) && !mayLeave(osd));
  return [...arranged, ...kept];
}

/**
 * The members that are to serve, primary first: as `ordered` wants it, unless some of them cannot reach each other. Then the
 * primary is the one that reaches most of the others, and those that it does not reach are left out while enough
 * remain for writes; where they do not, nothing is gained by leaving anybody out. Who reaches whom again keeps to this for a
 * while (`wereApart`), so that a connection that comes and goes does not have primaries change with it.
 */
function arrange(
  ordered: readonly OsdId[],
  { size, minSize }: { readonly size: number; readonly minSize: number },
  { isCut, wereApart }: PgFacts,
): readonly OsdId[] {
  const reach = (from: OsdId, without: typeof isCut): readonly OsdId[] => ordered.filter((osd) => osd === from || !without(from, osd));
  if (ordered.every((osd) => reach(osd, wereApart).length === ordered.length)) return ordered.slice(0, size);
  const count = (osd: OsdId, without: typeof isCut): number => Math.min(size, reach(osd, without).length);
  const better = (a: OsdId, b: OsdId): number => count(b, isCut) - count(a, isCut) || count(b, wereApart) - count(a, wereApart);
  // Sorting is stable: of equals the one that CRUSH wants first.
  const [primary] = ordered.slice(0, size).sort(better) as [OsdId];
  const members = reach(primary, isCut);
  if (members.length < minSize) return ordered.slice(0, size);
  return [primary, ...members.filter((osd) => osd !== primary)].slice(0, size);
}

function isOfPool(map: ClusterMap, id: PgId): boolean {
  return poolOf(map, id) !== undefined;
}

function poolOf(map: ClusterMap, id: PgId): { readonly size: number } | undefined {
  return map.pools.get(Number(id.slice(0, id.indexOf('.'))) as Parameters<typeof map.pools.get>[0]);
}

function sameList(a: readonly OsdId[], b: readonly OsdId[]): boolean {
  return a.length === b.length && a.every((osd, i) => osd === b[i]);
}

/** Whether `interval` is the PG's current one. */
export function isCurrentInterval(map: ClusterMap, id: PgId, interval: Epoch): boolean {
  return map.pgs.get(id)?.interval === interval;
}
