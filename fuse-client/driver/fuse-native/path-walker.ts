import { FsError } from '../../../common/errors/fs-error.ts';
import { byteStringOf } from '../../../common/maps/ids.ts';
import type { ByteString, Ino } from '../../../common/maps/ids.ts';
import type { Credentials, Filesystem } from '../../vfs/filesystem.ts';

/** Finds inodes by path, holding a reference to each for as long as it is used. */
export class PathWalker {
  readonly #filesystem: Filesystem;
  readonly #who: Credentials;

  constructor(filesystem: Filesystem, who: Credentials) {
    this.#filesystem = filesystem;
    this.#who = who;
  }

  /** Runs `use` with the inode at `path`. */
  async at<T>(path: string, use: (ino: Ino) => Promise<T> | T): Promise<T> {
    return this.#walk(componentsOf(path), use);
  }

  /** Runs `use` with the directory that `path`'s last component is in, and that name. */
  async in<T>(path: string, use: (directory: Ino, name: ByteString) => Promise<T> | T): Promise<T> {
    const components = componentsOf(path);
    const name = components.pop();
    if (name === undefined) throw new FsError('EBUSY', 'the root has no name');
    return this.#walk(components, (directory) => use(directory, name));
  }

  async #walk<T>(components: readonly ByteString[], use: (ino: Ino) => Promise<T> | T): Promise<T> {
    const held: Ino[] = [];
    try {
      let at = this.#filesystem.root;
      for (const name of components) {
        const found = await this.#filesystem.lookup(this.#who, at, name);
        if (!('attributes' in found)) throw new FsError('ENOENT', name);
        at = found.attributes.ino;
        held.push(at);
      }
      return await use(at);
    } finally {
      for (const ino of held) this.#filesystem.forget(ino, 1);
    }
  }
}

function componentsOf(path: string): ByteString[] {
  return path
    .split('/')
    .filter((name) => name !== '')
    .map(byteStringOf);
}
