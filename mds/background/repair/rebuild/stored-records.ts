/**
 * The records of inodes that the data pool has (core/record-table.ts), as far as they can be read.
 * @module
 */
import { toFsError } from '../../../../common/errors/fs-error.ts';
import type { PoolId } from '../../../../common/maps/ids.ts';
import type { NamesPage, OmapEntry } from '../../../../osd/client/object-client.ts';
import { inoKey } from '../../../core/block-table.ts';
import type { Dentry, Inode } from '../../../core/inode.ts';
import { recordObject } from '../../../core/record-table.ts';
import { ignoringAbsence, type PatientObjects } from '../../../store/patient-objects.ts';
import { decodeRecord } from '../../../store/table-codec.ts';
import { isDamage } from '../../damage-keeper.ts';

const prefix = 'records.';
/** Names of one PG in a page, and records in one. */
const namesPerPg = 128;
const pageEntries = 1_000;

export type StoredRecord = Dentry & { readonly inode: Inode };

export class StoredRecords {
  readonly #objects: PatientObjects;
  readonly #pool: PoolId;
  readonly #onDamaged: (what: string) => void;

  /** `onDamaged`: something cannot be read, and is passed over. */
  constructor(objects: PatientObjects, pool: PoolId, onDamaged: (what: string) => void) {
    this.#objects = objects;
    this.#pool = pool;
    this.#onDamaged = onDamaged;
  }

  /** All, page by page. */
  async *all(): AsyncGenerator<readonly StoredRecord[]> {
    for (let from: string | undefined = ''; from !== undefined;) {
      const page: NamesPage = await this.#objects.names(this.#pool, prefix, from, namesPerPg);
      for (const object of page.names) yield* this.#pages(object);
      from = page.through;
    }
  }

  /** Of these inodes, by number. */
  async of(inos: readonly number[]): Promise<ReadonlyMap<number, StoredRecord>> {
    const blocks = new Map<string, Buffer[]>();
    for (const ino of inos) {
      const object = recordObject(ino);
      const keys = blocks.get(object) ?? [];
      keys.push(Buffer.from(inoKey(ino), 'latin1'));
      blocks.set(object, keys);
    }
    const found = new Map<number, StoredRecord>();
    for (const [object, keys] of blocks) {
      const reply = await this.#reading(object, this.#objects.operate(this.#pool, object, [{ kind: 'omap-get', keys }]));
      for (const record of this.#decoded(object, reply?.results[0]?.entries ?? [])) found.set(record.inode.ino, record);
    }
    return found;
  }

  async *#pages(object: string): AsyncGenerator<readonly StoredRecord[]> {
    for (let after: Uint8Array = new Uint8Array(0); ;) {
      const asked = this.#objects.operate(this.#pool, object, [{ kind: 'omap-get-range', after, maxEntries: pageEntries }]);
      const result = (await this.#reading(object, asked))?.results[0];
      const last = result?.entries.at(-1);
      if (result === undefined || last === undefined) return;
      yield this.#decoded(object, result.entries);
      if (!result.more) return;
      after = Buffer.from(last.key);
    }
  }

  async #reading<T>(object: string, asked: Promise<T>): Promise<T | undefined> {
    try {
      return await ignoringAbsence(asked);
    } catch (error) {
      const failure = toFsError(error);
      if (!isDamage(failure)) throw failure;
      this.#onDamaged(`${object}: ${failure.message}`);
      return undefined;
    }
  }

  #decoded(object: string, entries: readonly OmapEntry[]): StoredRecord[] {
    const records: StoredRecord[] = [];
    for (const { key, value } of entries) {
      const ino = Number.parseInt(Buffer.from(key).toString('latin1'), 16);
      try {
        const record = decodeRecord(value, `the record of inode ${ino.toString(16)}`);
        if (record.inode.ino === ino && recordObject(ino) === object) records.push(record);
        else this.#onDamaged(`${object}: a record of inode ${record.inode.ino.toString(16)} is under ${ino.toString(16)}`);
      } catch (error) {
        this.#onDamaged(`${object}: ${toFsError(error).message}`);
      }
    }
    return records;
  }
}
