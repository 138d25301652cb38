/**
 * Makes all metadata anew from what the data pools have: records of inodes (core/record-table.ts), backtraces of files (client/backtrace.ts), and the objects
 * themselves. For a rank that cannot begin because the metadata pool is lost, or so damaged that it is to be given up.
 *
 * Read is what the data pools have, which does not change; written is the metadata pool, emptied before, and the journal's head last of all: until that is
 * there nothing counts, and it may be begun again. Files are passed through one after the other; directories are all in memory, and the numbers of
 * files that have records.
 * @module
 */
import { assert } from '../../../common/errors/assert.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import { poolId, type ByteString, type PoolId } from '../../../common/maps/ids.ts';
import type { Timespec } from '../../../common/wire/gen/messages.ts';
import type { NamesPage } from '../../../osd/client/object-client.ts';
import type { Backtrace } from '../../client/backtrace.ts';
import { FileType } from '../../client/file-mode.ts';
import { spaceOf } from '../../client/file-space.ts';
import type { RebuildReport } from '../../client/repair-report.ts';
import { Inode, inosOf, isForeign, isSystem, isSystemDirectory, rankOfNumber, SystemIno, type Place } from '../../core/inode.ts';
import { TableKey } from '../../core/unwritten.ts';
import { rankObject } from '../../core/rank-object.ts';
import { shelfName } from '../../core/shelf-name.ts';
import { Journal } from '../../store/journal.ts';
import { headObject } from '../../store/journal-reader.ts';
import { ignoringAbsence } from '../../store/patient-objects.ts';
import { DirectoryTree, type DirectoryNode } from './rebuild/directory-tree.ts';
import { MetadataWriter, type NewName } from './rebuild/metadata-writer.ts';
import { fileObjects, fileSize, storedFile, type FileObjects, type StoredFile } from './rebuild/stored-files.ts';
import { StoredRecords, type StoredRecord } from './rebuild/stored-records.ts';
import type { RepairParts } from './repair-parts.ts';
import { numbersSkipped } from './tables.ts';

/** There, while there is no journal's head, when a rebuild is under way: what else the metadata pool has is its. */
const unfinished = 'rebuild.unfinished';
const rootName = 'root' as ByteString;
const lostAndFoundName = 'lost+found' as ByteString;
const lostMode = FileType.regular | 0o600;
const filesInFlight = 32;
const removalsInFlight = 16;
const namesPerPg = 256;
/** Of what is damaged, how much is told of. */
const toldMax = 200;

export interface RebuildOptions {
  /** Nothing is changed: it is only seen what would come of it. */
  readonly dryRun: boolean;
  /** What the metadata pool has is to be lost. */
  readonly discard: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class Rebuild {
  readonly #parts: RepairParts;
  readonly #options: RebuildOptions;
  readonly #tree = new DirectoryTree();
  readonly #records: StoredRecords;
  readonly #writer: MetadataWriter;
  /** Highest number seen, of each rank. */
  readonly #highest = new Map<number, number>();
  /** Files that have a record, and objects. */
  readonly #met = new Set<number>();
  /** Names that others have: they go to `/lost+found`. */
  readonly #displaced: NewName[] = [];
  readonly #now: Timespec;
  readonly #report: Mutable<RebuildReport>;
  #lostAndFound: DirectoryNode | undefined;

  constructor(parts: RepairParts, options: RebuildOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#now = parts.env.clock.nowTimespec();
    const { dryRun } = options;
    this.#report = { rank: parts.rank, dryRun, ...nothingFound, unreadable: [] };
    this.#records = new StoredRecords(parts.objects, poolId(parts.defaultLayout.pool), (what) => this.#damaged(what));
    this.#writer = new MetadataWriter({
      store: dryRun ? undefined : parts.store,
      counter: (directory) => (isSystemDirectory(directory) ? 0 : this.#tree.node(directory).nextCounter()),
      counted: (name, sign) => this.#count(name, sign),
      displaced: (name) => this.#displaced.push(name),
    });
  }

