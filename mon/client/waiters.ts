import { FsError } from '../../common/errors/fs-error.ts';
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import type { Epoch } from '../../common/maps/ids.ts';
import type { Clock } from '../../common/runtime/clock.ts';
import { onAbort } from '../../common/runtime/on-abort.ts';

interface Waiter {
  readonly epoch: Epoch;
  readonly resolve: (map: ClusterMap) => void;
  readonly reject: (error: FsError) => void;
}

/** Those who wait for a map of some epoch. */
export class Waiters {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Newest epoch that someone waits for; 0 when nobody does. */
  get newest(): number {
    let newest = 0;
    for (const { epoch } of this.#waiters) newest = Math.max(newest, epoch);
    return newest;
  }

  /** Rejects with ETIMEDOUT, ECANCELED, or what `fail` is given. */
  add(
    epoch: Epoch,
    mons: string,
    { signal, timeoutMs }: { readonly signal?: AbortSignal; readonly timeoutMs: number },
  ): Promise<ClusterMap> {
    return new Promise((resolve, reject) => {
      const onTimeout = (): void =>
        waiter.reject(
          new FsError(
            'ETIMEDOUT',
            `no cluster map of epoch ${epoch} from the monitors (${mons}) within ${timeoutMs} ms: are they running?`,
            {
              retry: 'safe',
            },
          ),
        );
      const abort = (): void => waiter.reject(new FsError('ECANCELED', `no longer waiting for epoch ${epoch}`, { retry: 'safe' }));
      let forget: (() => void) | undefined;
      const timer = this.#clock.setTimer(timeoutMs, onTimeout);
      const end = (): void => {
        this.#waiters.delete(waiter);
        timer.cancel();
        forget?.();
      };
      const waiter: Waiter = {
        epoch,
        resolve: (map) => {
          end();
          resolve(map);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      };
      this.#waiters.add(waiter);
      if (signal?.aborted) abort();
      else forget = signal && onAbort(signal, abort);
    });
  }

  /** Those that `map` is new enough for are done. */
  resolve(map: ClusterMap): void {
    for (const waiter of [...this.#waiters]) if (waiter.epoch <= map.epoch) waiter.resolve(map);
  }

  fail(error: FsError): void {
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }
}
