import type { MaybePromise, StatfsReply } from './filesystem.ts';
import { nameBytesMax } from './names.ts';
import type { Volume } from './volume.ts';

const blockBytes = 4096;
const ageMs = 1_000;
const timeoutMs = 30_000;

/** What the mon says of the data pool's space, at most a second old. */
export class ClusterSpace {
  readonly #volume: Volume;
  #last: { readonly atMs: number; readonly reply: StatfsReply } | undefined;

  constructor(volume: Volume) {
    this.#volume = volume;
  }

  get(): MaybePromise<StatfsReply> {
    const nowMs = this.#volume.env.clock.monotonicMs();
    const last = this.#last;
    if (last !== undefined && nowMs - last.atMs < ageMs) return last.reply;
    return this.#ask(nowMs);
  }

  async #ask(nowMs: number): Promise<StatfsReply> {
    const { mon, info } = this.#volume;
    const { totalBytes, freeBytes, objects } = await mon.request('statfs', { pool: info.dataPool }, { timeoutMs });
    const reply = { blockSize: blockBytes, totalBytes, freeBytes, files: objects, freeFiles: 2 ** 32, nameMax: nameBytesMax };
    this.#last = { atMs: nowMs, reply };
    return reply;
  }
}
