/**
 * The same calls on two directories, of which one is on a filesystem that is right: after each call what it answered, and
 * what it did to the inodes it names, must be equal; at the end the whole tree.
 * @module
 */
import { fileType } from './constants.ts';
import { pathsIn, printCall, printOutcome, slotsIn, type Call } from './call.ts';
import { root, SyscallWorker, type Outcome, type Syscall, type Syscalls } from './syscalls.ts';
import { moveOf, sameMove, type TimeField } from './moves.ts';
import { printStat, printTime, statOf, type Stat } from './stat.ts';
import { readTree } from './tree.ts';

/** A directory on one of the filesystems, and what makes calls there. */
export interface Subject {
  readonly name: string;
  readonly path: string;
  readonly syscalls: Syscalls;
  /** Its times are milliseconds: which of them a call moves is not seen. */
  readonly coarseTimes?: boolean;
}

/** One that this machine has mounted. */
export function mounted(name: string, path: string): Subject {
  return { name, path, syscalls: new SyscallWorker(path) };
}

/** What is compared beside answers, attributes and the times of changes. */
export interface Compared {
  /** Of files and links too, or not: what the kernel reads from its own cache does not move them on a mount. */
  readonly accessTimes: 'all' | 'of directories';
}

/** The times that are compared of what is like that on the right one. */
type FieldsOf = (model: Stat) => readonly TimeField[];

interface Looked {
  /** Of each thing that the call names: its attributes, or why it has none. */
  readonly before: readonly (Stat | number)[];
  readonly outcome: Outcome;
  readonly after: readonly (Stat | number)[];
}

/** One side's run of a sequence. */
interface RunOfOne {
  readonly name: string;
  readonly looked: readonly Looked[];
  readonly tree: ReadonlyMap<string, string>;
}

interface Run {
  readonly model: RunOfOne;
  readonly tested: RunOfOne;
}

const slots = [0, 1, 2];
const changeTimes = ['mtime', 'ctime'] as const;
const allTimes = ['atime', ...changeTimes] as const;
/** Calls told before one that differs. */
const callsBefore = 5;

export class Comparison {
  readonly #subjects: readonly [Subject, Subject];
  #rounds = 0;

  /** Whether the right one's clock is fine enough to show each change: then it is compared what changed which time. */
  #seesTimes = false;

  constructor(model: Subject, tested: Subject) {
    this.#subjects = [model, tested];
  }

  /** Looks how fine the clock of the right one is; resolves with whether it is fine enough. */
  async start(): Promise<boolean> {
    const [model, tested] = this.#subjects;
    const look: Syscall = { user: root, name: 'look', args: ['.'] };
    const changes = Array.from({ length: 10 }, (): Syscall => ({ user: root, name: 'chmod', args: ['.', 0o755] }));
    const outcomes = await model.syscalls.run(changes.flatMap((change) => [change, look]));
    const seen = outcomes.filter(({ rooms }) => rooms.length > 0).map((outcome) => statOf(outcome) as Stat);
    this.#seesTimes = tested.coarseTimes !== true && new Set(seen.map(({ ctime }) => ctime)).size === changes.length;
    return this.#seesTimes;
  }

  /** Runs the calls on both, each time in a new directory. Resolves with the first thing that differs; undefined when nothing does. */
  async differs(calls: readonly Call[], compared: Compared): Promise<string | undefined> {
    const run = await this.#run(calls);
    const [first] = this.#differing(calls, run, compared);
    if (first === undefined) return describeTrees(calls, run);
    return [...printCalls(calls, run, 0, first.at), `${run.model.name} and ${run.tested.name} differ there: ${first.what}`].join('\n');
  }

