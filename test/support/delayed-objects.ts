/**
 * An ObjectClient in memory for tests of whoever sends: operations on one object apply in the order of the
 * calls, each after a random delay, and are answered after another. The bytes of a write must be the same from
 * the call until the reply; where they are not, `broken` says so.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { PoolId } from '../../common/maps/ids.ts';
import type { Env } from '../../common/runtime/env.ts';
import { onlyReads } from '../../osd/client/encode-operations.ts';
import type { NamesPage, ObjectClient, ObjectOperation, ObjectReply, OperationResult } from '../../osd/client/object-client.ts';
import { extentsOf } from './memory-objects.ts';

const noResult: OperationResult = {
  size: 0,
  offset: 0,
  version: { interval: 0, counter: 0 },
  mtimeMs: 0,
  value: new Uint8Array(0),
  entries: [],
  more: false,
  extents: [],
  data: [],
};

export class DelayedObjects implements ObjectClient {
  readonly #env: Env;
  readonly objects = new Map<string, Buffer>();
  readonly broken: string[] = [];
  /** Operations sent so far, by kind. */
  readonly sent: { readonly object: string; readonly kinds: string }[] = [];
  /** Makes the next operations fail, one each. */
  readonly failures: FsError[] = [];
  #inFlight = 0;
  #changes = 0;
  /** Which change was each object's last. */
  readonly #versions = new Map<string, number>();
  readonly #tails = new Map<string, number>();

  constructor(env: Env) {
    this.#env = env;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  operate(_pool: PoolId, object: string, operations: readonly ObjectOperation[]): Promise<ObjectReply> {
    const { clock, random } = this.#env;
    this.sent.push({ object, kinds: operations.map(({ kind }) => kind).join() });
    const failure = this.failures.shift();
    const before = bytesOf(operations);
    // In order for one object: never earlier than what was sent before.
    const applyAt = Math.max((this.#tails.get(object) ?? 0) + 0.001, clock.monotonicMs() + random.float() * 20);
    this.#tails.set(object, applyAt);
    this.#inFlight++;
    return new Promise((resolve, reject) => {
      clock.setTimer(applyAt - clock.monotonicMs(), () => {
        let outcome: (() => void) | undefined;
        try {
          if (failure !== undefined) throw failure;
          const reply = this.#apply(object, operations);
          outcome = () => resolve(reply);
        } catch (error) {
          outcome = () => reject(error);
        }
        clock.setTimer(random.float() * 20, () => {
          this.#inFlight--;
          if (!bytesOf(operations).equals(before)) this.broken.push(`the bytes of a write to ${object} changed before its reply`);
          outcome();
        });
      });
    });
  }

  #apply(object: string, operations: readonly ObjectOperation[]): ObjectReply {
    let data = this.objects.get(object);
    const results: OperationResult[] = [];
    for (const operation of operations) {
      switch (operation.kind) {
        case 'read': {
          if (data === undefined) throw new FsError('ENOENT', `${object} does not exist`);
          const end = operation.length === 0 ? data.length : operation.offset + operation.length;
          results.push({ ...noResult, data: [Buffer.from(data.subarray(operation.offset, end))] });
          break;
        }
        case 'extents': {
          if (data === undefined) throw new FsError('ENOENT', `${object} does not exist`);
          const end = operation.length === 0 ? data.length : Math.min(data.length, operation.offset + operation.length);
          results.push({ ...noResult, extents: extentsOf(data, operation.offset, end) });
          break;
        }
        case 'write': {
          const bytes = Buffer.concat(operation.data);
          const grown = Buffer.alloc(Math.max(data?.length ?? 0, operation.offset + bytes.length));
          data?.copy(grown);
          bytes.copy(grown, operation.offset);
          data = grown;
          results.push(noResult);
          break;
        }
        case 'zero':
          data?.fill(0, Math.min(data.length, operation.offset), Math.min(data.length, operation.offset + operation.length));
          results.push(noResult);
          break;
        case 'assert-exists':
          if (data === undefined) throw new FsError('ENOENT', `${object} does not exist`);
          results.push(noResult);
          break;
        case 'remove':
          data = undefined;
          results.push(noResult);
          break;
        default:
          throw new FsError('EOPNOTSUPP', operation.kind);
      }
    }
    if (data === undefined) this.objects.delete(object);
    else this.objects.set(object, data);
    if (!onlyReads(operations)) this.#versions.set(object, ++this.#changes);
    return { version: { interval: 1, counter: this.#versions.get(object) ?? 0 }, results };
  }

  names(_pool: PoolId, prefix: string, after: string, perPg: number): Promise<NamesPage> {
    const { clock, random } = this.#env;
    return new Promise((resolve) => {
      clock.setTimer(random.float() * 20, () => {
        const names = [...this.objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
        const page = names.slice(0, perPg);
        const through = names.length > page.length ? page.at(-1) : undefined;
        clock.setTimer(random.float() * 20, () => resolve({ names: page, through }));
      });
    });
  }

  listingRequests(): number {
    return 8;
  }

  drain(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

function bytesOf(operations: readonly ObjectOperation[]): Buffer {
  return Buffer.concat(operations.flatMap((operation) => (operation.kind === 'write' ? operation.data : [])));
}
