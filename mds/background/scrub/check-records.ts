/**
 * Brings up to date what all metadata could be rebuilt from (core/record-table.ts, client/backtrace.ts): of inodes from before there was such a thing, or whose
 * records are damaged. Only when asked to mend; what is missing harms nobody now, and is no finding.
 * @module
 */
import { toFsError } from '../../../common/errors/fs-error.ts';
import { poolId } from '../../../common/maps/ids.ts';
import { backtraceXattr, decodeBacktrace } from '../../client/backtrace.ts';
import { dataObject } from '../../client/data-objects.ts';
import type { Fragment } from '../../core/directory.ts';
import { isAt, type Dentry, type Inode, type Place } from '../../core/inode.ts';
import { blockOf } from '../../core/block-table.ts';
import { isToldByData } from '../../core/record-table.ts';
import { ignoringAbsence } from '../../store/patient-objects.ts';
import { isDamage } from '../damage-keeper.ts';
import type { ScrubRun } from './scrub-run.ts';

/** Records asked for at once, and first objects. */
const recordsMax = 256;
const objectsInFlight = 16;
/** Inodes in one journal entry. */
const entryMax = 32;

type Owner = Pick<Inode, 'mode' | 'uid' | 'gid'>;

/** Of the inodes that lie in the fragment. */
export async function checkRecords(run: ScrubRun, fragment: Fragment): Promise<void> {
  if (!run.repair) return;
  const blocks = new Map<number, Dentry[]>();
  for (const dentry of fragment.dentries.values()) {
    if (dentry.inode === undefined) continue;
    const number = blockOf(dentry.inode.ino);
    const block = blocks.get(number);
    if (block === undefined) blocks.set(number, [dentry]);
    else block.push(dentry);
  }
  for (const dentries of blocks.values())
    for (let at = 0; at < dentries.length; at += recordsMax) await check(run, fragment, dentries.slice(at, at + recordsMax));
}

/** Of one inode. */
export async function checkRecord(run: ScrubRun, { dentry }: Inode): Promise<void> {
  if (run.repair && dentry !== undefined) await check(run, run.parts.core.cache.fragmentOf(dentry), [dentry]);
}

async function check(run: ScrubRun, { changes }: Fragment, dentries: readonly Dentry[]): Promise<void> {
  const { core, store } = run.parts;
  const stored = await store.readRecords(dentries.map(({ inode }) => inode?.ino ?? 0));
  const pending = dentries.values();
  const wanting: Dentry[] = [];
  const worker = async (): Promise<void> => {
    for (const dentry of pending) {
      const { inode, name } = dentry;
      if (inode === undefined) continue;
      const record = stored.get(inode.ino);
      const isRight = record === undefined ? await isTold(run, inode, dentry) : isAt(record, dentry) && isOf(record.inode, inode);
      // What is written back gets what it wants then.
      if (!isRight && !changes.dirty.has(name) && changes.writing?.has(name) !== true) wanting.push(dentry);
    }
  };
  await Promise.all(Array.from({ length: objectsInFlight }, worker));
  const still = wanting.filter((dentry) => dentry.inode?.dentry === dentry && !core.departures.isFrozen(dentry.inode));
  for (let at = 0; at < still.length; at += entryMax) core.renewRecords(still.slice(at, at + entryMax));
}

/** Whether its first object says all that there is to say. */
async function isTold(run: ScrubRun, inode: Inode, place: Place): Promise<boolean> {
  if (!isToldByData(inode)) return false;
  const { core, objects } = run.parts;
  try {
    const asked = objects.operate(poolId(core.defaultLayout.pool), dataObject(inode.ino, 0), [{ kind: 'get-xattrs' }]);
    const value = (await ignoringAbsence(asked))?.results[0]?.entries.find(
      ({ key }) => Buffer.from(key).toString() === backtraceXattr,
    )?.value;
    if (value === undefined) return false;
    const backtrace = decodeBacktrace(value, 'a backtrace');
    const [home] = backtrace.lineage;
    return home !== undefined && isAt(home, place) && isOf(backtrace, inode);
  } catch (error) {
    if (!isDamage(toFsError(error))) throw error;
    return false;
  }
}

function isOf(a: Owner, b: Owner): boolean {
  return a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}
