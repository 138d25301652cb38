/**
 * Compares one directory: its records with their checksums, each name with its inode, the table of locations with the names, and its
 * counts with what is there. A directory that clients change all the time is tried again and again, for a while.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { correctFault, DirectoryTally, faultOf, faultOfForeign } from '../../core/audit.ts';
import { Blocked } from '../../core/blocked.ts';
import type { Fragment } from '../../core/directory.ts';
import type { Dentry, Inode } from '../../core/inode.ts';
import type { Given } from '../../core/subtrees.ts';
import { isDamage } from '../damage-keeper.ts';
import { checkLocations } from './check-locations.ts';
import { checkRecords } from './check-records.ts';
import type { LinkCounts } from './link-counts.ts';
import { mendFragment } from './mend-fragment.ts';
import type { ScrubRun } from './scrub-run.ts';

const triesMax = 20;
/** Times that objects of one directory are mended in one look at it. */
const mendingsMax = 10;
/** Linked inodes read at once. */
const targetsInFlight = 16;

/** `changed`: not compared, it is not as it was. */
type Outcome = 'done' | 'changed';

interface Fault {
  readonly dentry: Dentry;
  readonly what: string;
}

/** Resolves when it has been compared, or is gone, or cannot be read. */
export async function checkDirectory(run: ScrubRun, ino: number, links: LinkCounts | undefined): Promise<void> {
  const { unchanged } = run.parts.core;
  const check = new DirectoryCheck(run, ino, links);
  for (let tries = 0; tries < triesMax; tries++) {
    unchanged.add(ino);
    try {
      if ((await check.run()) === 'done') return;
    } catch (error) {
      // It goes to another rank just now, or something does that it leads to.
      if (!isElsewhere(error)) throw error;
    } finally {
      unchanged.delete(ino);
    }
    await run.pace();
  }
  run.count('unsettled');
}

class DirectoryCheck {
  readonly #run: ScrubRun;
  readonly #ino: number;
  readonly #links: LinkCounts | undefined;
  #mendings = 0;

  constructor(run: ScrubRun, ino: number, links: LinkCounts | undefined) {
    this.#run = run;
    this.#ino = ino;
    this.#links = links;
  }

