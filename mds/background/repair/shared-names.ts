/**
 * What it takes to change, in a rank whose journal is being recovered, what lies between it and others: see {@link BetweenRanks}.
 * @module
 */
import { FileType } from '../../client/file-mode.ts';
import { shapeAround } from '../../core/fragment-shape.ts';
import { Inode, noCounts, touchNames, zeroTime, type Dentry, type Place } from '../../core/inode.ts';
import type { MdsCore } from '../../core/mds-core.ts';
import type { Operation } from '../../core/operation.ts';
import { nowhere, type Given } from '../../core/subtrees.ts';
import type { MetadataStore } from '../../store/metadata-store.ts';
import type { PatientObjects } from '../../store/patient-objects.ts';
import type { Loader } from '../loader.ts';
import { systemOperation } from '../scrub/system-operation.ts';
import { inodeAt, type OtherRank } from './other-rank.ts';
import type { RecoveredState } from './recovered-state.ts';
import { isAbsence, runBlocked } from './run-blocked.ts';
import type { StoredFragments } from './stale-names.ts';

export interface SharedNamesParts {
  readonly state: RecoveredState;
  readonly loader: Loader;
  readonly store: MetadataStore;
  readonly objects: PatientObjects;
  readonly others: readonly OtherRank[];
  readonly stored: StoredFragments;
  /** A line for people. */
  readonly told: (line: string) => void;
  /** Whether a message of ours that has not been taken says what becomes of it. */
  readonly isUnderWay: (what: number | Place) => boolean;
}

/** Above the positions of all names that a directory has, unless it has had more than that. */
const nextPositionUnknown = 2 ** 31;

export class SharedNames {
  readonly parts: SharedNamesParts;
  readonly core: MdsCore;

  constructor(parts: SharedNamesParts) {
    this.parts = parts;
    this.core = parts.state.core;
  }

  /** The inode, when it is here. */
  find(ino: number): Promise<Inode | undefined> {
    return inodeAt({ core: this.core, loader: this.parts.loader }, ino);
  }

  /** What is there under a name; undefined: nothing, or nobody can tell. */
  async at({ directory, name }: Place): Promise<Dentry | undefined> {
    const { cache } = this.core;
    try {
      return await runBlocked(this.parts.loader, () => cache.find(cache.directory(directory).ino, name));
    } catch (error) {
      if (!isAbsence(error)) throw error;
      return undefined;
    }
  }

  /** In one entry, as it would be in the journal. Blocks before it changes anything. */
  async run(act: (op: Operation) => void): Promise<void> {
    await runBlocked(this.parts.loader, () => {
      const op = systemOperation(this.core);
      op.passes = true;
      act(op);
      op.commit([]);
    });
  }

  give(op: Operation, ino: number, given: Given | undefined): void {
    if (given === undefined) this.core.given.delete(ino);
    else this.core.given.set(ino, given);
    op.note({ kind: 'given', ino, given });
  }

  /** Blocks. */
  unname(op: Operation, dentry: Dentry): void {
    const directory = this.core.cache.directory(dentry.directory);
    op.heir(dentry);
    op.unname(directory, dentry);
    touchNames(directory, directory.ctime);
    op.save(directory);
  }

  /** Its counts are for a scrub to find. */
  newDirectory(ino: number): Inode {
    const inode = new Inode(ino, FileType.directory | 0o755);
    inode.nlink = 2;
    inode.shape = shapeAround(this.parts.stored.get(ino) ?? []);
    inode.nextPosition = nextPositionUnknown;
    inode.recursive = { ...noCounts, ctime: zeroTime };
    return inode;
  }
}

export function placesOf({ place, others }: Given): Place[] {
  return place.directory === nowhere.directory ? [...others] : [place, ...others];
}

export function hex(ino: number): string {
  return ino.toString(16);
}
