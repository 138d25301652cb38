/** What becomes of a database of which a commit fails: LMDB's own failures, failures injected before it, and kill -9. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { LogFields } from '../../../../common/runtime/log.ts';
import { type LmdbChange, LmdbDatabase, type LmdbFile, openLmdbFile } from '../../../../common/runtime/node/lmdb-database.ts';
import { freeListDamage } from '../../../../common/runtime/node/lmdb-file.ts';
import { nodeEnv } from '../../../conformance/object-store/stores.ts';
import { changeFreeList, firstFreePageAt, type ListPage, loseFreeList } from '../../../support/lmdb-damage.ts';
import { sourceFlag } from '../../../support/source-flag.ts';

const mapBytes = 1 << 20;

interface Place {
  readonly path: string;
  /** Messages of all warnings. */
  readonly warnings: string[];
  make(open?: (path: string, mapBytes: number) => LmdbFile): LmdbDatabase;
}

async function inPlace(body: (place: Place) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'nacre-lmdb-'));
  const path = join(directory, 'x.mdb');
  const warnings: string[] = [];
  const log = { ...nodeEnv().log, warn: (_fields: LogFields, message: string) => void warnings.push(message) };
  try {
    await body({ path, warnings, make: (open) => new LmdbDatabase({ path, mapBytes, log, advice: 'restore it', ...(open && { open }) }) });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const keyOf = (n: number): string => `k${String(n).padStart(6, '0')}`;

function puts(from: number, count: number, fill: number): LmdbChange[] {
  return Array.from({ length: count }, (_, i) => ({ key: keyOf(from + i), value: Buffer.alloc(60, fill) }));
}

/** Records 0 to 2999, changed so often that there are free pages; what is in them is 9. */
async function fill(database: LmdbDatabase): Promise<void> {
  for (let from = 0; from < 3000; from += 500) await database.write(puts(from, 500, 1));
  for (let from = 0; from < 3000; from += 300) await database.write(puts(from, 300, 9));
}

function contents(database: LmdbDatabase): Map<string, number> {
  return new Map([...database.file.getRange({ start: '' })].map(({ key, value }) => [key, value[0] as number]));
}

function isFilled(t: ExecutionContext, found: ReadonlyMap<string, number>, changes: ReadonlyMap<string, number | undefined>): void {
  const expected = new Map<string, number>(Array.from({ length: 3000 }, (_, i) => [keyOf(i), 9]));
  for (const [key, value] of changes) {
    if (value === undefined) expected.delete(key);
    else expected.set(key, value);
  }
  t.deepEqual([...found].sort(), [...expected].sort());
}

/** Puts `fault` before each batch of the file at `path`; what it throws is what LMDB answers. */
function failing(fault: (path: string, batch: number) => void): (path: string, mapBytes: number) => LmdbFile {
  return (path, bytes) => {
    const file = openLmdbFile(path, bytes);
    const batch = file.batch.bind(file);
    let batches = 0;
    file.batch = (changes: () => void) => {
      try {
        fault(path, batches++);
      } catch (error) {
        return Promise.reject(error);
      }
      return batch(changes);
    };
    return file;
  };
}

function lmdbError(code: number): Error {
  return Object.assign(new Error(code === 5 ? 'Input/output error' : code === 28 ? 'No space left on device' : 'MDB_BAD_TXN'), { code });
}

test('database: LMDB refuses every commit → the records go on in a new file, with what was to be committed', async (t) => {
  await inPlace(async ({ path, warnings, make }) => {
    const database = make();
    await fill(database);
    loseFreeList(path);
    await Promise.all([
      database.write([...puts(10, 5, 20), { key: keyOf(7), value: null }]),
      database.write(puts(12, 1, 21)),
      database.write(puts(5000, 1, 22)),
    ]);
    const changes = new Map<string, number | undefined>([10, 11, 12, 13, 14].map((n) => [keyOf(n), n === 12 ? 21 : 20]));
    changes.set(keyOf(7), undefined).set(keyOf(5000), 22);
    isFilled(t, contents(database), changes);
    t.is(warnings.length, 2);
    t.regex(warnings[0] as string, /takes no commits/);
    // It is the only one, also for the process after this one.
    await database.write(puts(1, 1, 23));
    await database.close();
    t.deepEqual(readdirSync(join(path, '..')).sort(), ['x.mdb', 'x.mdb-lock']);
    const after = make();
    isFilled(t, contents(after), changes.set(keyOf(1), 23));
    await after.write(puts(2, 1, 24));
    t.is(warnings.length, 2);
    await after.close();
  });
});

const listDamages: Readonly<Record<string, (list: ListPage) => void>> = {
  'is empty': ({ page }) => page.fill(0),
  // LMDB ends the process over these.
  'is something else': ({ page }) => page.fill(0xa5),
  'has wild entries': ({ page }) => page.fill(0xa5, 24),
  // LMDB would write over records.
  'has a page of the records': ({ page, records }) => page.writeBigInt64LE(BigInt(records), firstFreePageAt(page)),
  'has a page of its own': ({ page, number }) => page.writeBigInt64LE(BigInt(number), firstFreePageAt(page)),
  'has a page beyond the end': ({ page }) => page.writeBigInt64LE(10n ** 6n, firstFreePageAt(page)),
  'has a run of pages that are in use': ({ page }) => page.writeBigInt64LE(-40n, firstFreePageAt(page)),
};

for (const [name, change] of Object.entries(listDamages)) {
  test(`database: opened, its list of free pages ${name} → it goes on in a new file before anything is written`, async (t) => {
    await inPlace(async ({ path, warnings, make }) => {
      const before = make();
      await fill(before);
      await before.close();
      t.is(freeListDamage(path), undefined);
      changeFreeList(path, change);
      t.regex(freeListDamage(path) ?? '', /list of free pages is damaged/);
      const database = make();
      for (let i = 0; i < 20; i++) await database.write(puts(i * 50, 50, 40 + i));
      isFilled(t, contents(database), new Map(Array.from({ length: 1000 }, (_, i) => [keyOf(i), 40 + Math.floor(i / 50)])));
      t.is(warnings.length, 2);
      await database.close();
      t.is(freeListDamage(path), undefined);
    });
  });
}

test('database: opened after many transactions of all sizes, closed → nothing is wrong with its list', async (t) => {
  await inPlace(async ({ path, warnings, make }) => {
    for (let life = 0; life < 8; life++) {
      const database = make();
      for (let i = 0; i < 15; i++) {
        const many = Array.from({ length: i % 3 === 0 ? 400 : 3 }, (_, j) => ({
          key: keyOf((life * 37 + i * 211 + j * j) % 2000),
          // Some on pages of their own.
          value: j % 5 === 4 ? null : Buffer.alloc(j % 40 === 0 ? 9000 : 300, i),
        }));
        await database.write(many);
        t.is(freeListDamage(path), undefined);
      }
      await database.close();
    }
    t.deepEqual(warnings, []);
  });
});

test('database: while its records are copied → reads answer, later writes wait their turn', async (t) => {
  await inPlace(async ({ path, make }) => {
    let reads = 0;
    let failed = false;
    const database = make(
      failing((at, batch) => {
        if (at === path && failed) {
          failed = false;
          throw lmdbError(-30782);
        }
        // In the midst of it: what was there before is there, and nothing else.
        if (at !== path && batch <= 6) {
          t.is(database.file.get(keyOf(3))?.[0], 9);
          t.is(database.file.get(keyOf(9000)), undefined);
          reads++;
        }
      }),
    );
    await fill(database);
    failed = true;
    const order: number[] = [];
    await Promise.all([3, 4, 5].map((value) => database.write(puts(3, 1, value)).then(() => void order.push(value))));
    t.deepEqual(order, [3, 4, 5]);
    t.is(reads, 7);
    isFilled(t, contents(database), new Map([[keyOf(3), 5]]));
    await database.close();
  });
});

test('database: several commits fail, each once → each is got over', async (t) => {
  await inPlace(async ({ warnings, make }) => {
    let countdown = -1;
    const database = make(
      failing(() => {
        if (countdown-- === 0) throw lmdbError(-30796);
      }),
    );
    await fill(database);
    for (let i = 0; i < 3; i++) {
      countdown = 0;
      await database.write(puts(i, 1, 30 + i));
    }
    isFilled(t, contents(database), new Map([0, 1, 2].map((i) => [keyOf(i), 30 + i])));
    t.is(warnings.length, 6);
    await database.close();
  });
});

test('database: a commit fails in the new file too → that stands, and nothing is written any more', async (t) => {
  await inPlace(async ({ path, make }) => {
    let broken = false;
    const database = make(
      failing(() => {
        if (broken) throw lmdbError(-30782);
      }),
    );
    await fill(database);
    broken = true;
    const failed = database.write(puts(3, 1, 3));
    const behind = database.write(puts(4, 1, 4));
    await t.throwsAsync(failed, { code: 'EIO', message: /commit failed: MDB_BAD_TXN; going on in a new file failed too/ });
    broken = false;
    await t.throwsAsync(behind, { code: 'EIO' });
    await t.throwsAsync(database.write(puts(5, 1, 5)), { code: 'EIO' });
    isFilled(t, contents(database), new Map());
    await database.close();
    t.false(existsSync(`${path}.new`));
    const after = make();
    isFilled(t, contents(after), new Map());
    await after.close();
  });
});

test("database: the device's own error → no new file; only a full one may be written to again", async (t) => {
  await inPlace(async ({ warnings, make }) => {
    let code = 0;
    const database = make(
      failing(() => {
        if (code !== 0) throw lmdbError(code);
      }),
    );
    await fill(database);
    code = 28;
    await t.throwsAsync(database.write(puts(3, 1, 3)), { code: 'ENOSPC' });
    code = 0;
    await database.write(puts(3, 1, 4));
    code = 5;
    await t.throwsAsync(database.write(puts(3, 1, 5)), { code: 'EIO', message: /commit failed: Input\/output error/ });
    code = 0;
    await t.throwsAsync(database.write(puts(3, 1, 6)), { code: 'EIO' });
    isFilled(t, contents(database), new Map([[keyOf(3), 4]]));
    t.deepEqual(warnings, []);
    await database.close();
  });
});

test('database: records that cannot all be read → no copy takes their place', async (t) => {
  await inPlace(async ({ make }) => {
    const database = make((path, bytes) => {
      const file = failing((_at, batch) => {
        if (batch === 16) throw lmdbError(-30782);
      })(path, bytes);
      const stats = file.getStats.bind(file);
      file.getStats = () => ({ ...stats(), entryCount: 3001 });
      return file;
    });
    await fill(database);
    await t.throwsAsync(database.write(puts(3, 1, 3)), { code: 'EILSEQ', message: /3000 of its 3001 records can be read/ });
    await database.close();
  });
});

test('database: closed while its records are copied → what was asked for is finished first', async (t) => {
  await inPlace(async ({ path, make }) => {
    const database = make();
    await fill(database);
    loseFreeList(path);
    const written = database.write(puts(3, 1, 3));
    await database.close();
    await written;
    await t.throwsAsync(database.write(puts(3, 1, 4)), { code: 'ESHUTDOWN' });
    t.throws(() => database.file, { code: 'ESHUTDOWN' });
    const after = make();
    isFilled(t, contents(after), new Map([[keyOf(3), 3]]));
    await after.close();
  });
});

/**
 * The process of which a commit fails and which is killed at a moment of what follows: `at` is a batch of the new
 * file, counted from 0; the records are six of them, the one after is that of the write, in the file's new place.
 */
const killed = `
  import { LmdbDatabase, openLmdbFile } from '${join(import.meta.dirname, '../../../../common/runtime/node/lmdb-database.ts')}';
  const [path, at] = [process.argv[1], Number(process.argv[2])];
  const log = { warn() {} };
  const open = (name, bytes) => {
    const file = openLmdbFile(name, bytes);
    const batch = file.batch.bind(file);
    let batches = 0;
    file.batch = (changes) => {
      if (!name.endsWith('.new')) return Promise.reject(Object.assign(new Error('MDB_BAD_TXN'), { code: -30782 }));
      const done = batch(changes);
      // While LMDB's thread is at it.
      if (batches++ === at) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
      return done;
    };
    return file;
  };
  const database = new LmdbDatabase({ path, mapBytes: ${mapBytes}, log, advice: '', open });
  const write = (n) => database.write([{ key: 'k000003', value: Buffer.alloc(60, n) }]);
  await write(3);
  await write(4);
  await new Promise(() => setInterval(() => undefined, 1000));
`;

for (const [at, possible] of [
  [0, [9]],
  [3, [9]],
  [6, [9, 3]],
  [7, [3, 4]],
] as const) {
  test(`database: killed -9 at transaction ${at} of the new file → all that was acknowledged is there, and no copy`, async (t) => {
    await inPlace(async ({ path, make }) => {
      const before = make();
      await fill(before);
      await before.close();
      const child = spawn(process.execPath, [sourceFlag, '--input-type=module', '-e', killed, path, String(at)], { stdio: 'ignore' });
      t.deepEqual(await once(child, 'exit'), [null, 'SIGKILL']);
      if (at < 6) t.true(existsSync(`${path}.new`));
      const after = make();
      t.deepEqual(readdirSync(join(path, '..')).sort(), ['x.mdb', 'x.mdb-lock']);
      const found = contents(after);
      const value = found.get(keyOf(3)) as number;
      t.true((possible as readonly number[]).includes(value), String(value));
      isFilled(t, found, new Map([[keyOf(3), value]]));
      await after.write(puts(8, 1, 8));
      await after.close();
    });
  });
}

test('database: a copy that was begun and never finished, whatever is in it → is removed', async (t) => {
  await inPlace(async ({ path, make }) => {
    writeFileSync(`${path}.new`, 'half of it');
    writeFileSync(`${path}.new-lock`, '');
    const database = make();
    t.deepEqual(readdirSync(join(path, '..')).sort(), ['x.mdb', 'x.mdb-lock']);
    await fill(database);
    await database.close();
  });
});
