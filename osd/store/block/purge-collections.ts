/**
 * Removes what dropped collections held, some objects per transaction, in the background.
 * @module
 */
import type { Env } from '../../../common/runtime/env.ts';
import { metaKeyBytesMax } from '../transaction-check.ts';
import type { Onode } from './onode.ts';
import type { StoreState } from './state.ts';

const objectsPerTransaction = 64;
const metaPerTransaction = 128;
/** What a purge's log record may take. */
export const purgeBytesMax = (objectsPerTransaction + metaPerTransaction) * (metaKeyBytesMax + 64);

export class Purger {
  readonly #env: Env;
  readonly #state: StoreState;
  readonly #commit: (cid: number, objects: readonly Onode[], metaKeys: readonly string[]) => Promise<void>;
  #running: Promise<void> | undefined;
  #stopped = false;
  /** How far the objects of the collection at hand are gone: what follows may be others'. */
  #cursor = { cid: 0, after: '' };

  /** `commit` removes the objects and meta given, or notes that nothing was left. */
  constructor(env: Env, state: StoreState, commit: (cid: number, objects: readonly Onode[], metaKeys: readonly string[]) => Promise<void>) {
    this.#env = env;
    this.#state = state;
    this.#commit = commit;
  }

  /** There may be something to remove. */
  wake(): void {
    if (this.#running || this.#stopped || this.#state.dropped.size === 0) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    const running = this.#running;
    this.#env.spawn('object store collection purge', () => running);
  }

  /** Resolves when nothing of it is under way; what is left is removed after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      const [dropped] = this.#state.dropped;
      if (dropped === undefined || this.#stopped) return;
      const [cid, view] = dropped;
      if (this.#cursor.cid !== cid) this.#cursor = { cid, after: '' };
      const objects = this.#state.objects(view, { from: this.#cursor.after, exclusive: true, maxEntries: objectsPerTransaction });
      this.#cursor.after = objects.at(-1)?.key ?? this.#cursor.after;
      const meta = this.#state.metaRange(cid, { from: '', exclusive: true, maxEntries: metaPerTransaction });
      try {
        await this.#commit(
          cid,
          objects.map(({ value }) => value),
          meta.map(({ key }) => key),
        );
      } catch (error) {
        // The store has failed, and said so; the next start goes on from here.
        this.#env.log.debug({ err: error, cid }, 'purge of a collection stopped');
        return;
      }
    }
  }
}
