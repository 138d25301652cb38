/**
 * Records that were appended to files and are not in the journal yet. Who is answered hears of those beneath his own that are others', and tells
 * the next life of the MDS of them with his own: they lie in the file then, and whoever has not heard so and sends his again must not add it twice.
 * Of each session the newest is enough: it sends the next when it has heard of the one before.
 * @module
 */
import type { AppendedRecord } from '../../common/wire/gen/messages.ts';
import type { Inode } from './inode.ts';

interface Unsafe extends AppendedRecord {
  readonly journalSeq: number;
}

const none: readonly Unsafe[] = [];

export class Appended {
  readonly #unsafe = new WeakMap<Inode, Unsafe[]>();

  /** Position of the last of those that other sessions than `instance` have appended, and that are not durable; 0: all are. */
  unsafeSeq(inode: Inode, instance: number, safeSeq: number): number {
    let seq = 0;
    for (const each of this.#unsafe.get(inode) ?? none)
      if (each.instance !== instance && each.journalSeq > Math.max(seq, safeSeq)) seq = each.journalSeq;
    return seq;
  }

  /** Adds a record, or that of nobody who will send it again (tid 0). Returns those beneath it that other sessions have appended. */
  add(inode: Inode, record: Unsafe, safeSeq: number): readonly AppendedRecord[] {
    const { instance } = record;
    const others = this.#unsafe.get(inode)?.filter((each) => each.journalSeq > safeSeq && each.instance !== instance) ?? [];
    const beneath = others.length === 0 ? none : others.filter(({ end }) => end <= record.end);
    const unsafe = record.tid > 0 ? [...others, record] : others;
    if (unsafe.length > 0) this.#unsafe.set(inode, unsafe);
    else this.#unsafe.delete(inode);
    return beneath;
  }
}
