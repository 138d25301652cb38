/**
 * Finds out whether a daemon that someone could not reach is gone: tries its address itself. Refused means that
 * no process listens there, so that life is over (R4); anything else leaves it to the lease. Whoever takes the connection is looked
 * at again: of a process that is being killed the connections may end before the address does.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import { type EntityName, type InstanceId, parseEntityName, osdId } from '../../common/maps/ids.ts';
import { onAbort } from '../../common/runtime/on-abort.ts';
import type { MonContext } from '../context.ts';

interface Suspect {
  readonly address: string;
  readonly instance: InstanceId;
}

/** After a look that found somebody, the next follow so much later. */
const looksAgainMs = [100, 400, 1_000];

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
    try {
      for (const waitMs of [0, ...looksAgainMs]) {
        await this.#wait(waitMs);
        if (this.#find(entity)?.instance !== suspect.instance || this.#abort.signal.aborted) return;
        if (await this.#isRefused(suspect)) {
          this.#gone(entity, suspect);
          return;
        }
      }
    } finally {
      this.#running.delete(entity);
    }
  }

  async #isRefused({ address }: Suspect): Promise<boolean> {
    const { env, config } = this.#mon;
    const { signal } = this.#abort;
    try {
      const connection = await env.network.connect(address, { signal, timeoutMs: config.probeMs });
      connection.setHandlers({ onFrame: () => undefined, onClose: () => undefined });
      connection.close('a probe by the monitor');
      return false;
    } catch (error) {
      return toFsError(error).code === 'ECONNREFUSED' && !signal.aborted;
    }
  }

  async #wait(ms: number): Promise<void> {
    const { signal } = this.#abort;
    if (ms === 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        timer.cancel();
        forget();
        resolve();
      };
      const timer = this.#mon.env.clock.setTimer(ms, done);
      const forget = onAbort(signal, done);
    });
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
