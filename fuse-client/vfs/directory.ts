import type { ByteString, Ino } from '../../common/maps/ids.ts';

/** A name as far as we know, under the directory's dirShared. */
export interface Dentry {
  /** 0: there is no such name. */
  readonly ino: Ino | 0;
  /** d_type. */
  readonly type: number;
  /** The kernel may have it in its cache. */
  inKernel: boolean;
}

/** Absent names remembered per directory. */
const negativeMax = 4096;

/** Names of one directory, cached while the client holds dirShared on it. */
export class Directory {
  readonly #names = new Map<ByteString, Dentry>();
  #negative = 0;
  /** Every existing name is known: what is not here does not exist. */
  complete = false;
  /** Rises whenever names are forgotten: a listing under way then no longer makes the directory complete. */
  generation = 0;

  get names(): ReadonlyMap<ByteString, Dentry> {
    return this.#names;
  }

  get(name: ByteString): Dentry | undefined {
    return this.#names.get(name);
  }

  /** `name` exists. Returns what is known of it. */
  set(name: ByteString, ino: Ino, type: number): Dentry {
    const old = this.#names.get(name);
    if (old?.ino === ino && old.type === type) return old;
    if (old?.ino === 0) this.#negative--;
    const dentry = { ino, type, inKernel: old?.inKernel ?? false };
    this.#names.set(name, dentry);
    return dentry;
  }

  /** `name` does not exist. Undefined when that is not remembered. */
  setAbsent(name: ByteString): Dentry | undefined {
    const old = this.#names.get(name);
    if (old?.ino === 0) return old;
    if (this.#negative >= negativeMax) {
      this.#names.delete(name);
      return undefined;
    }
    this.#negative++;
    const dentry = { ino: 0 as const, type: 0, inKernel: old?.inKernel ?? false };
    this.#names.set(name, dentry);
    return dentry;
  }

  /** Forgets one name: the next lookup asks. */
  forget(name: ByteString): void {
    const old = this.#names.get(name);
    if (old === undefined) return;
    if (old.ino === 0) this.#negative--;
    this.#names.delete(name);
    this.complete = false;
    this.generation++;
  }

  /** The names that the kernel may have; it is taken to drop them. */
  namesInKernel(): ByteString[] {
    const inKernel: ByteString[] = [];
    for (const [name, dentry] of this.#names) {
      if (!dentry.inKernel) continue;
      dentry.inKernel = false;
      inKernel.push(name);
    }
    return inKernel;
  }

  /** Forgets all. Returns the names that the kernel may have. */
  clear(): ByteString[] {
    const inKernel = this.namesInKernel();
    this.#names.clear();
    this.#negative = 0;
    this.complete = false;
    this.generation++;
    return inKernel;
  }
}
