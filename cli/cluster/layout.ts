/**
 * Where a local cluster keeps its things:
 *
 *     DIR/cluster.toml      what the cluster is: fsid, the mon's address, how many of what
 *     DIR/conf/NAME.toml    each daemon's configuration
 *     DIR/NAME/             its data
 *     DIR/run/NAME.pid      its process, while it runs
 *     DIR/log/NAME.log      its log
 *
 * NAME is an entity's name: mon.a, osd.0, mds.a, client.mnt.
 * @module
 */
import { existsSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CommandError, codeOf, reasonOf } from '../errors.ts';

export class Layout {
  /** Absolute, symlinks resolved. */
  readonly dir: string;

  private constructor(dir: string) {
    this.dir = dir;
  }

  /** A directory that a daemon of this machine was started from; it may have been removed since. */
  static of(dir: string): Layout {
    return new Layout(dir);
  }

  /** The cluster directory that must exist already. */
  static existing(path: string): Layout {
    const dir = realPathOf(path);
    try {
      statSync(join(dir, 'cluster.toml'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') {
        throw new CommandError(`${path} holds no cluster (no cluster.toml): give --data DIR of one that \`nacre up\` made`, {
          cause: error,
        });
      }
      throw new CommandError(`${join(path, 'cluster.toml')} cannot be read: ${reasonOf(error)}`, { cause: error });
    }
    return new Layout(dir);
  }

  /** A directory to make a cluster in, or that holds one: made if missing, refused if something else is in it. */
  static forUp(path: string): { readonly layout: Layout; readonly fresh: boolean } {
    try {
      makeFolder(resolve(path), 0o700);
    } catch (error) {
      throw new CommandError(`the data directory ${path} cannot be made: ${reasonOf(error)}. Choose another with --data DIR`, {
        cause: error,
      });
    }
    const dir = realPathOf(path);
    const names = readdirSync(dir).filter((name) => name !== 'lost+found');
    const fresh = !names.includes('cluster.toml');
    const foreign = names.find((name) => !/^(cluster\.toml.*|conf|run|log)$/.test(name));
    if (fresh && foreign !== undefined) {
      throw new CommandError(`${path} holds no cluster but other things (${foreign}): give an empty or a new directory as --data`);
    }
    return { layout: new Layout(dir), fresh };
  }

  get settingsPath(): string {
    return join(this.dir, 'cluster.toml');
  }

  configPath(name: string): string {
    return join(this.dir, 'conf', `${name}.toml`);
  }

  dataPath(name: string): string {
    return join(this.dir, name);
  }

  pidPath(name: string): string {
    return join(this.dir, 'run', `${name}.pid`);
  }

  logPath(name: string): string {
    return join(this.dir, 'log', `${name}.log`);
  }

  /** Names that have a file `folder/NAME.suffix`, sorted. */
  names(folder: 'conf' | 'run', suffix: string): string[] {
    let entries: string[];
    try {
      entries = readdirSync(join(this.dir, folder));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
    return entries
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length))
      .sort();
  }
}

/** `path` absolute, with the symlinks of whatever exists of it resolved. */
export function realPathOf(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    // Missing so far, or a mount that is dead: what is above it counts.
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(realPathOf(parent), basename(absolute));
  }
}

/**
 * Makes a folder with those above it; one that is there already is fine. (mkdir's own `recursive` never ends where a parent exists but
 * lets nothing be made in it, as in /proc.)
 */
export function makeFolder(absolute: string, mode = 0o777): void {
  try {
    mkdirSync(absolute, { mode });
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(absolute).isDirectory()) return;
    if (codeOf(error) !== 'ENOENT' || existsSync(dirname(absolute))) throw error;
    makeFolder(dirname(absolute));
    mkdirSync(absolute, { mode });
  }
}