  /** As {@link differs}, with all that differs, each after the calls before it. */
  async allThatDiffer(calls: readonly Call[], compared: Compared): Promise<readonly string[]> {
    const run = await this.#run(calls);
    const differing = this.#differing(calls, run, compared).map(({ at, what }) =>
      [...printCalls(calls, run, Math.max(0, at - callsBefore), at), `    ${what}`].join('\n'),
    );
    const trees = describeTrees([], run);
    return differing.length > 0 || trees === undefined ? differing : [trees];
  }

  async stop(): Promise<void> {
    await Promise.all(this.#subjects.map(({ syscalls }) => syscalls.stop()));
  }

  async #run(calls: readonly Call[]): Promise<Run> {
    const folder = `round-${String(++this.#rounds)}`;
    const [model, tested] = await Promise.all(
      this.#subjects.map(async ({ name, path: home, syscalls }): Promise<RunOfOne> => {
        // The directory above, which calls reach by `..`, is the round's own too.
        const path = `${home}/${folder}`;
        await syscalls.run([
          ...[path, `${path}/in`].flatMap((each): Syscall[] => [
            { user: root, name: 'mkdir', args: [each, 0o777] },
            { user: root, name: 'chmod', args: [each, 0o777] },
          ]),
          { user: root, name: 'chdir', args: [`${path}/in`] },
        ]);
        const looked = await runLooking(syscalls, calls);
        const tree = await readTree(syscalls);
        await syscalls.run([
          ...slots.map((slot): Syscall => ({ user: root, name: 'close', args: [slot] })),
          { user: root, name: 'chdir', args: [home] },
        ]);
        return { name, looked, tree };
      }),
    );
    if (model === undefined || tested === undefined) throw new Error('two sides are compared');
    return { model, tested };
  }

  #differing(
    calls: readonly Call[],
    { model, tested }: Run,
    compared: Compared,
  ): readonly { readonly at: number; readonly what: string }[] {
    const passed = new Set<string>();
    return calls.flatMap((call, at) => {
      for (const { ino } of pipesUsed(call, model.looked[at])) passed.add(ino);
      const what = this.#unlike(call, (stat) => timesCompared(stat, compared, passed), model.looked[at], tested.looked[at]);
      return what === undefined ? [] : [{ at, what }];
    });
  }

  /** How two runs of a call differ; undefined when they don't. */
  #unlike(call: Call, fieldsOf: FieldsOf, model: Looked | undefined, tested: Looked | undefined): string | undefined {
    if (model === undefined || tested === undefined) return 'one of them did not answer';
    if (model.outcome.errno !== tested.outcome.errno)
      return `${printCall(call)} gave ${printOutcome(model.outcome)} and ${printOutcome(tested.outcome)}`;
    if (call.name !== 'open' && model.outcome.result !== tested.outcome.result)
      return `${printCall(call)} gave ${model.outcome.result} and ${tested.outcome.result}`;
    for (const [at, room] of call.name === 'look' ? [] : model.outcome.rooms.entries()) {
      const [was, is] = [answer(call, room), answer(call, tested.outcome.rooms[at] as Buffer)];
      if (was !== is) return `${printCall(call)} gave ${JSON.stringify(was)} and ${JSON.stringify(is)}`;
    }
    for (const [at, look] of looksOf(call).entries()) {
      const stat = model.after[at] as Stat | number;
      const fields = typeof stat === 'number' ? [] : fieldsOf(stat);
      if (!this.#sameInodes(call, fields, model, tested, at)) {
        const [was, is] = [model, tested].map((looked) => described(looked, at, fields, this.#seesTimes));
        return `${printCall(look)} after ${printCall(call)}:\n    ${was}\n    ${is}`;
      }
    }
    return undefined;
  }

  /** Whether the call has left the inode that was looked at alike, and moved the same times of it. */
  #sameInodes(call: Call, fields: readonly TimeField[], model: Looked, tested: Looked, at: number): boolean {
    if (described(model, at, fields, false) !== described(tested, at, fields, false)) return false;
    const [onModel, onTested] = [stepOf(model, at), stepOf(tested, at)];
    if (!this.#seesTimes || onModel === undefined || onTested === undefined) return true;
    return fields.every((field) => sameMove(call, field, { ...onModel, tick: model.outcome.tick }, onTested));
  }
}