  /** FsError EBUSY: other ranks are served. EINVAL: the metadata pool is not empty, and nobody has said that it is to be lost. */
  async run(): Promise<RebuildReport> {
    const { env } = this.#parts;
    if (!this.#options.dryRun) await this.#empty();
    const pools = await this.#readDirectories();
    await this.#findHighest(pools);
    for (const pool of pools) for await (const page of fileObjects(this.#parts.objects, pool)) await this.#files(page);
    await this.#withoutData();
    await this.#place();
    if (!this.#options.dryRun) await this.#finish();
    env.log.warn({ ...this.#report, unreadable: this.#report.unreadableTotal }, 'metadata was rebuilt from data');
    return { ...this.#report };
  }

  async #empty(): Promise<void> {
    const { rank, objects, metadataPool, ranks, isServed } = this.#parts;
    if (rank !== 0) throw new FsError('EINVAL', 'rank 0 rebuilds for all');
    for (let other = 1; other < ranks(); other++)
      if (isServed(other))
        throw new FsError('EBUSY', `rank ${other} is served: stop its MDS (and all standbys), so that nothing else changes`);
    const { names } = await objects.names(metadataPool, '', '', namesPerPg);
    const ours = names.length === 0 || (await this.#isUnfinished());
    if (!ours && !this.#options.discard)
      throw new FsError('EINVAL', `the metadata pool is not empty (${names[0] ?? ''}): say that what it has is to be lost`);
    await objects.operate(metadataPool, unfinished, [{ kind: 'create', exclusive: false }]);
    for (let after: string | undefined = ''; after !== undefined;) {
      const page: NamesPage = await objects.names(metadataPool, '', after, namesPerPg);
      await inParallel(
        page.names.filter((name) => name !== unfinished),
        removalsInFlight,
        (name) => this.#parts.store.remove(name),
      );
      after = page.through;
    }
  }

  async #isUnfinished(): Promise<boolean> {
    const { objects, metadataPool, rank } = this.#parts;
    const isThere = async (object: string): Promise<boolean> =>
      (await ignoringAbsence(objects.operate(metadataPool, object, [{ kind: 'stat' }]))) !== undefined;
    return (await isThere(unfinished)) && !(await isThere(headObject(rank)));
  }

  /** Those that have records. Returns the pools in which there may be files. */
  async #readDirectories(): Promise<ReadonlySet<PoolId>> {
    const pools = new Set([poolId(this.#parts.defaultLayout.pool)]);
    for await (const page of this.#records.all())
      for (const record of page) {
        this.#saw(record.inode.ino);
        const { layout } = record.inode;
        if (layout !== null && layout.pool > 0) pools.add(poolId(layout.pool));
        if (record.inode.isDirectory) this.#tree.takeRecord(record);
      }
    return pools;
  }

  /** A number for `/lost+found` must be above all others. */
  async #findHighest(pools: ReadonlySet<PoolId>): Promise<void> {
    for (const pool of pools)
      for await (const page of fileObjects(this.#parts.objects, pool))
        for (const { ino, count } of page) {
          this.#saw(ino);
          this.#report.objects += count;
        }
  }

  async #files(page: readonly FileObjects[]): Promise<void> {
    const damaged = (what: string): void => this.#damaged(what);
    const found: StoredFile[] = [];
    await inParallel(page, filesInFlight, async (group) => {
      // Inodes of the system have no data.
      if (group.ino >= SystemIno.firstFree) found.push(await storedFile(this.#parts.objects, group, damaged));
    });
    const records = await this.#records.of(found.map(({ objects }) => objects.ino));
    const files: { readonly inode: Inode; readonly place: Place | undefined }[] = [];
    await inParallel(found, filesInFlight, async (file) => {
      const { inode, place, sparseSize } = this.#fileOf(file, records.get(file.objects.ino));
      const layout = inode.layout ?? this.#parts.defaultLayout;
      const { size, mtimeMs } = await fileSize(this.#parts.objects, file, layout, damaged);
      // It may end with a hole.
      inode.size = Math.max(size, sparseSize);
      if (file.blocks === undefined) inode.unsure = true;
      else inode.space = spaceOf(inode.size, file.blocks, size);
      setTimes(inode, mtimeMs);
      files.push({ inode, place });
    });
    for (const { inode, place } of files.sort((a, b) => a.inode.ino - b.inode.ino)) {
      this.#report.files++;
      this.#report.bytes += inode.size;
      await this.#named(inode, place);
    }
  }

  /**
   * What there is to be known of the file but for its size, and where it was: by its record, or by what its first object says when that is newer. Of one with
   * several names only the record knows them.
   */
  #fileOf(
    { objects: { ino, pool }, backtrace }: StoredFile,
    known: StoredRecord | undefined,
  ): { readonly inode: Inode; readonly place: Place | undefined; readonly sparseSize: number } {
    if (known !== undefined) this.#met.add(ino);
    const record = known?.inode.isRegular === true ? known : undefined;
    const [home] = backtrace?.lineage ?? [];
    if (backtrace !== undefined) this.#climb(backtrace);
    const inode = record?.inode ?? new Inode(ino, lostMode);
    const version = home?.version ?? 0;
    const isNewer = record === undefined || (version > inode.version && !isSystem(record.directory, 'linked'));
    if (backtrace !== undefined && isNewer) {
      const { mode, uid, gid, layout } = backtrace;
      Object.assign(inode, { mode: FileType.regular | (mode & ~FileType.mask), uid, gid, layout: layout ?? inode.layout });
    }
    const { defaultLayout } = this.#parts;
    if (inode.layout === null && pool !== defaultLayout.pool) inode.layout = { ...defaultLayout, pool };
    inode.version = 1 + Math.max(inode.version, version);
    inode.reach = inode.truncateFrom = 0;
    inode.reachedBeside = inode.doubtful = inode.unsure = false;
    const sparseSize = inode.space === null ? 0 : inode.size;
    inode.space = null;
    return { inode, place: isNewer && home !== undefined ? home : record, sparseSize };
  }

  /** Where the directories above a file were when it was written. */
  #climb({ lineage }: Backtrace): void {
    for (const [at, home] of lineage.entries()) {
      const below = lineage[at - 1];
      if (below === undefined) continue;
      this.#saw(below.directory);
      this.#tree.offer(below.directory, home);
    }
  }

  /** Gives the inode the name, or names, that it had. */
  async #named(inode: Inode, place: Place | undefined): Promise<void> {
    if (place === undefined) {
      await this.#lose(inode);
      return;
    }
    const { directory, name } = place;
    if (isSystem(directory, 'strays')) {
      this.#report.strays++;
      inode.nlink = 0;
      await this.#writer.put(nameOf({ directory: inosOf(0).strays, name: shelfName(inode.ino) }, inode));
      return;
    }
    const names = isSystem(directory, 'linked') ? inode.names.filter((each) => !isForeign(each) && !isSystemDirectory(each.directory)) : [];
    const [only] = names;
    if (isSystemDirectory(directory) && only === undefined) {
      await this.#lose(inode);
      return;
    }
    if (names.length <= 1) {
      inode.nlink = 1;
      inode.names = [];
      const at = only ?? { directory, name };
      this.#tree.node(at.directory);
      await this.#writer.put(nameOf(at, inode));
      return;
    }
    this.#report.linked++;
    inode.names = names;
    inode.nlink = names.length;
    await this.#writer.put(nameOf({ directory: inosOf(0).linked, name: shelfName(inode.ino) }, inode));
    for (const [at, each] of names.entries()) {
      this.#tree.node(each.directory);
      // What it holds counts where its first name is.
      if (at === 0) this.#tree.node(each.directory).bytes += inode.size;
      await this.#writer.put({ ...each, inode: undefined, remoteIno: inode.ino, remoteType: inode.type });
    }
  }

  async #lose(inode: Inode): Promise<void> {
    this.#report.lost++;
    inode.nlink = 1;
    inode.names = [];
    await this.#writer.put(nameOf({ directory: this.#openLostAndFound().ino, name: inode.ino.toString(16) as ByteString }, inode));
  }

  /** Symbolic links, empty files, devices. */
  async #withoutData(): Promise<void> {
    for await (const page of this.#records.all())
      for (const record of page) {
        const { inode, directory } = record;
        if (inode.isDirectory || this.#met.has(inode.ino) || isSystem(directory, 'strays')) continue;
        this.#report.others++;
        // Nothing but a hole.
        const size = inode.space === null ? 0 : inode.size;
        const space = spaceOf(size, 0, 0);
        if (inode.isRegular) Object.assign(inode, { size, space, reach: 0, truncateFrom: 0, doubtful: false, unsure: false });
        inode.version++;
        await this.#named(inode, record);
      }
  }

  /** All names are known: directories get theirs, and what they come to. */
  async #place(): Promise<void> {
    await this.#writer.flush();
    this.#report.lost += this.#tree.settle(() => this.#openLostAndFound());
    for (const { ino, children } of this.#tree.nodes.values())
      await this.#writer.clear(
        ino,
        children.map(({ home }) => home?.name ?? lostAndFoundName),
      );
    await this.#placeDisplaced();
    let directories = 0;
    for (const { node, inode } of this.#tree.inodes(this.#now)) {
      directories++;
      await this.#writer.put(nameOf(node.home ?? { directory: SystemIno.base, name: rootName }, inode));
    }
    await this.#writer.flush();
    assert(this.#displaced.length === 0, 'a directory found its name taken');
    this.#report.directories = directories;
  }

  async #placeDisplaced(): Promise<void> {
    while (this.#displaced.length > 0) {
      for (const { inode } of this.#displaced.splice(0)) {
        this.#report.displaced++;
        // A further name is gone: a scrub says so of the inode.
        if (inode !== undefined) await this.#lose(inode);
      }
      // It may be the first that is lost.
      const { children } = this.#tree.root;
      if (this.#lostAndFound?.home?.directory === SystemIno.root && !children.includes(this.#lostAndFound)) {
        children.push(this.#lostAndFound);
        await this.#writer.clear(SystemIno.root, [lostAndFoundName]);
      }
      await this.#writer.flush();
    }
  }

  #count({ directory, inode }: NewName, sign: 1 | -1): void {
    if (isSystemDirectory(directory) || inode?.isDirectory === true) return;
    const node = this.#tree.node(directory);
    node.entries += sign;
    node.files += sign;
    if (inode !== undefined) node.bytes += sign * inode.size;
  }

  /** Made when it is missing. */
  #openLostAndFound(): DirectoryNode {
    if (this.#lostAndFound !== undefined) return this.#lostAndFound;
    for (const node of this.#tree.nodes.values())
      if (!node.removed && node.home?.directory === SystemIno.root && node.home.name === lostAndFoundName)
        return (this.#lostAndFound = node);
    const ino = this.#nextIno(0);
    this.#highest.set(0, ino);
    const node = this.#tree.node(ino);
    node.home = { directory: SystemIno.root, name: lostAndFoundName, version: 1 };
    return (this.#lostAndFound = node);
  }

  /** Clients may have been given numbers that nothing tells of. */
  #nextIno(rank: number): number {
    const highest = this.#highest.get(rank);
    const next = highest === undefined ? inosOf(rank).firstFree : highest + 1 + numbersSkipped;
    if (next >= inosOf(rank + 1).firstFree) throw new FsError('ENOSPC', `rank ${rank} has no inode numbers left`);
    return next;
  }

  #saw(ino: number): void {
    if (ino < SystemIno.firstFree) return;
    const rank = rankOfNumber(ino);
    this.#highest.set(rank, Math.max(ino, this.#highest.get(rank) ?? 0));
  }

  /** Tables, then what makes them count. */
  async #finish(): Promise<void> {
    const { env, store, journal } = this.#parts;
    const key = Buffer.from(TableKey.nextIno, 'latin1');
    for (const rank of new Set([0, ...this.#highest.keys()]))
      await store.write(rankObject(rank, 'values'), [{ key, value: store.encode('value', this.#nextIno(rank)) }], []);
    this.#report.nextIno = this.#nextIno(0);
    await store.write('sessions', [], [], true);
    await new Journal(env, journal).make();
    await store.remove(unfinished);
  }

  #damaged(what: string): void {
    this.#report.unreadableTotal++;
    if (this.#report.unreadable.length < toldMax) this.#report.unreadable = [...this.#report.unreadable, what];
  }
}

const nothingFound: Omit<RebuildReport, 'rank' | 'dryRun' | 'unreadable'> = {
  objects: 0,
  files: 0,
  bytes: 0,
  directories: 0,
  others: 0,
  linked: 0,
  strays: 0,
  lost: 0,
  displaced: 0,
  unreadableTotal: 0,
  nextIno: 0,
};

function nameOf({ directory, name }: Place, inode: Inode): NewName {
  return { directory, name, inode, remoteIno: 0, remoteType: 0 };
}

/** Of a file that was written to since its record was made, or has none. */
function setTimes(inode: Inode, mtimeMs: number): void {
  const { sec, nsec } = inode.ctime;
  if (sec * 1000 + nsec / 1e6 >= mtimeMs) return;
  const mtime = { sec: Math.floor(mtimeMs / 1000), nsec: Math.floor(mtimeMs % 1000) * 1e6 };
  inode.mtime = inode.ctime = mtime;
  if (inode.btime.sec === 0) inode.atime = inode.btime = mtime;
}

async function inParallel<T>(items: readonly T[], count: number, act: (item: T) => Promise<void>): Promise<void> {
  const pending = items.values();
  const worker = async (): Promise<void> => {
    for (const item of pending) await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, worker));
}
