/**
 * Directories in memory: fragments, their dentries, and the order in which names are listed.
 *
 * A name's position (its readdir cookie) is 52 bits: the upper 20 are the upper bits of the name's hash, so that a
 * fragment, which is a prefix of that hash, is a range of positions; the lower 32 are a counter kept by the directory.
 * Given once and stored with the name, it is unique and never moves, whatever comes, goes, splits or merges meanwhile.
 *
 * It is told before it is durable, to the client alone that makes the name, which says it when it sends the request again ({@link counterBehind}):
 * so who was reading the directory as an MDS died neither meets the name twice nor misses it. All that is sent again comes before anything new,
 * so what is given later is higher. A position whose client died with the MDS nobody else has seen, and another name may get its number.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import type { ByteString } from '../../common/maps/ids.ts';
import { HashBag, nameHash } from '../client/hash-bag.ts';
import {
  childrenOf,
  divisionCount,
  firstHash,
  fragmentBitsMax,
  fragmentsOf,
  isSame,
  overlaps,
  parentOf,
  shapeOf,
  wholeShape,
  type FragmentId,
  type Shape,
} from './fragment-shape.ts';
import type { Dentry } from './inode.ts';
import { WriteBackSet } from './write-back-set.ts';

/** First position of a directory; lower cookies are for `.` and `..`. */
export const firstPosition = 16;
const counterRange = 2 ** 32;
/** Upper bits of the hash in a position. */
const positionHashBits = 20;
/** Positions of one directory that a life of the MDS may have given which no journal has, at the most. */
const lostPositionsMax = 2 ** 24;
/** Brothers are merged below this part of what is divided. */
const mergeShare = 4;
const positionHashMax = 2 ** positionHashBits - 1;

/** What is to be written to one fragment's object. */
export class FragmentChanges extends WriteBackSet<Dentry> {
  readonly fragment: Fragment;

  constructor(fragment: Fragment) {
    super('fragment', fragmentObject(fragment.directory.ino, fragment.id));
    this.fragment = fragment;
  }

  /** What lies elsewhere is to be moved here. */
  override get owing(): boolean {
    return this.fragment.sources.length > 0;
  }
}

export class Fragment {
  readonly directory: Directory;
  readonly id: FragmentId;
  readonly dentries = new Map<ByteString, Dentry>();
  readonly changes: FragmentChanges;
  /** Hashes of the names that it has beside those in memory; undefined: nobody knows which these are. */
  absent: HashBag | undefined;
  /** Fragments that were here before, as long as their objects may have names which its own lacks. */
  sources: readonly FragmentId[] = [];
  /** What `sources` have is in memory, and waits to be written. */
  gathered = true;
  /** Divided or merged: no part of its directory any more. */
  retired = false;
  /** Ascending by position; may contain removed dentries and lack those in `#fresh`. Undefined: never listed. */
  #index: Dentry[] | undefined;
  #fresh: Dentry[] = [];

  /** `empty`: it has no names yet. */
  constructor(directory: Directory, id: FragmentId, empty: boolean) {
    this.directory = directory;
    this.id = id;
    this.absent = empty ? new HashBag() : undefined;
    this.changes = new FragmentChanges(this);
  }

  /** Every name it has is in memory: what is not found does not exist. */
  get complete(): boolean {
    return this.absent?.size === 0;
  }

  /** A directory that is divided may have more names than fit: once a fragment has been looked through, they are read one by one. */
  get comesByName(): boolean {
    return this.id.bits > 0 && this.absent !== undefined;
  }

  /** Number of its names; undefined while that is not known. */
  get count(): number | undefined {
    return this.absent === undefined ? undefined : this.dentries.size + this.absent.size;
  }

  /** It has more names than it should, when `splitNames` are meant to fit. */
  isLarge(splitNames: number): boolean {
    const { bits, value } = this.id;
    const limit = bits === 0 ? splitNames : brotherLimit(splitNames, value % divisionCount);
    return this.dentries.size + (this.absent?.size ?? 0) > limit && bits < fragmentBitsMax;
  }

  /** It has so few names that it and its brothers may be few enough to be one: see {@link mayMerge}. */
  isSmall(splitNames: number): boolean {
    return this.id.bits > 0 && this.count !== undefined && (this.count - 1) * divisionCount * mergeShare < splitNames;
  }

  /** Whether the object may have a name that is not in memory because it was removed. */
  hidesStored(name: ByteString): boolean {
    return this.changes.dirty.has(name) || this.changes.writing?.has(name) === true;
  }

  /** Whether a name that is not in memory is known not to exist. */
  lacks(name: ByteString): boolean {
    return this.complete || this.hidesStored(name) || (this.absent !== undefined && !this.absent.has(nameHash(name)));
  }

