/**
 * OSDs begin and end, with their disks: replaced by empty ones, given up, removed for good.
 * @module
 */
import { FsError } from '../../../../common/errors/fs-error.ts';
import { instanceId } from '../../../../common/maps/ids.ts';
import type { Ground, TestOsd } from './ground.ts';
import { pgBefore, pgNumOf, setOf } from './split-pool.ts';

export class Lives {
  readonly #ground: Ground;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** Its next life, of which the mon has not heard. */
  start(osd: TestOsd): boolean {
    if (osd.alive) return false;
    Object.assign(osd, { alive: true, instance: instanceId(osd.instance + 1), leaseUntilMs: 0 });
    osd.active.clear();
    osd.certified.clear();
    return true;
  }

  boot(osd: TestOsd): true {
    const { id, instance, map, uuid } = osd;
    this.#ground.core.bootOsd(
      {
        osd: id,
        uuid,
        instance,
        address: `h:${id}`,
        host: `h${id}`,
        totalBytes: 2 ** 40,
        newestEpoch: osd.joined ? map.epoch : 0,
        rack: '',
        weight: 0,
      },
      this.#ground.now(),
    );
    return true;
  }

  /** A boot that is refused while the OSD is flapping is tried again. */
  tryBoot(osd: TestOsd): boolean {
    try {
      return this.boot(osd);
    } catch (error) {
      if (!(error instanceof FsError) || error.code !== 'EAGAIN') throw error;
      this.#ground.count('damped');
      return false;
    }
  }

  /** It starts with an empty disk; when that is refused, the old one is put back. */
  replace(osd: TestOsd): boolean {
    const { has, uuid, joined } = osd;
    this.start(osd);
    Object.assign(osd, { has: new Map(), uuid: nextUuid(uuid), joined: false });
    try {
      this.boot(osd);
      // Until that is in the map the old disk counts, and it is gone.
      this.#ground.seal();
      return true;
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      this.#ground.count(`replace: ${error.code}`);
      Object.assign(osd, { alive: false, has, uuid, joined });
      return false;
    }
  }

  /** Its disk is gone for good, and an administrator says so; an empty one comes in its place. */
  lose(osd: TestOsd): boolean {
    this.#ground.seal();
    try {
      const sure = 'what only it has is lost for good';
      this.#ground.command({ prefix: 'osd lost', osd: osd.id, again: osd.id, sure });
    } catch (error) {
      // Not known to be down yet, or never up, or removed.
      if (error instanceof FsError && (error.code === 'EBUSY' || error.code === 'ENOENT')) return false;
      throw error;
    }
    Object.assign(osd, { uuid: nextUuid(osd.uuid), joined: false, has: new Map() });
    this.#ground.seal();
    this.#forgetLost();
    return true;
  }

  /** Of PGs that were given up, what the one that goes on has not is no longer expected of anybody. */
  #forgetLost(): void {
    for (const [pg, { acting, lostAt }] of this.#ground.map.pgs) {
      if (lostAt !== this.#ground.map.epoch) continue;
      this.#ground.count('given up');
      const [next] = acting.map((id) => this.#ground.osd(id));
      const has = next === undefined ? new Set() : setOf(next.has, pgBefore(pg, pgNumOf(next.map)));
      const acked = setOf(this.#ground.acked, pg);
      for (const write of acked) if (!has.has(write)) acked.delete(write);
    }
  }

  /** Takes an OSD out of the cluster for good, if that is allowed; an empty disk comes in its place. */
  remove(osd: TestOsd): boolean {
    try {
      // A disk that was given up has no name any more.
      this.#ground.command({ prefix: 'osd rm', osd: osd.id, ...(osd.joined ? { uuid: osd.uuid } : {}) });
    } catch (error) {
      if (error instanceof FsError && error.code === 'EBUSY') return false;
      throw error;
    }
    this.#ground.seal();
    this.#ground.check();
    if (!osd.joined) return true;
    try {
      this.boot(osd);
    } catch (error) {
      if (!(error instanceof FsError) || error.code !== 'EEXIST') throw error;
      Object.assign(osd, { uuid: nextUuid(osd.uuid), joined: false, map: this.#ground.maps[0] });
      osd.has.clear();
      osd.active.clear();
      osd.certified.clear();
      return true;
    }
    throw new Error(`osd.${osd.id} is back after it was removed`);
  }
}

/** `u3.1` after `u3.0`. */
function nextUuid(uuid: string): string {
  const [osd, disk] = uuid.split('.') as [string, string];
  return `${osd}.${Number(disk) + 1}`;
}