  async run(): Promise<Outcome> {
    const { core, runner } = this.#run.parts;
    const ino = this.#ino;
    const directory = await this.#unlessGone(() => runner.run(() => core.cache.directory(ino)));
    if (directory === undefined || directory.nlink === 0) return 'done';
    const tally = new DirectoryTally();
    for (const fragment of core.cache.names(ino).fragments) {
      const readable = await this.#readable(fragment);
      if (readable !== 'yes') return readable === 'mended' ? 'changed' : 'done';
      const broken = await this.#loadTargets(fragment);
      const faults = await runner.run(() => this.#tally(directory, fragment, broken, tally));
      if (faults === undefined) return 'changed';
      for (const fault of faults) if (await this.#fault(fault)) return 'changed';
      await checkLocations(this.#run, fragment);
      await checkRecords(this.#run, fragment);
      if (fragment.id.bits > 0) await this.#run.pace();
    }
    return await this.#compare(tally);
  }

  /** Whether the fragment's object can be read: also when all of it is in memory. */
  async #readable(fragment: Fragment): Promise<'yes' | 'no' | 'mended'> {
    const { loader } = this.#run.parts;
    const key = `fragment ${fragment.changes.object}`;
    try {
      await loader.verify(fragment);
      return 'yes';
    } catch (error) {
      const mended = this.#run.repair ? await this.#mend(fragment) : undefined;
      if (mended === undefined) {
        this.#run.met(error, key);
        return 'no';
      }
      this.#run.repaired({ key, ino: this.#ino, object: fragment.changes.object, what: mended });
      return 'mended';
    }
  }

  async #mend(fragment: Fragment): Promise<string | undefined> {
    if (this.#mendings++ >= mendingsMax) return undefined;
    try {
      return await mendFragment(this.#run, fragment);
    } catch (error) {
      if (error instanceof FsError && isDamage(error)) return undefined;
      throw error;
    }
  }

  /** The inodes of its linked names are in memory. Returns the names that lead nowhere. */
  async #loadTargets(fragment: Fragment): Promise<ReadonlySet<Dentry>> {
    const { core, loader } = this.#run.parts;
    const broken = new Set<Dentry>();
    const missing = [...fragment.dentries.values()].filter(
      ({ inode, remoteIno }) => inode === undefined && !core.cache.inodes.has(remoteIno) && !core.given.has(remoteIno),
    );
    const load = async (): Promise<void> => {
      for (let dentry = missing.pop(); dentry !== undefined; dentry = missing.pop()) {
        try {
          await loader.target(dentry);
        } catch (error) {
          // It has gone meanwhile, or to another rank.
          if (dentry.removed || core.given.has(dentry.remoteIno)) continue;
          const key = loader.targetKey(dentry);
          if (isElsewhere(error)) this.#run.found({ key, ino: dentry.remoteIno, what: 'no rank is known to have what the name leads to' });
          else this.#run.met(error, key);
          broken.add(dentry);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(targetsInFlight, missing.length) }, load));
    return broken;
  }

  /** Adds what the fragment's names come to. Undefined when it is no part of the directory any more. */
  #tally(directory: Inode, fragment: Fragment, broken: ReadonlySet<Dentry>, tally: DirectoryTally): Fault[] | undefined {
    const { cache, given } = this.#run.parts.core;
    if (fragment.retired || cache.inodes.get(this.#ino) !== directory) return undefined;
    if (!fragment.complete) throw new Blocked({ kind: 'fragment', fragment });
    const foreign = ({ inode, remoteIno }: Dentry): Given | undefined => (inode === undefined ? given.get(remoteIno) : undefined);
    for (const dentry of fragment.dentries.values()) if (!broken.has(dentry) && foreign(dentry) === undefined) cache.target(dentry);
    const faults: Fault[] = [];
    for (const dentry of fragment.dentries.values()) {
      if (broken.has(dentry)) {
        tally.names++;
        tally.files++;
        continue;
      }
      const elsewhere = foreign(dentry);
      if (elsewhere !== undefined) {
        tally.addForeign(dentry, elsewhere);
        const what = faultOfForeign(dentry, elsewhere);
        if (what !== undefined) faults.push({ dentry, what });
        continue;
      }
      const target = cache.target(dentry);
      tally.add(dentry, target);
      const what = faultOf(directory, dentry, target);
      if (what !== undefined) faults.push({ dentry, what });
      if (dentry.inode === undefined) this.#links?.met(target);
    }
    this.#run.count('names', fragment.dentries.size);
    return faults;
  }

  /** Returns whether it has been mended. */
  async #fault({ dentry, what }: Fault): Promise<boolean> {
    const { core, runner } = this.#run.parts;
    const place = {
      key: `name ${this.#ino.toString(16)}/${dentry.name}`,
      ino: dentry.inode?.ino ?? dentry.remoteIno,
      what,
    };
    const mended =
      this.#run.repair &&
      (await runner.run(() => {
        const directory = core.cache.inodes.get(this.#ino);
        if (directory === undefined || dentry.removed) return false;
        if (dentry.inode === undefined && core.given.has(dentry.remoteIno)) return false;
        const target = core.cache.target(dentry);
        if (faultOf(directory, dentry, target) === undefined) return false;
        core.locker.clear(undefined, target, 'change');
        if (!correctFault(directory, dentry, target) || target.dentry === undefined) return false;
        core.commit([{ kind: 'set', dentry: target.dentry }]);
        return true;
      }));
    if (mended) this.#run.repaired(place);
    else this.#run.found(place);
    return mended;
  }

  async #compare(tally: DirectoryTally): Promise<Outcome> {
    const { core, runner, damage } = this.#run.parts;
    const ino = this.#ino;
    const key = `counts ${ino.toString(16)}`;
    const directory = core.cache.inodes.get(ino);
    if (directory === undefined || !core.unchanged.has(ino)) return 'changed';
    this.#run.count('directories');
    const wrong = tally.differences(directory);
    if (wrong.length === 0) {
      damage.mended(key);
      return 'done';
    }
    const place = { key, ino, what: wrong.join(', ') };
    if (!this.#run.repair) {
      this.#run.found(place);
      return 'done';
    }
    const mended = await runner.run(() => {
      const now = core.cache.directory(ino);
      core.locker.clear(undefined, now, 'change');
      if (!core.unchanged.has(ino) || now.dentry === undefined) return false;
      tally.correct(now);
      core.uncounted.add(now);
      core.commit([{ kind: 'set', dentry: now.dentry }]);
      return true;
    });
    if (!mended) return 'changed';
    this.#run.repaired(place);
    return 'done';
  }

  async #unlessGone<T>(load: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await load();
    } catch (error) {
      if (error instanceof FsError && ['ESTALE', 'EREMOTE', 'ENOTDIR'].includes(error.code)) return undefined;
      // Where it lies is damaged: that has been counted there, or is counted now.
      this.#run.met(error, `location ${this.#ino.toString(16)}`);
      return undefined;
    }
  }
}

function isElsewhere(error: unknown): boolean {
  return error instanceof FsError && error.code === 'EREMOTE';
}