  add(dentry: Dentry): void {
    this.dentries.set(dentry.name, dentry);
    if (this.#index !== undefined) this.#fresh.push(dentry);
  }

  delete(dentry: Dentry): void {
    dentry.removed = true;
    this.dentries.delete(dentry.name);
  }

  /** Forgets the order; the next listing makes it anew. */
  dropIndex(): void {
    this.#index = undefined;
    this.#fresh = [];
  }

  /** All names in order; `start` is the first with a position above `after`. */
  list(after: number): { readonly entries: readonly Dentry[]; readonly start: number } {
    const entries = this.#sorted();
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((entries[middle] as Dentry).position > after) high = middle;
      else low = middle + 1;
    }
    return { entries, start: low };
  }

  #sorted(): readonly Dentry[] {
    if (this.#index === undefined) {
      this.#index = [...this.dentries.values()].sort(byPosition);
    } else if (this.#fresh.length > 0 || this.#index.length > 2 * this.dentries.size + 64) {
      const kept = this.#index.filter(isPresent);
      const fresh = this.#fresh.filter(isPresent).sort(byPosition);
      this.#index = fresh.length > 0 ? merge(kept, fresh) : kept;
      this.#fresh = [];
    }
    return this.#index;
  }
}

/**
 * Names that the `index`th of eight brothers may have. Brothers grow at the same rate, so each has its own limit: a third to twice of what
 * is meant to fit, in equal ratios. By the time the last of them is divided, what came of the first is due: as a directory grows, at
 * any size the same small part of it is rewritten for each name that is made.
 */
function brotherLimit(splitNames: number, index: number): number {
  return Math.ceil(2 * splitNames * divisionCount ** ((index + 1) / divisionCount - 1));
}

/**
 * Whether brothers with `names` names together should be one: far fewer than what is divided, and dividing leaves far more, so that
 * a directory never goes to and fro.
 */
export function mayMerge(names: number, splitNames: number): boolean {
  return names * mergeShare < splitNames;
}

/** What {@link Directory.reshape} has replaced. */
export interface Reshaped {
  readonly retired: readonly Fragment[];
  readonly made: readonly Fragment[];
}

export class Directory {
  readonly ino: number;
  /** False: its inode is not in memory, so nobody knows its fragments; what changed of it waits in one that stands for all. */
  placed: boolean;
  shape: Shape;
  #fragments: readonly Fragment[];
  /** Lowest hash of each. */
  #starts: readonly number[];

  /** `shape` undefined: not known. `fresh`: it was made just now, so what it has is known. */
  constructor(ino: number, shape: Shape | undefined, fresh: boolean) {
    this.ino = ino;
    this.placed = shape !== undefined;
    this.shape = shape ?? wholeShape;
    this.#fragments = fragmentsOf(this.shape).map((id) => new Fragment(this, id, fresh));
    this.#starts = this.#fragments.map(({ id }) => firstHash(id));
  }

  /** In the order of their hashes, and so of positions. */
  get fragments(): readonly Fragment[] {
    return this.#fragments;
  }

  fragmentOf(name: ByteString): Fragment {
    return this.#fragments.length === 1 ? (this.#fragments[0] as Fragment) : this.#at(nameHash(name));
  }

  /** The fragment that `position` is in, and all that follow. */
  fragmentsFrom(position: number): readonly Fragment[] {
    const hash = Math.min(Math.floor(position / counterRange), positionHashMax) * 2 ** (32 - positionHashBits);
    return this.#fragments.slice(this.#indexOf(hash));
  }

  /** The fragments that came from the same one as `fragment`; undefined where one of them has been divided further. */
  brothers(fragment: Fragment): readonly Fragment[] | undefined {
    const parent = parentOf(fragment.id);
    const first = this.#indexOf(firstHash(parent));
    const brothers = this.#fragments.slice(first, first + divisionCount);
    return brothers.every(({ id }) => id.bits === fragment.id.bits && isSame(parentOf(id), parent)) ? brothers : undefined;
  }

  /** Whether names may still lie in the object of what `brothers` came from. */
  isMovingFrom(brothers: readonly Fragment[]): boolean {
    const [first] = brothers;
    if (first === undefined) return false;
    const parent = parentOf(first.id);
    return brothers.some(({ sources }) => sources.some((source) => isSame(source, parent)));
  }

