/**
 * What the tables of calls are written with.
 * @module
 */
import type { Call } from '../call.ts';
import { fileType } from '../constants.ts';
import type { Argument, SyscallName } from '../syscalls.ts';
import { root, type User } from '../syscalls.ts';

/** Makes the calls of one table; paths are unlike those of all others in it. */
export type Table = () => readonly Call[];
export type Tables = Readonly<Record<string, Table>>;

export const atFdCwd = -100;
export const noFollow = 0x100;
export const emptyPath = 0x1000;
export const kinds = ['file', 'directory', 'link', 'dangling', 'fifo', 'socket', 'device', 'missing'] as const;
export type Kind = (typeof kinds)[number];

export class Script {
  readonly calls: Call[] = [];
  #names = 0;

  /** A name that nothing has. */
  name(): string {
    return `n${String(++this.#names)}`;
  }

  do(user: User, name: SyscallName, ...args: readonly Argument[]): this {
    this.calls.push({ user, name, args });
    return this;
  }

  open(user: User, slot: number, path: string, flags: number, mode = 0o644): this {
    this.calls.push({ user, name: 'open', args: [path, flags, mode], keep: slot });
    return this;
  }

  /** Makes something at `path` that belongs to `owner`, with `mode` where it has one. */
  make(
    kind: Kind,
    path: string,
    { owner = root, gid = owner.gid, mode = 0o644 }: { owner?: User; gid?: number; mode?: number } = {},
  ): this {
    if (kind === 'missing') return this;
    if (kind === 'directory') this.do(root, 'mkdir', path, 0o755);
    else if (kind === 'link') this.do(root, 'symlink', '.', path);
    else if (kind === 'dangling') this.do(root, 'symlink', 'nowhere', path);
    else {
      const type = { file: fileType.regular, fifo: fileType.fifo, socket: fileType.socket, device: fileType.character }[kind];
      this.do(root, 'mknod', path, type | 0o644, kind === 'device' ? 0x107 : 0);
    }
    this.do(root, 'lchown', path, owner.uid, gid);
    return kind === 'link' || kind === 'dangling' ? this : this.do(root, 'chmod', path, mode);
  }
}

export function table(fill: (script: Script) => void): Table {
  return () => {
    const script = new Script();
    fill(script);
    return script.calls;
  };
}