function printCalls(calls: readonly Call[], { model }: Run, from: number, to: number): readonly string[] {
  return calls.slice(from, to + 1).map((call, at) => `  ${printCall(call)} → ${printOutcome((model.looked[from + at] as Looked).outcome)}`);
}

function describeTrees(calls: readonly Call[], run: Run): string | undefined {
  const { model, tested } = run;
  const paths = [...new Set([...model.tree.keys(), ...tested.tree.keys()])].sort();
  const differing = paths.filter((path) => model.tree.get(path) !== tested.tree.get(path));
  if (differing.length === 0) return undefined;
  return [
    ...printCalls(calls, run, 0, calls.length),
    'the trees differ at the end:',
    ...differing.flatMap((path) => [
      `  ${path}`,
      `    ${model.name}: ${model.tree.get(path) ?? 'missing'}`,
      `    ${tested.name}: ${tested.tree.get(path) ?? 'missing'}`,
    ]),
  ].join('\n');
}

/** Runs `calls` as one batch, each between two looks at what it names. */
async function runLooking(syscalls: Syscalls, calls: readonly Call[]): Promise<readonly Looked[]> {
  const looks = calls.map(looksOf);
  const batch = calls.flatMap((call, at) => {
    const around = looks[at] as readonly Syscall[];
    return [...around, call, ...around];
  });
  const outcomes = await syscalls.run(batch);
  let next = 0;
  const take = (count: number): readonly Outcome[] => outcomes.slice(next, (next += count));
  return looks.map(({ length }) => {
    const before = take(length).map(statOf);
    const [outcome] = take(1) as [Outcome];
    return { before, outcome, after: take(length).map(statOf) };
  });
}

function looksOf(call: Call): readonly Syscall[] {
  const paths = new Set(pathsIn(call).flatMap((path) => [path, parentOf(path)]));
  return [
    ...[...paths].map((path): Syscall => ({ user: root, name: 'look', args: [path] })),
    ...slotsIn(call).map((slot): Syscall => ({ user: root, name: 'look', args: [{ slot }] })),
  ];
}

function parentOf(path: string): string {
  const bare = path.replace(/\/+$/, '');
  const slash = bare.lastIndexOf('/');
  return slash < 0 ? '.' : bare.slice(0, slash);
}

/** What a call has put into a room. The names of attributes come in any order. */
function answer({ name }: Call, room: Buffer): string {
  const text = room.toString('latin1');
  return name === 'listxattr' ? text.split('\0').sort().join(' ') : text;
}

function described(looked: Looked, at: number, fields: readonly TimeField[], withMoves: boolean): string {
  const is = looked.after[at] as Stat | number;
  if (typeof is === 'number') return `errno ${is}`;
  const step = stepOf(looked, at);
  const moved = (field: TimeField): string => (withMoves && step !== undefined ? ` (${moveOf(field, step)})` : '');
  return [printStat(is), ...fields.map((field) => `${field} ${printTime(is[field])}${moved(field)}`)].join(' ');
}

/** The same inode before the call and after it; undefined when it was another, or none. */
function stepOf({ before, after }: Looked, at: number): { readonly before: Stat; readonly after: Stat } | undefined {
  const [was, is] = [before[at] as Stat | number, after[at] as Stat | number];
  return typeof was === 'number' || typeof is === 'number' || was.ino !== is.ino ? undefined : { before: was, after: is };
}

/** FIFOs that the call has read or written. */
function pipesUsed({ name }: Call, looked: Looked | undefined): readonly Stat[] {
  if (name !== 'read' && name !== 'write') return [];
  return (looked?.after ?? []).filter((stat): stat is Stat => typeof stat !== 'number' && stat.type === fileType.fifo);
}

/** `passed`: FIFOs through which something went. No FUSE filesystem hears of that, so that it moves no times (docs/POSIX.md). */
function timesCompared({ ino, type }: Stat, { accessTimes }: Compared, passed: ReadonlySet<string>): readonly TimeField[] {
  if (type === fileType.fifo && passed.has(ino)) return [];
  return accessTimes === 'all' || type === fileType.directory ? allTimes : changeTimes;
}
