/**
 * Records that were appended to files and are not in the journal yet. Who is answered hears of those beneath his own that are others', and tells
 * the next life of the MDS of them with his own: they lie in the file then, and whoever has not heard so and sends his again must not add it twice.
 * @module
 */
import type { AppendedRecord } from '../../common/wire/gen/messages.ts';
import type { Inode } from './inode.ts';

interface Unsafe extends AppendedRecord {
  readonly journalSeq: number;
}

const none: readonly AppendedRecord[] = [];

export class Appended {
  readonly #unsafe = new WeakMap<Inode, Unsafe[]>();

  /** Adds a record, or that of nobody who will send it again (tid 0). Returns those beneath it that other sessions have appended. */
  add(inode: Inode, record: Unsafe, safeSeq: number): readonly AppendedRecord[] {
    const before = this.#unsafe.get(inode)?.filter(({ journalSeq }) => journalSeq > safeSeq) ?? [];
    const beneath = before.length === 0 ? none : before.filter(({ instance, end }) => instance !== record.instance && end <= record.end);
    if (record.tid > 0) before.push(record);
    if (before.length > 0) this.#unsafe.set(inode, before);
    else this.#unsafe.delete(inode);
    return beneath;
  }
}
