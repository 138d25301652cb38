/**
 * Scrubs of the filesystem, as people order them: one at a time, in the background, while clients work.
 *
 *   start ──▶ running ⇄ paused
 *               │ └──────┴──▶ stopped
 *               ├──▶ done
 *               └──▶ failed
 *
 * Of several ranks each compares what it decides about, and with others what lies between them; the mon puts together what they find. No rank
 * begins a stage before all have ended the one before: what is mended in one is found in the next, whoever looks.
 *
 * What it compares is in memory, or brought there: that is the truth, with everything that is only in the journal yet. A scrub ends with
 * the life of the MDS; what it had found by then is in the table of damage.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { FsScrubOrder, FsScrubStatus, FsScrubTurn } from '../../common/wire/gen/messages.ts';
import { SystemIno } from '../core/inode.ts';
import { checkCounts, checkLinked, expectLinked } from './scrub/check-linked.ts';
import { checkData } from './scrub/check-data.ts';
import { checkMetadata } from './scrub/check-metadata.ts';
import { checkGiven, checkOwn } from './scrub/check-shared.ts';
import { checkStrays } from './scrub/check-strays.ts';
import { LinkCounts } from './scrub/link-counts.ts';
import { ScrubRun, type ScrubParts } from './scrub/scrub-run.ts';
import { find, learnPaths, partsOfPath, rootsBelow, rootsOf } from './scrub/subtree-roots.ts';
import { walkTree } from './scrub/walk-tree.ts';

export interface ScrubOptions extends ScrubParts {
  /** How far it is has changed in a way that people wait for. */
  readonly onNews: () => void;
}

/** What is ordered of the one that runs. */
interface Control {
  halted: boolean;
  /** Why it was, when nobody has ordered that. */
  why: string;
  paused: boolean;
  /** The last stage that all ranks have ended. */
  stage: number;
  /** While it waits for either. */
  goOn: (() => void) | undefined;
}

/** What is in memory of a directory, and where it lies, is right; directories without an inode have one. */
const Stage = { tree: 1, metadata: 2 } as const;

/** The first words of keys of damage: what a walk of a tree compares. The rest is looked at only when that is the whole. */
const kindsOfTree: ReadonlySet<string> = new Set(['fragment', 'name', 'target', 'counts', 'location']);
const stopped = new FsError('ECANCELED', 'the scrub was stopped');

export class Scrub {
  readonly #env: Env;
  readonly #options: ScrubOptions;
  #run: ScrubRun | undefined;
  #running: Promise<void> | undefined;
  #control = noControl();
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
      if (!control.paused) control.goOn?.();
    }
    this.#options.onNews();
  }

  /** How far the others are that take part. */
  turn({ began, stage, over }: FsScrubTurn): void {
    if (this.#run?.status.began !== began) return;
    const control = this.#control;
    control.stage = Math.max(control.stage, stage);
    if (over !== '') {
      control.why = over;
      halt(control);
    } else control.goOn?.();
  }

  /** Ends the one that runs. */
  async stop(): Promise<void> {
    halt(this.#control);
    await this.#running;
  }

  #start({ id, path, repair, ranks }: FsScrubOrder): void {
    halt(this.#control);
    const before = this.#running;
    const control = noControl();
    const status = { ...emptyStatus, state: 'running', path, repair, began: id, ranks, startedMs: Math.floor(this.#env.clock.nowMs()) };
    const run = new ScrubRun(this.#env, this.#options, { status, ranks }, () => this.#pass(control));
    this.#control = control;
    this.#run = run;
    this.#running = (async () => {
      await before;
      this.#env.log.info({ path, repair }, 'scrub begins');
      await this.#carryOut(run, control);
    })();
    const running = this.#running;
    this.#env.spawn('mds scrub', () => running);
  }

  async #carryOut(run: ScrubRun, control: Control): Promise<void> {
    const links = new LinkCounts(this.#options.core);
    let end: Partial<FsScrubStatus>;
    try {
      this.#options.damage.beginRound();
      this.#clearUnseen(run, await this.#everything(run, control, links));
      end = { state: 'done' };
    } catch (error) {
      const failure = toFsError(error);
      if (failure === stopped || failure.code === 'ESHUTDOWN') end = { state: 'stopped', trouble: control.why };
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
  async #everything(run: ScrubRun, control: Control, links: LinkCounts): Promise<boolean> {
    const at = await find(run);
    const whole = at.ino === SystemIno.root;
    const roots = whole ? await rootsOf(run) : await rootsBelow(run, at);
    if (whole) {
      run.tell({ phase: 'linked' });
      await expectLinked(run, links);
    }
    run.tell({ phase: 'tree' });
    for (const root of roots) await walkTree(run, root, whole ? links : undefined);
    if (!whole) return false;
    await this.#together(run, control, Stage.tree);
    // Who was asked before may not have known its own yet.
    await learnPaths(run);
    run.tell({ phase: 'metadata' });
    await checkMetadata(run);
    for (const ino of run.adopted) await walkTree(run, ino, links);
    await this.#together(run, control, Stage.metadata);
    // From here on it is known what there is.
    run.tell({ phase: 'linked' });
    await checkCounts(run, links);
    await checkLinked(run);
    for (const root of roots) if (root !== SystemIno.root) await checkOwn(run, root);
    await checkGiven(run);
    run.tell({ phase: 'strays' });
    await checkStrays(run);
    run.tell({ phase: 'data' });
    await checkData(run);
    return true;
  }

  /** This rank has ended the stage: waits for the others. Rejects when the scrub has been stopped. */
  async #together(run: ScrubRun, control: Control, stage: number): Promise<void> {
    if (run.ranks === 1) return;
    run.tell({ stage });
    this.#options.onNews();
    await until(control, () => control.stage >= stage);
    await run.pace();
  }

  /** Of what was known to be damaged where it has looked, what was not met again is right. Not when it could not compare all. */
  #clearUnseen({ status }: ScrubRun, whole: boolean): void {
    if (status.unsettled > 0) return;
    const { damage } = this.#options;
    const below = `/${partsOfPath(status.path).join('/')}/`;
    for (const [key, { path }] of damage.unseen()) {
      const kind = key.slice(0, key.indexOf(' '));
      if (whole || (kindsOfTree.has(kind) && `${path}/`.startsWith(below))) damage.mended(key);
    }
  }

  /** Clients' work has its turn. Rejects when the scrub has been stopped. */
  async #pass(control: Control): Promise<void> {
    const { scrubPauseMs } = this.#options.config;
    await new Promise<void>((resolve) => this.#env.clock.setTimer(scrubPauseMs, resolve));
    await until(control, () => !control.paused);
  }
}

function noControl(): Control {
  return { halted: false, why: '', paused: false, stage: 0, goOn: undefined };
}

/** Rejects when the scrub has been stopped. */
async function until(control: Control, may: () => boolean): Promise<void> {
  while (!may() && !control.halted) await new Promise<void>((resolve) => (control.goOn = resolve));
  if (control.halted) throw stopped;
}

function halt(control: Control): void {
  control.halted = true;
  control.goOn?.();
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
  began: 0,
  stage: 0,
  ranks: 0,
};
