/**
 * What is wrong with who is there and where things may be placed: for health.
 * @module
 */
import { countDomains } from '../../common/crush/crush-edit.ts';
import type { PoolInfo } from '../../common/maps/cluster-map.ts';
import { type OsdId, type PgId, pgId } from '../../common/maps/ids.ts';
import { effectiveReweight, rawPlacement } from '../../common/maps/placement.ts';
import { pairsApart } from './apart.ts';
import { flappingOsds } from './flapping.ts';
import type { MonState } from './state.ts';

export interface PlacementCheck {
  readonly code: 'TOO_FEW_DOMAINS' | 'PG_UNPLACEABLE' | 'OSD_FLAPPING' | 'OSD_APART';
  readonly summary: string;
  readonly detail: readonly string[];
}

export function placementChecks(state: MonState): PlacementCheck[] {
  return [...domainChecks(state), ...flapChecks(state), ...apartChecks(state)];
}

/** Pools whose rule cannot be met, and PGs for which CRUSH finds too few places although it could. */
function* domainChecks(state: MonState): Generator<PlacementCheck> {
  const { map } = state;
  const poor: string[] = [];
  const unplaceable: PgId[] = [];
  for (const pool of map.pools.values()) {
    const domains = usableDomains(state, pool);
    if (domains && domains.count < pool.size) {
      if (domains.kind !== 'osd')
        poor.push(`pool ${pool.name}: ${pool.size} copies in distinct ${domains.kind}s are wanted, ${domains.count} have OSDs that are in`);
      continue;
    }
    for (let seq = 0; seq < pool.pgNum; seq++) if (rawPlacement(map, pool, seq).length < pool.size) unplaceable.push(pgId(pool.id, seq));
  }
  if (poor.length > 0)
    yield { code: 'TOO_FEW_DOMAINS', summary: `${poor.length} of ${map.pools.size} pools cannot have all copies apart`, detail: poor };
  if (unplaceable.length > 0)
    yield {
      code: 'PG_UNPLACEABLE',
      summary: `for ${unplaceable.length} PGs CRUSH finds too few OSDs`,
      detail: unplaceable.map(
        (id) => `PG ${id}: what is out weighs too much against the rest, or hosts and racks are too uneven for its rule`,
      ),
    };
}

/** How many failure domains of its rule's kind a pool can use. */
function usableDomains({ map }: MonState, pool: PoolInfo): { readonly kind: string; readonly count: number } | undefined {
  const rule = map.crush.rules.find(({ name }) => name === pool.rule);
  return (
    rule && { kind: rule.failureDomain, count: countDomains(map.crush, rule, (osd) => effectiveReweight(map.osds.get(osd as OsdId)) > 0) }
  );
}

function* flapChecks(state: MonState): Generator<PlacementCheck> {
  const found = flappingOsds(state);
  if (found.length === 0) return;
  const minutes = state.settings.flapWindowMs / 60_000;
  yield {
    code: 'OSD_FLAPPING',
    summary: `${found.length} OSDs go down again and again`,
    detail: found.map(({ id, downs, leftMs }) => {
      const up = state.map.osds.get(id)?.up === true;
      const outlook = up
        ? 'it is up now'
        : leftMs > 0
          ? `it is let in again in ${Math.ceil(leftMs / 1_000)} s`
          : 'it may come back at any time';
      return `osd.${id} went down ${downs} times within ${minutes} minutes: ${outlook}`;
    }),
  };
}

function* apartChecks({ map, apart }: MonState): Generator<PlacementCheck> {
  const pairs = pairsApart(apart);
  if (pairs.length === 0) return;
  const where = (osd: OsdId): string => `osd.${osd} (${map.osds.get(osd)?.host ?? 'unknown'})`;
  yield {
    code: 'OSD_APART',
    summary: `${pairs.length} pairs of OSDs cannot reach each other`,
    detail: pairs.map(([a, b]) => `${where(a)} and ${where(b)} do not reach each other, the mon reaches both`),
  };
}