  /** The shape in which `fragment` is divided. */
  divided(fragment: Fragment): Shape {
    return shapeOf(this.#fragments.flatMap((each) => (each === fragment ? childrenOf(each.id) : [each.id])));
  }

  /** The shape in which `brothers` are one. */
  merged(brothers: readonly Fragment[]): Shape {
    const [first] = brothers;
    return shapeOf(this.#fragments.flatMap((each) => (each === first ? [parentOf(each.id)] : brothers.includes(each) ? [] : [each.id])));
  }

  /**
   * Divides the names anew. What is in memory goes to its new place at once, and is to be written there. `moves`: the fragments
   * that end have objects, whose other names are to be moved as well; else they only stood for what was not known.
   */
  reshape(shape: Shape, moves: boolean): Reshaped {
    const ids = fragmentsOf(shape);
    const old = new Map(this.#fragments.map((fragment) => [fragment.changes.object, fragment]));
    const next = ids.map((id) => old.get(fragmentObject(this.ino, id)) ?? new Fragment(this, id, true));
    const stays = new Set(next);
    const retired = this.#fragments.filter((fragment) => !stays.has(fragment));
    const before = new Set(this.#fragments);
    const made = next.filter((fragment) => !before.has(fragment));
    this.placed = true;
    this.shape = shape;
    this.#fragments = next;
    this.#starts = ids.map(firstHash);
    for (const fragment of retired) {
      for (const heir of made) if (overlaps(heir.id, fragment.id)) inherit(heir, fragment, moves);
      this.#moveOut(fragment, moves);
    }
    return { retired, made };
  }

  #moveOut(fragment: Fragment, moves: boolean): void {
    const { changes, absent } = fragment;
    assert(changes.writing === undefined && changes.frozen === 0, 'a fragment was reshaped while it was read or written');
    for (const dentry of fragment.dentries.values()) {
      const heir = this.fragmentOf(dentry.name);
      heir.dentries.set(dentry.name, dentry);
      if (moves) heir.changes.dirty.set(dentry.name, dentry);
    }
    for (const [name, dentry] of changes.dirty) this.fragmentOf(name as ByteString).changes.dirty.set(name, dentry);
    for (const hash of absent ?? []) this.#at(hash).absent?.add(hash);
    fragment.retired = true;
    fragment.dentries.clear();
    changes.dirty.clear();
  }

  #at(hash: number): Fragment {
    return this.#fragments[this.#indexOf(hash)] as Fragment;
  }

  /** Of the last fragment that begins at or below `hash`. */
  #indexOf(hash: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] as number) <= hash) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** What `heir` has to know of a fragment that it takes names from. */
function inherit(heir: Fragment, fragment: Fragment, moves: boolean): void {
  const { changes, complete, absent, sources } = fragment;
  addSources(heir, moves ? [fragment.id, ...sources] : sources);
  if (!complete) heir.gathered = heir.sources.length === 0;
  if (absent === undefined) heir.absent = undefined;
  if (changes.isDirty) heir.changes.mark(changes.dirtySince);
}

/** Notes objects that may have names of `fragment`. */
export function addSources(fragment: Fragment, sources: readonly FragmentId[]): void {
  const more = sources.filter(
    (source) => overlaps(source, fragment.id) && !isSame(source, fragment.id) && !fragment.sources.some((known) => isSame(known, source)),
  );
  if (more.length > 0) fragment.sources = [...fragment.sources, ...more];
}

/** Name of a fragment's object: `<ino hex>.<bits, 2 hex digits><value, 6 hex digits>`. */
export function fragmentObject(ino: number, { bits, value }: FragmentId): string {
  return `${ino.toString(16)}.${bits.toString(16).padStart(2, '0')}${value.toString(16).padStart(6, '0')}`;
}

/** Position of a new name, when the directory's counter is at `counter`. */
export function positionOf(name: ByteString, counter: number): number {
  return (nameHash(name) >>> 12) * counterRange + (counter % counterRange);
}

/** Counter after `counter`: it wraps before it would give a cookie that is kept for `.` and `..`. */
export function nextCounter(counter: number): number {
  return counter + 1 >= counterRange ? firstPosition : counter + 1;
}

/**
 * The counter when `name` has been given `position` by a life before: it goes on behind that. Undefined: none can have done so, with the
 * counter that it has left.
 */
export function counterBehind(position: number, name: ByteString, counter: number): number | undefined {
  const given = position % counterRange;
  if (given < firstPosition || position !== positionOf(name, given)) return undefined;
  const ahead = (given - counter + counterRange) % counterRange;
  if (ahead < lostPositionsMax) return nextCounter(given);
  return given < counter ? counter : undefined;
}

function byPosition(a: Dentry, b: Dentry): number {
  return a.position - b.position;
}

function isPresent(dentry: Dentry): boolean {
  return !dentry.removed;
}

function merge(a: readonly Dentry[], b: readonly Dentry[]): Dentry[] {
  const out: Dentry[] = [];
  let i = 0;
  for (const dentry of b) {
    while (i < a.length && (a[i] as Dentry).position < dentry.position) out.push(a[i++] as Dentry);
    out.push(dentry);
  }
  while (i < a.length) out.push(a[i++] as Dentry);
  return out;
}
