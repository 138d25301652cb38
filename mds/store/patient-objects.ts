/**
 * Object operations that outlast what passes: a full cluster, objects that are out of reach for a while. What the MDS has
 * to write back or delete has no caller to whom a failure could be told.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import type { PoolId } from '../../common/maps/ids.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { NamesPage, ObjectClient, ObjectOperation, ObjectReply } from '../../osd/client/object-client.ts';

const retryMs = 1000;
const full: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);
const passing: ReadonlySet<string> = new Set([...full, 'EAGAIN', 'ETIMEDOUT']);

export class PatientObjects {
  readonly #env: Env;
  readonly #objects: ObjectClient;
  #stopped = false;

  constructor(env: Env, objects: ObjectClient) {
    this.#env = env;
    this.#objects = objects;
  }

  /** As ObjectClient.operate, again and again while what fails may pass. */
  async operate(pool: PoolId, object: string, operations: readonly ObjectOperation[]): Promise<ObjectReply> {
    return await this.#patiently(object, () => this.#objects.operate(pool, object, operations));
  }

  /** {@link operate} for who can be told that there is no room. FsError ENOSPC, EDQUOT. */
  async store(pool: PoolId, object: string, operations: readonly ObjectOperation[]): Promise<ObjectReply> {
    return await this.#patiently(object, () => this.#objects.operate(pool, object, operations), full);
  }

  /** As ObjectClient.names, likewise. */
  async names(pool: PoolId, prefix: string, after: string, perPg: number): Promise<NamesPage> {
    return await this.#patiently(prefix, () => this.#objects.names(pool, prefix, after, perPg));
  }

  listingRequests(pool: PoolId): number {
    return this.#objects.listingRequests(pool);
  }

  async #patiently<T>(object: string, act: () => Promise<T>, refusing?: ReadonlySet<string>): Promise<T> {
    for (;;) {
      try {
        return await act();
      } catch (error) {
        const failure = toFsError(error);
        if (this.#stopped || !passing.has(failure.code) || refusing?.has(failure.code) === true) throw failure;
        this.#env.log.warn({ object, err: failure }, 'an object cannot be changed just now, trying again');
        await new Promise<void>((resolve) => this.#env.clock.setTimer(retryMs, resolve));
      }
    }
  }

  /** Tries nothing again. */
  stop(): void {
    this.#stopped = true;
  }
}

/** Undefined when the object is not there. */
export async function ignoringAbsence<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (toFsError(error).code === 'ENOENT') return undefined;
    throw error;
  }
}
