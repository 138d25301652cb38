/**
 * Scrubs of the filesystem, as people order them: one at a time, in the background, while clients work.
 *
 *   start ──▶ running ⇄ paused
 *               │ └──────┴──▶ stopped
 *               ├──▶ done
 *               └──▶ failed
 *
 * What it compares is in memory, or brought there: that is the truth, with everything that is only in the journal yet. A scrub ends with
 * the life of the MDS; what it had found by then is in the table of damage.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { FsScrubOrder, FsScrubStatus } from '../../common/wire/gen/messages.ts';
import { byteString } from '../../common/maps/ids.ts';
import { SystemIno } from '../core/inode.ts';
import { checkCounts, checkLinked, expectLinked } from './scrub/check-linked.ts';
import { checkData } from './scrub/check-data.ts';
import { checkMetadata } from './scrub/check-metadata.ts';
import { checkStrays } from './scrub/check-strays.ts';
import { LinkCounts } from './scrub/link-counts.ts';
import { ScrubRun, type ScrubParts } from './scrub/scrub-run.ts';
import { walkTree } from './scrub/walk-tree.ts';

export interface ScrubOptions extends ScrubParts {
  /** How far it is has changed in a way that people wait for. */
  readonly onNews: () => void;
}

/** What is ordered of the one that runs. */
interface Control {
  halted: boolean;
  paused: boolean;
  /** While it is paused. */
  resume: (() => void) | undefined;
}

/** The first words of keys of damage: what a walk of a tree compares. The rest is looked at only when that is the whole. */
const kindsOfTree: ReadonlySet<string> = new Set(['fragment', 'name', 'target', 'counts', 'location']);
const stopped = new FsError('ECANCELED', 'the scrub was stopped');

export class Scrub {
  readonly #env: Env;
  readonly #options: ScrubOptions;
  #run: ScrubRun | undefined;
  #running: Promise<void> | undefined;
  #control: Control = { halted: false, paused: false, resume: undefined };
  #order = 0;

  constructor(env: Env, options: ScrubOptions) {
    this.#env = env;
    this.#options = options;
  }

  /** Of the one that runs, or of the last. Null: there was none, and no order about one. */
  get status(): FsScrubStatus | null {
    const status = this.#run?.status;
    if (status === undefined) return this.#order === 0 ? null : { ...emptyStatus, order: this.#order, state: 'stopped' };
    return { ...status, order: this.#order, state: status.state === 'running' && this.#control.paused ? 'paused' : status.state };
  }

  /** Carries an order out, once. */
  order(order: FsScrubOrder): void {
    if (order.id <= this.#order) return;
    this.#order = order.id;
    const control = this.#control;
    if (order.action === 'start') this.#start(order);
    else if (order.action === 'stop') halt(control);
    else {
      control.paused = order.action === 'pause';
      if (!control.paused) control.resume?.();
    }
    this.#options.onNews();
  }

  /** Ends the one that runs. */
  async stop(): Promise<void> {
    halt(this.#control);
    await this.#running;
  }

  #start({ path, repair }: FsScrubOrder): void {
    halt(this.#control);
    const before = this.#running;
    const control: Control = { halted: false, paused: false, resume: undefined };
    const status = { ...emptyStatus, state: 'running', path, repair, startedMs: Math.floor(this.#env.clock.nowMs()) };
    const run = new ScrubRun(this.#env, this.#options, status, () => this.#pass(control));
    this.#control = control;
    this.#run = run;
    this.#running = (async () => {
      await before;
      this.#env.log.info({ path, repair }, 'scrub begins');
      await this.#carryOut(run);
    })();
    const running = this.#running;
    this.#env.spawn('mds scrub', () => running);
  }

  async #carryOut(run: ScrubRun): Promise<void> {
    const links = new LinkCounts(this.#options.core);
    let end: Partial<FsScrubStatus>;
    try {
      this.#options.damage.beginRound();
      this.#clearUnseen(run, await this.#everything(run, links));
      end = { state: 'done' };
    } catch (error) {
      const failure = toFsError(error);
      if (failure === stopped || failure.code === 'ESHUTDOWN') end = { state: 'stopped' };
      else if (error instanceof FsError) end = { state: 'failed', trouble: failure.message };
      else throw error;
    } finally {
      links.stop();
    }
    run.tell({ ...end, phase: '', endedMs: Math.floor(this.#env.clock.nowMs()) });
    const { state, directories, names, objects, errors, repaired, leftovers, unsettled, trouble } = run.status;
    this.#env.log.info({ state, directories, names, objects, errors, repaired, leftovers, unsettled, trouble }, 'scrub ends');
    this.#options.onNews();
  }

  /** Returns whether that was the whole filesystem. */
  async #everything(run: ScrubRun, links: LinkCounts): Promise<boolean> {
    const root = await this.#find(run.status.path);
    const whole = root === SystemIno.root;
    if (whole) {
      run.tell({ phase: 'linked' });
      await expectLinked(run, links);
    }
    run.tell({ phase: 'tree' });
    await walkTree(run, root, whole ? links : undefined);
    if (!whole) return false;
    run.tell({ phase: 'metadata' });
    await checkMetadata(run);
    for (const ino of run.adopted) await walkTree(run, ino, links);
    // From here on it is known what there is.
    run.tell({ phase: 'linked' });
    await checkCounts(run, links);
    await checkLinked(run);
    run.tell({ phase: 'strays' });
    await checkStrays(run);
    run.tell({ phase: 'data' });
    await checkData(run);
    return true;
  }

  /** The directory at `path`. FsError ENOENT, ENOTDIR, EIO. */
  async #find(path: string): Promise<number> {
    const { core, runner } = this.#options;
    let ino: number = SystemIno.root;
    for (const part of partsOf(path)) {
      const above = ino;
      ino = await runner.run(() => {
        const dentry = core.cache.find(core.cache.directory(above).ino, byteString(Buffer.from(part)));
        if (dentry === undefined) throw new FsError('ENOENT', `there is no ${path} in the filesystem`);
        return core.cache.target(dentry).ino;
      });
    }
    return await runner.run(() => core.cache.directory(ino).ino);
  }

  /** Of what was known to be damaged where it has looked, what was not met again is right. Not when it could not compare all. */
  #clearUnseen({ status }: ScrubRun, whole: boolean): void {
    if (status.unsettled > 0) return;
    const { damage } = this.#options;
    const below = `/${partsOf(status.path).join('/')}/`;
    for (const [key, { path }] of damage.unseen()) {
      const kind = key.slice(0, key.indexOf(' '));
      if (whole || (kindsOfTree.has(kind) && `${path}/`.startsWith(below))) damage.mended(key);
    }
  }

  /** Clients' work has its turn. Rejects when the scrub has been stopped. */
  async #pass(control: Control): Promise<void> {
    const { scrubPauseMs } = this.#options.config;
    await new Promise<void>((resolve) => this.#env.clock.setTimer(scrubPauseMs, resolve));
    while (control.paused && !control.halted) await new Promise<void>((resolve) => (control.resume = resolve));
    if (control.halted) throw stopped;
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

function halt(control: Control): void {
  control.halted = true;
  control.resume?.();
}

/** Of no scrub at all. */
export const emptyStatus: FsScrubStatus = {
  order: 0,
  state: '',
  path: '/',
  repair: false,
  phase: '',
  directories: 0,
  names: 0,
  linked: 0,
  strays: 0,
  objects: 0,
  errors: 0,
  repaired: 0,
  leftovers: 0,
  leftoverBytes: 0,
  unsettled: 0,
  startedMs: 0,
  endedMs: 0,
  findings: [],
  trouble: '',
};
