/**
 * Names of a pool's objects, over all its PGs. Each PG is asked through the name of an object that is, or would be, in it: so
 * retries, new maps and splits are those of any other operation.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import { objectHash, stableMod } from '../../common/maps/object-hash.ts';
import type { NamesPage, ObjectOperation, ObjectReply } from './object-client.ts';

export interface NamesSource {
  /** Of the pool, by the newest map. */
  readonly pgNum: () => number;
  /** An operation on an object of the pool. */
  readonly operate: (object: string, operations: readonly ObjectOperation[]) => Promise<ObjectReply>;
}

export interface NamesWanted {
  readonly prefix: string;
  readonly after: string;
  /** Of each PG at most. */
  readonly perPg: number;
}

/** A page of names that begin with `prefix`, are longer, and are above `after`; see {@link ObjectClient.names}. */
export async function listNames({ pgNum, operate }: NamesSource, { prefix, after, perPg }: NamesWanted): Promise<NamesPage> {
  for (;;) {
    const count = pgNum();
    const asked = await Promise.allSettled(
      nameInEach(count).map((object) => operate(object, [{ kind: 'names', prefix, after, maxEntries: perPg }])),
    );
    const pages: Page[] = [];
    for (const reply of asked) {
      if (reply.status === 'rejected') throw toFsError(reply.reason);
      const result = reply.value.results[0];
      pages.push({ names: (result?.entries ?? []).map(({ key }) => Buffer.from(key).toString('utf8')), more: result?.more ?? false });
    }
    // A split is an interval of its own: no PG has answered in it whom we had not asked in it. If we have heard of one, some were asked
    // before, and some names may now be where nobody was asked.
    if (pgNum() === count) return merged(pages);
  }
}

interface Page {
  readonly names: readonly string[];
  readonly more: boolean;
}

/** Of which all names are known up to the first place where a PG has more to tell. */
function merged(pages: readonly Page[]): NamesPage {
  let through: string | undefined;
  for (const { names, more } of pages) {
    const last = more ? names.at(-1) : undefined;
    if (last !== undefined && (through === undefined || compareNames(last, through) < 0)) through = last;
  }
  const names = pages.flatMap((page) => page.names).filter((name) => through === undefined || compareNames(name, through) <= 0);
  return { names: names.sort(compareNames), through };
}

/** The order of their UTF-8 bytes. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

const representatives = new Map<number, readonly string[]>();

/** For each of so many PGs the name of an object that would be in it. */
function nameInEach(pgNum: number): readonly string[] {
  let names = representatives.get(pgNum);
  if (names === undefined) representatives.set(pgNum, (names = findNames(pgNum)));
  return names;
}

function findNames(pgNum: number): string[] {
  const names: string[] = [];
  for (let found = 0, number = 0; found < pgNum; number++) {
    const name = `pg.${number}`;
    const pg = stableMod(objectHash(name), pgNum);
    if (names[pg] !== undefined) continue;
    names[pg] = name;
    found++;
  }
  return names;
}
