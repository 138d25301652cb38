/**
 * The filesystem as it should be: a tree in memory with POSIX rules, small enough to be obviously right.
 * Paths are lists of names; errors are codes.
 * @module
 */
import { FsError, type ErrorCode } from '../../common/errors/fs-error.ts';

export type ModelNode = ModelFile | ModelDirectory | ModelSymlink;

export interface ModelFile {
  readonly kind: 'file';
  data: Buffer;
  links: number;
  /** Permission bits. */
  mode: number;
}

export interface ModelDirectory {
  readonly kind: 'directory';
  readonly names: Map<string, ModelNode>;
}

export interface ModelSymlink {
  readonly kind: 'symlink';
  readonly target: string;
}

export type ModelPath = readonly string[];

/** Throws {@link FsError} as the real one should. */
export class ModelTree {
  readonly root: ModelDirectory = { kind: 'directory', names: new Map() };

  find(path: ModelPath): ModelNode {
    let node: ModelNode = this.root;
    for (const name of path) {
      if (node.kind !== 'directory') fail('ENOTDIR');
      node = node.names.get(name) ?? fail('ENOENT');
    }
    return node;
  }

  file(path: ModelPath): ModelFile {
    const node = this.find(path);
    if (node.kind === 'directory') fail('EISDIR');
    return node.kind === 'file' ? node : fail('ELOOP');
  }

  /** Opens with O_CREAT. */
  create(path: ModelPath, exclusive: boolean): ModelFile {
    const [parent, name] = this.#place(path);
    const existing = parent.names.get(name);
    if (existing === undefined) {
      const file: ModelFile = { kind: 'file', data: Buffer.alloc(0), links: 1, mode: 0o644 };
      parent.names.set(name, file);
      return file;
    }
    if (exclusive) fail('EEXIST');
    if (existing.kind === 'directory') fail('EISDIR');
    return existing.kind === 'file' ? existing : fail('ELOOP');
  }

  makeDirectory(path: ModelPath): void {
    this.#add(path, { kind: 'directory', names: new Map() });
  }

  symlink(path: ModelPath, target: string): void {
    this.#add(path, { kind: 'symlink', target });
  }

  link(from: ModelPath, to: ModelPath): void {
    const node = this.find(from);
    if (node.kind !== 'file') fail('EPERM');
    this.#add(to, node);
    node.links += 1;
  }

  unlink(path: ModelPath): void {
    const [parent, name] = this.#place(path);
    const node = parent.names.get(name) ?? fail('ENOENT');
    if (node.kind === 'directory') fail('EISDIR');
    this.#drop(parent, name, node);
  }

  removeDirectory(path: ModelPath): void {
    const [parent, name] = this.#place(path);
    const node = parent.names.get(name) ?? fail('ENOENT');
    if (node.kind !== 'directory') fail('ENOTDIR');
    if (node.names.size > 0) fail('ENOTEMPTY');
    parent.names.delete(name);
  }

  rename(from: ModelPath, to: ModelPath): void {
    const [oldParent, oldName] = this.#place(from);
    const [newParent, newName] = this.#place(to);
    const node = oldParent.names.get(oldName) ?? fail('ENOENT');
    if (node.kind === 'directory' && to.length > from.length && from.every((name, i) => to[i] === name)) fail('EINVAL');
    const target = newParent.names.get(newName);
    if (target === node) return; // two links of one file: nothing happens
    if (target !== undefined) {
      if (target.kind === 'directory' && node.kind !== 'directory') fail('EISDIR');
      if (target.kind !== 'directory' && node.kind === 'directory') fail('ENOTDIR');
      if (target.kind === 'directory' && target.names.size > 0) fail('ENOTEMPTY');
      this.#drop(newParent, newName, target);
    }
    oldParent.names.delete(oldName);
    newParent.names.set(newName, node);
  }

  #add(path: ModelPath, node: ModelNode): void {
    const [parent, name] = this.#place(path);
    if (parent.names.has(name)) fail('EEXIST');
    parent.names.set(name, node);
  }

  #drop(parent: ModelDirectory, name: string, node: ModelNode): void {
    parent.names.delete(name);
    if (node.kind === 'file') node.links -= 1;
  }

  #place(path: ModelPath): [ModelDirectory, string] {
    const parent = this.find(path.slice(0, -1));
    if (parent.kind !== 'directory') fail('ENOTDIR');
    return [parent, path.at(-1) as string];
  }
}

/** Writes into a model file, zeros in between. */
export function writeModel(file: ModelFile, offset: number, bytes: Buffer): void {
  if (offset + bytes.length > file.data.length) resizeModel(file, offset + bytes.length);
  bytes.copy(file.data, offset);
}

/** Cuts or extends with zeros. */
export function resizeModel(file: ModelFile, size: number): void {
  if (size <= file.data.length) file.data = Buffer.from(file.data.subarray(0, size));
  else file.data = Buffer.concat([file.data, Buffer.alloc(size - file.data.length)]);
}

function fail(code: ErrorCode): never {
  throw new FsError(code, `the model says ${code}`);
}
