/**
 * Names that a rebuild makes, on their way to their directories' objects and the table of locations: gathered, so that many go with one write. Where two
 * want one name, the directory gets it, else what has the higher number: an older file that was deleted may be on its way out still.
 * @module
 */
import { bytesOf, type ByteString } from '../../../../common/maps/ids.ts';
import type { OmapEntry } from '../../../../osd/client/object-client.ts';
import { fragmentObject, positionOf } from '../../../core/directory.ts';
import { wholeId } from '../../../core/fragment-shape.ts';
import { isSystemDirectory, SystemIno, type Dentry, type Inode } from '../../../core/inode.ts';
import { inoKey } from '../../../core/block-table.ts';
import { locationObject } from '../../../core/location-table.ts';
import type { MetadataStore } from '../../../store/metadata-store.ts';

/** Names gathered. */
const gatheredMax = 8192;
/** Keys of one write. */
const keysMax = 2048;

/** A name without its place in listings. */
export interface NewName {
  readonly directory: number;
  readonly name: ByteString;
  readonly inode: Inode | undefined;
  readonly remoteIno: number;
  readonly remoteType: number;
}

export interface MetadataWriterOptions {
  /** Undefined: nothing is written, it is only seen what would be. */
  readonly store: MetadataStore | undefined;
  /** The next counter of a directory's names. */
  readonly counter: (directory: number) => number;
  /** It is to be counted in its directory, or no more. */
  readonly counted: (name: NewName, sign: 1 | -1) => void;
  /** Another has its name. */
  readonly displaced: (name: NewName) => void;
}

export class MetadataWriter {
  readonly #options: MetadataWriterOptions;
  #gathered = new Map<number, Map<ByteString, NewName>>();
  #count = 0;

  constructor(options: MetadataWriterOptions) {
    this.#options = options;
  }

  async put(name: NewName): Promise<void> {
    let names = this.#gathered.get(name.directory);
    if (names === undefined) this.#gathered.set(name.directory, (names = new Map<ByteString, NewName>()));
    const other = names.get(name.name);
    if (other !== undefined && goesBefore(other, name)) this.#options.displaced(name);
    else {
      names.set(name.name, name);
      if (other !== undefined) this.#options.displaced(other);
      else this.#count++;
    }
    if (this.#count >= gatheredMax) await this.flush();
  }

  /** The directories that are to have these names will find them free. */
  async clear(directory: number, names: readonly ByteString[]): Promise<void> {
    const { store, counted, displaced } = this.#options;
    for (let at = 0; at < names.length && store !== undefined; at += keysMax) {
      const some = names.slice(at, at + keysMax);
      const there = await store.readNames(directory, wholeId, some);
      for (const other of there.values()) {
        counted(other, -1);
        displaced(other);
      }
      if (there.size > 0) await store.write(fragmentObject(directory, wholeId), [], [...there.keys()].map(bytesOf));
    }
  }

  async flush(): Promise<void> {
    while (this.#count > 0) {
      const gathered = this.#gathered;
      this.#gathered = new Map();
      this.#count = 0;
      const placed: Dentry[] = [];
      for (const [directory, names] of gathered) placed.push(...(await this.#write(directory, [...names.values()])));
      await this.#locate(placed);
    }
  }

  async #write(directory: number, names: readonly NewName[]): Promise<Dentry[]> {
    const { store, counter, counted, displaced } = this.#options;
    const object = fragmentObject(directory, wholeId);
    const placed: Dentry[] = [];
    for (let at = 0; at < names.length; at += keysMax) {
      const some = names.slice(at, at + keysMax);
      const there = await store?.readNames(
        directory,
        wholeId,
        some.map(({ name }) => name),
      );
      const entries: OmapEntry[] = [];
      for (const name of some) {
        const other = there?.get(name.name);
        if (other !== undefined && goesBefore(other, name)) {
          displaced(name);
          continue;
        }
        if (other !== undefined) {
          counted(other, -1);
          displaced(other);
        }
        counted(name, 1);
        const position = positionIn(name, counter);
        const dentry: Dentry = { ...name, position, stored: true, removed: false };
        placed.push(dentry);
        if (store !== undefined) entries.push({ key: bytesOf(name.name), value: store.encode('fragment', dentry) });
      }
      await store?.write(object, entries, []);
    }
    return placed;
  }

  async #locate(placed: readonly Dentry[]): Promise<void> {
    const { store } = this.#options;
    if (store === undefined) return;
    const blocks = new Map<string, OmapEntry[]>();
    for (const dentry of placed) {
      const { inode } = dentry;
      if (inode === undefined || inode.ino === SystemIno.root) continue;
      const object = locationObject(inode.ino);
      const entry = { key: Buffer.from(inoKey(inode.ino), 'latin1'), value: store.encode('location', dentry) };
      const entries = blocks.get(object);
      if (entries === undefined) blocks.set(object, [entry]);
      else entries.push(entry);
    }
    for (const [object, entries] of blocks)
      for (let at = 0; at < entries.length; at += keysMax) await store.write(object, entries.slice(at, at + keysMax), []);
  }
}

/** The system's tables have no listings. */
function positionIn({ directory, name, inode }: NewName, counter: (directory: number) => number): number {
  return isSystemDirectory(directory) && inode !== undefined ? inode.ino : positionOf(name, counter(directory));
}

function goesBefore(a: NewName, b: NewName): boolean {
  const rank = ({ inode, remoteIno }: NewName): readonly [number, number] => [Number(inode?.isDirectory ?? false), inode?.ino ?? remoteIno];
  const [[kindA, numberA], [kindB, numberB]] = [rank(a), rank(b)];
  return kindA !== kindB ? kindA > kindB : numberA > numberB;
}
