/**
 * Random transactions from a seed: few names, so that they meet; sizes around the limits that the stores
 * treat differently (blocks, the bulk threshold, shards of the block map).
 * @module
 */
import { pgId, poolId, type PgId } from '../../../common/maps/ids.ts';
import { objectHash, stableMod } from '../../../common/maps/object-hash.ts';
import type { Mutation } from '../../../osd/store/object-store.ts';

export type Dice = (below: number) => number;

export function dice(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Its PGs are split now and then. */
const growingPool = poolId(7);
/** Record of the daemon that says how many PGs the growing pool has. */
const growthKey = 'pgNum';
const growthMax = 24;

export const pgs: readonly PgId[] = [pgId(poolId(1), 0), pgId(poolId(1), 10), pgId(poolId(2), 3)];
const names = ['a', 'b', '1000.00000000', 'ä', 'zz', '\u{1f600}', '\uffee'];
export const daemonKeys = ['superblock', 'map', growthKey];
const growingNames = Array.from({ length: 30 }, (_, i) => `${i % 3 === 0 ? 'ö' : 'n'}${i}`);
const sizes = [1, 7, 256, 4095, 4096, 4097, 20_000, 65_535, 65_536, 70_000, 131_072, 600_000];
const offsets = [0, 0, 1, 100, 4095, 4096, 8192, 65_536, 300_000, 524_288, 1_000_000];

/** `pgNum` is how many PGs the growing pool has: {@link pgNumOf} of the model before. */
export function randomTransaction(roll: Dice, pgNum: number): Mutation[] {
  if (roll(12) === 0) return growth(roll, pgNum);
  return Array.from({ length: 1 + roll(5) }, () => (roll(3) === 0 ? randomMutation(roll, pgNum) : randomMutation(roll, undefined)));
}

/** Of the growing pool, from a record as hex. */
export function pgNumOf(recordHex: string | undefined): number {
  return recordHex === undefined ? 3 : Number(Buffer.from(recordHex, 'hex').toString());
}

/** How many PGs it has after the transaction. */
export function pgNumAfter(transaction: readonly Mutation[], pgNum: number): number {
  for (const mutation of transaction) if (mutation.kind === 'split-collection') return mutation.pgNumAfter;
  return pgNum;
}

/** All PGs of the growing pool split. */
function growth(roll: Dice, pgNum: number): Mutation[] {
  const pgNumAfter = pgNum * (roll(3) === 0 ? 4 : 2);
  if (pgNumAfter > growthMax) return [{ kind: 'remove-collection', pg: pgId(growingPool, roll(pgNum)) }];
  const splits = Array.from({ length: pgNum }, (_, seq): Mutation => ({
    kind: 'split-collection',
    pg: pgId(growingPool, seq),
    pgNumBefore: pgNum,
    pgNumAfter,
  }));
  return [...splits, { kind: 'set-daemon-meta', key: growthKey, value: Buffer.from(String(pgNumAfter)) }];
}

/** Some of them about what is on the shelf. With `pgNum` in the growing pool. */
function randomMutation(roll: Dice, pgNum: number | undefined): Mutation {
  const object = pgNum === undefined ? pick(roll, names) : pick(roll, growingNames);
  const pg = pgNum === undefined ? pick(roll, pgs) : pgId(growingPool, stableMod(objectHash(object), pgNum));
  if (roll(12) === 0) return { kind: 'unshelve', pg, object };
  const mutation = plainMutation(roll, pg, object);
  return 'object' in mutation && mutation.kind !== 'unshelve' && roll(4) === 0 ? { ...mutation, shelf: true } : mutation;
}

function plainMutation(roll: Dice, pg: PgId, object: string): Mutation {
  const value = (): Buffer => Buffer.alloc(1 + roll(40), roll(256));
  const key = (): Buffer => Buffer.from([roll(30), ...(roll(3) === 0 ? [255, roll(4)] : [])]);
  switch (roll(22)) {
    case 0:
      return { kind: 'touch', pg, object };
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
      return { kind: 'write', pg, object, offset: pick(roll, offsets) + (roll(2) ? roll(5000) : 0), data: pieces(roll, pick(roll, sizes)) };
    case 7:
      return { kind: 'zero', pg, object, offset: pick(roll, offsets) + roll(3000), length: pick(roll, sizes) };
    case 8:
      return { kind: 'truncate', pg, object, size: pick(roll, offsets) + roll(3000) };
    case 9:
      return { kind: 'remove', pg, object };
    case 10:
    case 11:
      return {
        kind: 'set-version',
        pg,
        object,
        version: { interval: roll(1e6), counter: roll(2 ** 32) * 1000 },
        mtimeMs: 1.7e12 + roll(1e9),
      };
    case 12:
      return { kind: 'set-xattr', pg, object, name: `x${roll(4)}`, value: roll(5) ? value() : Buffer.alloc(0) };
    case 13:
      return { kind: 'remove-xattr', pg, object, name: `x${roll(4)}` };
    case 14:
    case 15:
      return {
        kind: 'omap-set',
        pg,
        object,
        entries: Array.from({ length: roll(8) }, () => ({ key: key(), value: roll(6) ? value() : Buffer.alloc(0) })),
      };
    case 16:
      return { kind: 'omap-remove', pg, object, keys: Array.from({ length: roll(8) }, key) };
    case 17:
      return roll(3) ? { kind: 'omap-remove', pg, object, keys: [key()] } : { kind: 'omap-clear', pg, object };
    case 18:
    case 19:
      return { kind: 'set-meta', pg, key: `log.${roll(20)}`, value: roll(3) ? value() : Buffer.alloc(0) };
    case 20:
      return { kind: 'set-daemon-meta', key: pick(roll, daemonKeys.slice(0, 2)), value: roll(3) ? value() : Buffer.alloc(0) };
    default:
      return roll(4) === 0 ? { kind: 'remove-collection', pg } : { kind: 'touch', pg, object };
  }
}

/** `length` bytes in runs of one value, cut at random places as a network would. */
function pieces(roll: Dice, length: number): Buffer[] {
  const bytes = Buffer.alloc(length);
  for (let from = 0; from < length;) {
    const to = Math.min(length, from + 1 + roll(10_000));
    bytes.fill(1 + roll(255), from, to);
    from = to;
  }
  const cuts = [0, roll(length + 1), roll(length + 1), length].sort((a, b) => a - b);
  return [0, 1, 2].map((i) => bytes.subarray(cuts[i], cuts[i + 1]));
}

function pick<T>(roll: Dice, values: readonly T[]): T {
  return values[roll(values.length)] as T;
}
