/**
 * Enters damage into the table of what is known to be damaged, and keeps that in the metadata pool, so that the next life of the
 * MDS knows of it too. What a crash takes away of it is found again.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { Env } from '../../common/runtime/env.ts';
import { DamageTable, pathOf, type Damage } from '../core/damage-table.ts';
import type { MdsCore } from '../core/mds-core.ts';
import type { MetadataStore } from '../store/metadata-store.ts';

/** A place that is damaged. */
export interface DamagedPlace {
  /** Tells it from others. */
  readonly key: string;
  readonly ino: number;
  readonly object?: string;
  readonly what: string;
  /** Where it is not that of `ino`. */
  readonly path?: string;
}

export class DamageKeeper {
  readonly #env: Env;
  readonly #core: MdsCore;
  readonly #store: MetadataStore;
  readonly #onChange: () => void;
  readonly #table = new DamageTable();
  /** What has been noted, or noted again, since {@link beginRound}. */
  readonly #noted = new Set<string>();
  /** Not saved yet. */
  #unsaved = new Set<string>();
  #saving = false;

  constructor(env: Env, options: { readonly core: MdsCore; readonly store: MetadataStore; readonly onChange: () => void }) {
    this.#env = env;
    this.#core = options.core;
    this.#store = options.store;
    this.#onChange = options.onChange;
  }

  get count(): number {
    return this.#table.entries.size;
  }

  get entries(): ReadonlyMap<string, Damage> {
    return this.#table.entries;
  }

  /** What the lives before knew. */
  async read(): Promise<void> {
    const onDamaged = (err: FsError): void =>
      this.#env.log.warn({ err }, 'a record of what is known to be damaged cannot be read: that is found again');
    for (const [key, damage] of await this.#store.readDamage(onDamaged)) this.#table.set(key, damage);
    if (this.count > 0) this.#env.log.warn({ places: this.count }, 'some places in the filesystem are known to be damaged');
  }

  /** Enters what was found. The log tells it once. */
  note({ key, ino, object = '', what, path = pathOf(this.#core.cache, ino) }: DamagedPlace): void {
    const isNews = this.#table.set(key, { path, ino, object, what });
    if (this.#table.entries.has(key)) this.#noted.add(key);
    if (!isNews) return;
    this.#env.log.error({ path, ino: ino.toString(16), ...(object === '' ? {} : { object }), what }, 'metadata is damaged');
    this.#changed(key);
  }

  /** Everything is about to be looked at: see {@link unseen}. */
  beginRound(): void {
    this.#noted.clear();
  }

  /** Of what is known, that which nobody has met since {@link beginRound}. */
  unseen(): readonly (readonly [key: string, damage: Damage])[] {
    return [...this.#table.entries].filter(([key]) => !this.#noted.has(key));
  }

  /** It was read, or compared, and is right. */
  mended(key: string): void {
    if (this.#table.entries.size === 0) return;
    const known = this.#table.entries.get(key);
    if (!this.#table.delete(key)) return;
    this.#noted.delete(key);
    this.#env.log.info({ path: known?.path, what: known?.what }, 'metadata that was damaged is right again');
    this.#changed(key);
  }

  /** Whoever has it from now on finds it when it is read. */
  forgetAll(): void {
    for (const key of [...this.#table.entries.keys()]) if (this.#table.delete(key)) this.#changed(key);
    this.#noted.clear();
  }

  /**
   * The error with which a request ends that needs what could not be read, damage having been noted: EIO. All other errors (another MDS
   * has the rank, this one stops) say nothing about the place, and are returned as they are.
   */
  failure(error: unknown, place: Omit<DamagedPlace, 'what'>): FsError {
    const failure = toFsError(error);
    if (!isDamage(failure)) return failure;
    this.note({ ...place, what: failure.message });
    return failure.code === 'EIO' ? failure : new FsError('EIO', failure.message, { cause: failure });
  }

  #changed(key: string): void {
    this.#unsaved.add(key);
    this.#onChange();
    if (this.#saving) return;
    this.#saving = true;
    this.#env.spawn('mds damage table', () => this.#save());
  }

  async #save(): Promise<void> {
    try {
      while (this.#unsaved.size > 0) {
        const keys = this.#unsaved;
        this.#unsaved = new Set();
        await this.#store.writeDamage([...keys].map((key) => [key, this.#table.entries.get(key)]));
      }
    } catch (error) {
      this.#env.log.warn({ err: toFsError(error) }, 'what is known to be damaged could not be saved: the next MDS finds it again');
    } finally {
      this.#saving = false;
    }
  }
}

/** Whether an error of reading says that what was read is not as it was written. */
export function isDamage({ code }: FsError): boolean {
  return code === 'EIO' || code === 'EILSEQ';
}
