/**
 * The tables that a rank's journal lies over, sessions and values, as far as they can be read; and how they are made whole again.
 * @module
 */
import { FsError, toFsError } from '../../../common/errors/fs-error.ts';
import { bytesOf, type ByteString } from '../../../common/maps/ids.ts';
import { inosOf, rankOfNumber } from '../../core/inode.ts';
import { blockNumbers } from '../../core/block-table.ts';
import type { MdsCore } from '../../core/mds-core.ts';
import { TableKey } from '../../core/unwritten.ts';
import { rankObject } from '../../core/rank-object.ts';
import type { MetadataStore } from '../../store/metadata-store.ts';
import { isDamage } from '../damage-keeper.ts';
import type { RecoveredState } from './recovered-state.ts';
import type { RepairParts } from './repair-parts.ts';

/**
 * More numbers than entries that are lost can have given out: each gives out 65,536 at most (16 * inoRange) and takes some 50 bytes of a
 * journal that has about journalSegments + 2 segments.
 */
export const numbersSkipped = 2 ** 36;
/** Names of one PG in a page of a listing. */
const namesPerPg = 256;
/** Positions given by entries that nobody knows of are fewer still. */
export const positionsSkipped = 2 ** 36;

/** What is wrong with a table. */
export interface TableDamage {
  readonly table: 'sessions' | 'values';
  /** Keys of records that cannot be read. */
  readonly records: readonly ByteString[];
  /** The object is missing, or cannot be read at all. */
  readonly unreadable: string;
}

/** Puts what can be read of the tables into `core`, and says what cannot. FsError of other tables' damage. */
export async function readTables(store: MetadataStore, core: MdsCore): Promise<readonly TableDamage[]> {
  const sessions = await readTable('sessions', async (onDamaged) => {
    const read = await store.readSessions(onDamaged);
    for (const session of read ?? []) core.sessions.set(session.instance, session);
    return read !== undefined;
  });
  const values = await readTable('values', async (onDamaged) => {
    const read = await store.readValues(onDamaged);
    for (const [key, value] of read) {
      if (key === TableKey.nextIno) core.nextIno = value;
      else core.mark(key, value);
    }
    return read.has(TableKey.nextIno);
  });
  for (const posted of await store.readMessages()) core.posted.put(posted);
  for (const [ino, given] of await store.readGiven()) core.given.set(ino, given);
  return [sessions, values];
}

async function readTable(
  table: TableDamage['table'],
  read: (onDamaged: (key: ByteString) => void) => Promise<boolean>,
): Promise<TableDamage> {
  const records: ByteString[] = [];
  try {
    const isThere = await read((key) => records.push(key));
    return { table, records, unreadable: isThere || records.length > 0 ? '' : 'it is missing, or lacks what was in it' };
  } catch (error) {
    const failure = toFsError(error);
    if (!isDamage(failure)) throw failure;
    return { table, records, unreadable: failure.message };
  }
}

export function isWhole({ records, unreadable }: TableDamage): boolean {
  return records.length === 0 && unreadable === '';
}

/** In words, for people. */
export function tableTroubles(rank: number, damages: readonly TableDamage[]): string[] {
  return damages
    .filter((damage) => !isWhole(damage))
    .map(({ table, records, unreadable }) => {
      const object = rankObject(rank, table);
      return unreadable === ''
        ? `${object}: ${records.length} records cannot be read (${records.slice(0, 3).join(', ')})`
        : `${object}: ${unreadable}`;
    });
}

/**
 * The OSDs refuse every client that the table of sessions or the journal names, also those whose record cannot be read: their keys say who they
 * are. Returns how many.
 */
export async function fenceClients({ fence }: RepairParts, { core, instances }: RecoveredState, sessions: TableDamage): Promise<number> {
  const all = new Set([...core.sessions.keys(), ...instances]);
  for (const key of sessions.records) if (/^[0-9a-f]{14}$/.test(key)) all.add(Number.parseInt(key, 16));
  for (const instance of all) await fence(instance);
  return all.size;
}

/** What cannot be read of the table is in `damaged.<table>`, or gone with its object; what can be read stays. Returns how many records have been set aside. */
export async function mendTable({ store, rank }: RepairParts, { table, records, unreadable }: TableDamage): Promise<number> {
  const object = rankObject(rank, table);
  if (records.length > 0) await store.setAside(object, records.map(bytesOf));
  else if (unreadable !== '') await store.remove(object);
  await store.write(object, [], [], true);
  return records.length;
}

/**
 * The lowest number above all that may have been used, or given to a client: by the tables, the journal, and the objects that there are. `lost`: there
 * may have been others, which nothing tells of any more. FsError ENOSPC.
 */
export async function freshNumber(
  { objects, metadataPool, rank }: RepairParts,
  { core, nextIno }: RecoveredState,
  lost: boolean,
): Promise<number> {
  let next = Math.max(inosOf(rank).firstFree, core.nextIno, nextIno);
  const use = (ino: number): void => {
    if (ino >= inosOf(rank).firstFree && rankOfNumber(ino) === rank) next = Math.max(next, ino + 1);
  };
  for (const { ranges } of core.sessions.values()) for (const { first, count } of ranges) use(first + count - 1);
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: { readonly names: readonly string[]; readonly through: string | undefined } = await objects.names(
      metadataPool,
      '',
      after,
      namesPerPg,
    );
    for (const name of page.names) {
      const [, block] = /^locations\.([0-9a-f]{1,14})$/.exec(name) ?? [];
      if (block !== undefined) use((Number.parseInt(block, 16) + 1) * blockNumbers - 1);
      const [, ino] = /^([0-9a-f]{1,14})\.[0-9a-f]{8}$/.exec(name) ?? [];
      if (ino !== undefined) use(Number.parseInt(ino, 16));
    }
    after = page.through;
  }
  if (lost) next += numbersSkipped;
  if (next >= inosOf(rank + 1).firstFree) throw new FsError('ENOSPC', `rank ${rank} has no inode numbers left`);
  return next;
}

/** Nobody is given a number below `next` any more. */
export async function writeNextNumber({ store, rank }: RepairParts, next: number): Promise<void> {
  const value = store.encode('value', next);
  await store.write(rankObject(rank, 'values'), [{ key: Buffer.from(TableKey.nextIno, 'latin1'), value }], []);
}
