/**
 * Begins a journal anew, above every position and every inode number that the damaged one may have used. Its clients are refused by the OSDs from then on: what
 * they were told may not be so any more, and nobody may act on it beside others.
 *
 * Everything is written before the journal's new head, which is what makes it count; a crash before that leaves the damaged journal as it was.
 * @module
 */
import { FsError, toFsError } from '../../../common/errors/fs-error.ts';
import type { ResetReport, TableReport } from '../../client/repair-report.ts';
import { encodeHead } from '../../store/journal-codec.ts';
import { headObject } from '../../store/journal-reader.ts';
import { isLossy, scanJournal, type ScannedJournal } from '../../store/journal-scan.ts';
import { ignoringAbsence } from '../../store/patient-objects.ts';
import { isDamage } from '../damage-keeper.ts';
import { RecoveredState } from './recovered-state.ts';
import type { RepairParts } from './repair-parts.ts';
import {
  fenceClients,
  freshNumber,
  isWhole,
  mendTable,
  positionsSkipped,
  readTables,
  writeNextNumber,
  type TableDamage,
} from './tables.ts';

/** Bytes written at once. */
const chunkBytes = 1024 * 1024;

interface Known {
  readonly state: RecoveredState;
  readonly scanned: ScannedJournal;
  readonly sessions: TableDamage;
  readonly values: TableDamage;
}

/** `recovered`: what can be read of it has been applied; else FsError EINVAL, unless `discard` says that it is to be lost. */
export async function resetJournal(parts: RepairParts, recovered: boolean, discard: boolean): Promise<ResetReport> {
  const { rank, instance, env, objects, metadataPool, reading } = parts;
  const { state, scanned, sessions, values } = await look(parts);
  if (scanned.entries > 0 && !recovered && !discard)
    throw new FsError(
      'EINVAL',
      `the journal has ${scanned.entries} entries that can be read: recover them first, or say that they are to be lost`,
    );
  const lossy = isLossy(scanned.gaps) || scanned.head === undefined;
  if ((parts.ranks() > 1 || state.core.isShared) && !recovered && (scanned.entries > 0 || lossy))
    throw new FsError(
      'EINVAL',
      'a journal says what this rank and others have told each other: with several ranks it is recovered first, whatever is left of it',
    );
  if (parts.ranks() > 1 && !isWhole(values)) throw shared('the table of values');
  const fenced = await fenceClients(parts, state, sessions);
  const nextIno = await freshNumber(parts, state, lossy || !isWhole(sessions) || !isWhole(values));
  await mendTable(parts, sessions);
  await mendTable(parts, values);
  await writeNextNumber(parts, nextIno);
  const damaged = new Set(scanned.gaps.map(({ object }) => object));
  const kept: string[] = [];
  const lost: string[] = [];
  for (const { object } of scanned.segments)
    if (damaged.has(object) || !recovered) ((await keepAside(parts, object)) ? kept : lost).push(object);
  // Of segment 0 the tables need not be there yet.
  const firstSegment = Math.max(1, scanned.nextSegment);
  const firstSeq = scanned.nextSeq + (lossy ? positionsSkipped : 0);
  const head = encodeHead({ firstSegment, firstSeq, writer: instance, fsid: reading.fsid, begun: firstSegment });
  await objects.operate(metadataPool, headObject(rank), [{ kind: 'write-full', data: [head] }]);
  for (const { object } of scanned.segments) await ignoringAbsence(objects.operate(metadataPool, object, [{ kind: 'remove' }]));
  env.log.warn({ firstSegment, firstSeq, nextIno, fenced, kept, lost }, 'the journal was begun anew');
  return { rank, firstSegment, firstSeq, nextIno, fenced, kept: kept.map((object) => `damaged.${object}`), lost };
}

/** Makes the table of sessions whole: its clients, whose records can be read or not, are refused by the OSDs; the next life ends their sessions. */
export async function resetSessions(parts: RepairParts): Promise<TableReport> {
  const { state, sessions } = await look(parts);
  const fenced = await fenceClients(parts, state, sessions);
  const setAside = await mendTable(parts, sessions);
  return { rank: parts.rank, fenced, setAside, nextIno: state.core.nextIno };
}

/** Makes the table of values whole: the next inode number is above all that have been used. FsError EOPNOTSUPP: of several ranks, for which it has more. */
export async function resetNumbers(parts: RepairParts): Promise<TableReport> {
  const { state, scanned, sessions, values } = await look(parts);
  if (parts.ranks() > 1 && !isWhole(values)) throw shared('the table of values');
  const lost = isLossy(scanned.gaps) || !isWhole(sessions) || !isWhole(values);
  const nextIno = await freshNumber(parts, state, lost);
  const setAside = await mendTable(parts, values);
  await writeNextNumber(parts, nextIno);
  return { rank: parts.rank, fenced: 0, setAside, nextIno };
}

function shared(what: string): FsError {
  return new FsError(
    'EOPNOTSUPP',
    `${what} also says what this rank and others have told each other: with several ranks it cannot be begun anew yet`,
  );
}

async function look(parts: RepairParts): Promise<Known> {
  const state = new RecoveredState(parts);
  const [sessions, values] = (await readTables(parts.store, state.core)) as [TableDamage, TableDamage];
  const scanned = await scanJournal(parts.reading, (placed, segment) => state.apply(placed, segment));
  return { state, scanned, sessions, values };
}

/** Copies an object as it is to `damaged.<object>`. False: it cannot be read, or is not there. */
async function keepAside({ objects, metadataPool }: RepairParts, object: string): Promise<boolean> {
  try {
    const reply = await ignoringAbsence(objects.operate(metadataPool, object, [{ kind: 'read', offset: 0, length: 0 }]));
    if (reply === undefined) return false;
    const bytes = Buffer.concat(reply.results[0]?.data ?? []);
    const copy = `damaged.${object}`;
    await objects.operate(metadataPool, copy, [{ kind: 'write-full', data: [bytes.subarray(0, chunkBytes)] }]);
    for (let offset = chunkBytes; offset < bytes.length; offset += chunkBytes)
      await objects.operate(metadataPool, copy, [{ kind: 'write', offset, data: [bytes.subarray(offset, offset + chunkBytes)] }]);
    return true;
  } catch (error) {
    const failure = toFsError(error);
    if (!isDamage(failure)) throw failure;
    return false;
  }
}
