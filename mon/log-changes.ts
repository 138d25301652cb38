import { type ClusterMap, type MdsInfo, type OsdInfo, lostUuid } from '../common/maps/cluster-map.ts';
import type { Log } from '../common/runtime/log.ts';

/** Writes what an administrator wants to know of a new epoch: who came, who went, what was made. */
export function logChanges(log: Log, before: ClusterMap, after: ClusterMap): void {
  const { epoch } = after;
  if (before.osds !== after.osds) for (const osd of after.osds.values()) logOsd(log, epoch, before.osds.get(osd.id), osd);
  if (before.mdss !== after.mdss) {
    for (const mds of after.mdss.values()) logMds(log, epoch, before.mdss.get(mds.name), mds);
    for (const { name, rank } of before.mdss.values()) if (!after.mdss.has(name)) log.warn({ epoch, mds: name, rank }, 'MDS left');
  }
  for (const { id, name, size, pgNum } of after.pools.values())
    if (!before.pools.has(id)) log.info({ epoch, pool: name, size, pgNum }, 'pool made');
  if (before.pgs !== after.pgs)
    for (const [pg, { acting, lostAt }] of after.pgs)
      if (lostAt === epoch)
        log.warn({ epoch, pg, acting }, 'the last members of a PG were given up as lost, it goes on with what others have');
  if (before.flags !== after.flags) log.info({ epoch, flags: [...after.flags] }, 'flags changed');
}

function logOsd(log: Log, epoch: number, before: OsdInfo | undefined, { id, uuid, up, in: isIn, upFrom, address, host }: OsdInfo): void {
  if (up && before?.upFrom !== upFrom) log.info({ epoch, osd: id, address, host }, before ? 'OSD up' : 'new OSD up');
  if (uuid === lostUuid && before && before.uuid !== lostUuid)
    log.warn({ epoch, osd: id, host, uuid: before.uuid }, 'OSD given up as lost');
  if (!up && before?.up === true) log.warn({ epoch, osd: id, host }, 'OSD down');
  if (before && before.in !== isIn) log.info({ epoch, osd: id }, isIn ? 'OSD in' : 'OSD out');
}

function logMds(log: Log, epoch: number, before: MdsInfo | undefined, { name, instance, state, rank }: MdsInfo): void {
  if (before?.instance !== instance || before.state !== state || before.rank !== rank)
    log.info({ epoch, mds: name, state, rank }, 'MDS state');
}
