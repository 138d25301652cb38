/**
 * Finds out whether a daemon that someone could not reach is gone: tries its address itself. Refused means that
 * no process listens there, so that life is over (R4); anything else leaves it to the lease.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import { type EntityName, type InstanceId, parseEntityName, osdId } from '../../common/maps/ids.ts';
import type { MonContext } from '../context.ts';

interface Suspect {
  readonly address: string;
  readonly instance: InstanceId;
}

export class Probe {
  readonly #mon: MonContext;
  readonly #running = new Set<EntityName>();
  readonly #abort = new AbortController();

  constructor(mon: MonContext) {
    this.#mon = mon;
  }

  /** Someone lost, or could not make, a connection to this life of a daemon. One attempt at a time each. */
  suspect(entity: EntityName, instance: InstanceId): void {
    const suspect = this.#find(entity);
    if (suspect?.instance !== instance || this.#running.has(entity) || this.#abort.signal.aborted) return;
    this.#running.add(entity);
    this.#mon.env.spawn(`probe of ${entity}`, () => this.#probe(entity, suspect));
  }

  stop(): void {
    this.#abort.abort();
  }

  async #probe(entity: EntityName, suspect: Suspect): Promise<void> {
    const { env, config } = this.#mon;
    try {
      const connection = await env.network.connect(suspect.address, { signal: this.#abort.signal, timeoutMs: config.probeMs });
      connection.setHandlers({ onFrame: () => undefined, onClose: () => undefined });
      connection.close('a probe by the monitor');
    } catch (error) {
      if (toFsError(error).code === 'ECONNREFUSED' && !this.#abort.signal.aborted) this.#gone(entity, suspect);
    } finally {
      this.#running.delete(entity);
    }
  }

  #gone(entity: EntityName, { address, instance }: Suspect): void {
    const { env, core } = this.#mon;
    const parsed = parseEntityName(entity);
    env.log.debug({ entity, address }, 'its process is gone: nobody listens at its address');
    if (parsed?.type === 'osd') core.osdGone(osdId(Number(parsed.id)), instance, this.#mon.now());
    if (parsed?.type === 'mds') core.mdsGone(entity, instance, this.#mon.now());
    void this.#mon.settled();
  }

  /** What the map says of an OSD that is up, or an MDS. */
  #find(entity: EntityName): Suspect | undefined {
    const { map } = this.#mon.core;
    const parsed = parseEntityName(entity);
    if (parsed?.type === 'mds') return map.mdss.get(entity);
    if (parsed?.type !== 'osd' || !/^\d{1,9}$/.test(parsed.id)) return undefined;
    const osd = map.osds.get(osdId(Number(parsed.id)));
    return osd?.up === true ? osd : undefined;
  }
}
