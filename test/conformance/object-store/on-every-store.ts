/** Runs a test on every object store, and what such tests write and expect. */
import test, { type ExecutionContext } from 'ava';
import { type ErrorCode, FsError } from '../../../common/errors/fs-error.ts';
import type { PgId } from '../../../common/maps/ids.ts';
import type { Mutation, ObjectStore } from '../../../osd/store/object-store.ts';
import { pgs } from './history.ts';
import { implementations, type StoreOptions, type StoreUnderTest } from './stores.ts';

/** Where tests write, unless they need another place. */
export const pg = pgs[0] as PgId;
export const object = 'o';

/** One test of that title for each implementation, with an empty store. */
export function onEveryStore(
  title: string,
  body: (t: ExecutionContext, s: StoreUnderTest) => Promise<void>,
  options: StoreOptions = {},
): void {
  for (const { name, open } of implementations) {
    test(`${name}: ${title}`, async (t) => {
      const under = await open(options);
      try {
        await body(t, under);
      } finally {
        await under.end();
      }
    });
  }
}

export function bytes(text: string): Buffer {
  return Buffer.from(text);
}

export function filled(length: number, value: number): Buffer {
  return Buffer.alloc(length, value);
}

export function write(offset: number, ...data: Uint8Array[]): Mutation {
  return { kind: 'write', pg, object, offset, data };
}

/** Of {@link object}. */
export async function contents(store: ObjectStore, offset = 0, length = 2 ** 40): Promise<Buffer> {
  return Buffer.concat(await store.read(pg, object, offset, length));
}

export async function rejectsWith(t: ExecutionContext, code: ErrorCode, promise: Promise<unknown>): Promise<void> {
  const error = await t.throwsAsync(promise, { instanceOf: FsError });
  t.is(error.code, code, error.message);
}
