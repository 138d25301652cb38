/**
 * Writes of one file that the kernel shows already and that are not done: through a descriptor that was opened when caching was allowed it puts
 * the bytes into its page, where every mapping shows them, and only then sends them. Should it drop the page before they have reached
 * the OSDs, which may take as long as the MDS is away, whoever touches it next is to find them again: else a mapping would go back. And who reads
 * past the kernel's pages, through a descriptor that was opened since, may have found them there before: he waits until they are done.
 * @module
 */
export interface EarlyWrite {
  readonly offset: number;
  bytes: Uint8Array;
  /** It is on its way: whoever asks the OSDs from now on asks after it. */
  isSent: boolean;
}

/** A read under way, with the writes that it may come before on the OSDs though its pages come after them. */
export type Look = Set<EarlyWrite>;

export class EarlyWrites {
  /** In the order in which they came. */
  readonly #writes = new Set<EarlyWrite>();
  readonly #looks = new Set<Look>();
  #waiters: (() => void)[] = [];

  /** `bytes`, which must not change until it {@link end}s, are shown at `offset`. */
  begin(offset: number, bytes: Uint8Array): EarlyWrite {
    const write = { offset, bytes, isSent: false };
    this.#writes.add(write);
    for (const look of this.#looks) look.add(write);
    return write;
  }

  /** It is done, also where data is cached here, or has failed. */
  end(write: EarlyWrite): void {
    this.#writes.delete(write);
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
    // The memory is the caller's again.
    for (const look of this.#looks) if (look.has(write)) write.bytes = new Uint8Array(write.bytes);
  }

  /** Resolves when what is shown now of [from, to) is done; undefined: nothing is. */
  done(from: number, to: number): Promise<void> | undefined {
    const writes = [...this.#writes].filter(({ offset, bytes }) => offset < to && from < offset + bytes.length);
    return writes.length === 0 ? undefined : this.#ended(writes);
  }

  async #ended(writes: readonly EarlyWrite[]): Promise<void> {
    while (writes.some((write) => this.#writes.has(write))) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** The OSDs are about to be asked. */
  beginLook(): Look {
    const look = new Set([...this.#writes].filter(({ isSent }) => !isSent));
    this.#looks.add(look);
    return look;
  }

  endLook(look: Look): void {
    this.#looks.delete(look);
  }

  /** `views` of the file from `from` on with what is shown there: of data that was cached here all that is not done, else what the `look` tells. */
  over(views: readonly Uint8Array[], from: number, look: Iterable<EarlyWrite> = this.#writes): readonly Uint8Array[] {
    let bytes: Uint8Array | undefined;
    const to = views.reduce((sum, { length }) => sum + length, from);
    for (const write of look) {
      const [begin, end] = [Math.max(from, write.offset), Math.min(to, write.offset + write.bytes.length)];
      if (begin >= end) continue;
      bytes ??= Buffer.concat(views);
      bytes.set(write.bytes.subarray(begin - write.offset, end - write.offset), begin - from);
    }
    return bytes === undefined ? views : [bytes];
  }
}
