import test from 'ava';
import { objectHash, stableMod } from '../../../common/maps/object-hash.ts';
import { compareNames, listNames } from '../../../osd/client/list-names.ts';
import { emptyResult } from '../../../osd/client/encode-operations.ts';
import type { NamesPage, ObjectOperation, ObjectReply } from '../../../osd/client/object-client.ts';

/** A pool of `pgNum` PGs with these objects. */
class Pool {
  pgNum: number;
  readonly names: readonly string[];
  asked = 0;
  /** Called before each PG answers. */
  before: (asked: number) => void = () => undefined;

  constructor(pgNum: number, names: readonly string[]) {
    this.pgNum = pgNum;
    this.names = [...names].sort(compareNames);
  }

  async list(prefix: string, after: string, perPg: number): Promise<NamesPage> {
    const source = {
      pgNum: () => this.pgNum,
      operate: (object: string, steps: readonly ObjectOperation[]) => this.#operate(object, steps),
    };
    return await listNames(source, { prefix, after, perPg });
  }

  async all(prefix: string, perPg: number): Promise<string[]> {
    const found: string[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const page: NamesPage = await this.list(prefix, after, perPg);
      found.push(...page.names);
      after = page.through;
    }
    return found;
  }

  async #operate(object: string, [step]: readonly ObjectOperation[]): Promise<ObjectReply> {
    if (step?.kind !== 'names') throw new Error('only names are asked for');
    // As the object client and OSDs do: answered by the PG that the object is in when it is answered.
    await Promise.resolve();
    this.before(++this.asked);
    const pg = this.#pgOf(object);
    const { prefix, after, maxEntries } = step;
    const names = this.names.filter((name) => this.#pgOf(name) === pg && name.startsWith(prefix) && compareNames(name, after) > 0);
    const entries = names.slice(0, maxEntries).map((name) => ({ key: Buffer.from(name), value: Buffer.alloc(0) }));
    return { version: { interval: 0, counter: 0 }, results: [{ ...emptyResult, entries, more: names.length > entries.length }] };
  }

  #pgOf(name: string): number {
    return stableMod(objectHash(name), this.pgNum);
  }
}

const numbered = Array.from({ length: 500 }, (_, n) => `7.${n.toString(16).padStart(8, '0')}`);
const others = ['6.00000001', '7', '70.00000000', '8.00000000', 'é', '7.é'];

test('names: over all PGs, in pages → each once, in order, with the prefix', async (t) => {
  for (const pgNum of [1, 5, 32])
    for (const perPg of [1, 3, 1000]) {
      const pool = new Pool(pgNum, [...numbered, ...others]);
      t.deepEqual(await pool.all('7.', perPg), [...numbered, '7.é'], `${pgNum} PGs, ${perPg} of each`);
      t.deepEqual(await pool.all('nothing', perPg), []);
      t.is((await pool.all('', perPg)).length, numbered.length + others.length);
    }
});

test('names: of a few PGs one has more → told up to there, every PG asked once a page', async (t) => {
  const pool = new Pool(8, numbered);
  const page = await pool.list('7.', numbered[99] as string, 2);
  t.is(pool.asked, 8);
  t.deepEqual(page.names, numbered.slice(100, 100 + page.names.length));
  t.is(page.through, page.names.at(-1));
  t.true(page.names.length >= 2);
});

test('names: the pool is split while its PGs answer → asked again, nothing is missing', async (t) => {
  for (const when of [1, 2, 3, 4]) {
    const pool = new Pool(4, numbered);
    pool.before = (asked) => {
      if (asked === when) pool.pgNum = 8;
    };
    t.deepEqual(await pool.all('7.', 1000), numbered, `at the answer ${when}`);
    t.is(pool.asked, 12);
  }
});

test('names: one PG cannot answer → no page at all', async (t) => {
  const pool = new Pool(4, numbered);
  pool.before = (asked) => {
    if (asked === 3) throw new Error('gone');
  };
  await t.throwsAsync(pool.all('7.', 10), { message: /gone/ });
});
