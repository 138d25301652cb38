/**
 * path_resolution(7): from a path to a name in a directory, or to what it names. Search permission is checked on
 * every directory walked through, links are followed, references to inodes are kept until they are dropped together.
 * @module
 */
import type { ByteString, Ino } from '../../../../common/maps/ids.ts';
import type { Attributes, Credentials, Filesystem } from '../../../../fuse-client/vfs/filesystem.ts';
import { fileType, linkType, typeMask } from '../constants.ts';
import { refuse } from './errno.ts';
import { mayFollow } from './hardening.ts';

const linksMax = 40;
const pathBytesMax = 4096;
const execute = 1;

/** The directories from the root to one of them, which `..` leads back through. */
export type Way = readonly [Ino, ...Ino[]];

/** The last component of a path. */
export interface Last {
  readonly way: Way;
  /** Of the directory that it is in. */
  readonly directory: Ino;
  readonly name: ByteString;
  /** Whether `name` is one: not `.`, `..`, or empty, which is the root's. */
  readonly isName: boolean;
  /** The path ends in a slash. */
  readonly slash: boolean;
}

/** What a path leads to. */
export interface Found {
  readonly way: Way;
  readonly attributes: Attributes;
}

export class Walk {
  readonly #filesystem: Filesystem;
  readonly #who: Credentials;
  readonly #from: Way;
  readonly #referenced: Ino[] = [];
  #links = 0;

  /** Of one call. `from`: where relative paths begin. */
  constructor(filesystem: Filesystem, who: Credentials, from: Way) {
    this.#filesystem = filesystem;
    this.#who = who;
    this.#from = from;
  }

  /** The inodes that were met may be forgotten. */
  end(): void {
    for (const ino of this.#referenced.splice(0)) this.#filesystem.forget(ino, 1);
  }

  /** Counts a reference that a call has given. */
  keep({ ino }: Attributes): void {
    this.#referenced.push(ino);
  }

  /** References that the caller takes over. */
  take(): readonly Ino[] {
    return this.#referenced.splice(0);
  }

  /** The directory that the last component is in, which itself is not looked up. */
  async last(path: string): Promise<Last> {
    return await this.#walk(this.#from, path);
  }

  /** What the path names. */
  async find(path: string, follow: boolean): Promise<Found> {
    const { found } = await this.findLast(await this.last(path), follow);
    return found ?? refuse('ENOENT');
  }

  /** What `last` names, with links followed, and the name that this ended at; undefined when there is nothing. */
  async findLast(last: Last, follow: boolean): Promise<{ readonly last: Last; readonly found: Found | undefined }> {
    for (;;) {
      const { way, directory, name, slash } = last;
      if (!last.isName) {
        const target: Way = name === '..' && way.length > 1 ? (way.slice(0, -1) as unknown as Way) : way;
        const { attributes } = await this.#filesystem.getAttributes(this.#who, target.at(-1) as Ino);
        return { last, found: { way: target, attributes } };
      }
      const attributes = await this.look(directory, name);
      if (attributes === undefined) return { last, found: undefined };
      if (isLink(attributes) && (follow || slash)) {
        const { attributes: above } = await this.#filesystem.getAttributes(this.#who, directory);
        if (!mayFollow(this.#who, above, attributes)) refuse('EACCES');
        const next = await this.#walk(way, await this.#target(attributes.ino));
        last = { ...next, slash: next.slash || slash };
        continue;
      }
      if (slash && !isDirectory(attributes)) refuse('ENOTDIR');
      return { last, found: { way: isDirectory(attributes) ? [...way, attributes.ino] : way, attributes } };
    }
  }

  /** What the directory has by that name. */
  async look(directory: Ino, name: ByteString): Promise<Attributes | undefined> {
    const entry = await this.#filesystem.lookup(this.#who, directory, name);
    if (!('attributes' in entry)) return undefined;
    this.keep(entry.attributes);
    return entry.attributes;
  }

  async #walk(from: Way, path: string): Promise<Last> {
    if (path === '') refuse('ENOENT');
    if (path.length >= pathBytesMax) refuse('ENAMETOOLONG');
    const todo = componentsOf(path);
    let way: Way = path.startsWith('/') ? [from[0]] : from;
    for (;;) {
      const directory = way.at(-1) as Ino;
      const name = todo.shift();
      if (name === undefined) return { way, directory, name: '' as ByteString, isName: false, slash: true };
      await this.#filesystem.access(this.#who, directory, execute);
      const isName = name !== '.' && name !== '..';
      if (todo.length === 0) return { way, directory, name, isName, slash: path.endsWith('/') };
      if (name === '..' && way.length > 1) way = way.slice(0, -1) as unknown as Way;
      if (!isName) continue;
      const attributes = (await this.look(directory, name)) ?? refuse('ENOENT');
      if (isLink(attributes)) {
        const target = await this.#target(attributes.ino);
        if (target.startsWith('/')) way = [from[0]];
        todo.unshift(...componentsOf(target));
      } else if (isDirectory(attributes)) way = [...way, attributes.ino];
      else refuse('ENOTDIR');
    }
  }

  async #target(ino: Ino): Promise<string> {
    if (++this.#links > linksMax) refuse('ELOOP');
    return await this.#filesystem.readLink(this.#who, ino);
  }
}

export function isDirectory({ mode }: Attributes): boolean {
  return (mode & typeMask) === fileType.directory;
}

export function isLink({ mode }: Attributes): boolean {
  return (mode & typeMask) === linkType;
}

export function isRegular({ mode }: Attributes): boolean {
  return (mode & typeMask) === fileType.regular;
}

function componentsOf(path: string): ByteString[] {
  return path.split('/').filter((part) => part !== '') as ByteString[];
}
