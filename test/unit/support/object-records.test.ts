import test from 'ava';
import { poolId } from '../../../common/maps/ids.ts';
import { Prng } from '../../../common/runtime/sim/prng.ts';
import { NodeClock } from '../../../common/runtime/node/clock.ts';
import { MemoryObjectClient, MemoryObjects } from '../../support/memory-objects.ts';
import { Blocks, Difference, Entries, Lines, type Operate, type RecordedObject, Register } from '../../support/object-records.ts';

const kinds: readonly (readonly [name: string, make: () => RecordedObject])[] = [
  ['register', () => new Register('o')],
  ['blocks', () => new Blocks('o')],
  ['lines', () => new Lines('o')],
  ['entries', () => new Entries('o')],
];

/** Objects in memory; `repeat`: whatever is sent happens twice, and is answered as the second time. */
function objects({ repeat = false } = {}): Operate {
  const client = new MemoryObjectClient(new MemoryObjects(), { clock: new NodeClock() });
  return async (object, operations) => {
    if (repeat) await client.operate(poolId(1), object, operations);
    return await client.operate(poolId(1), object, operations);
  };
}

for (const [name, make] of kinds) {
  test(`${name}: many changes → what is recorded is what is there`, async (t) => {
    const record = make();
    const operate = objects();
    const random = new Prng(name);
    for (let n = 0; n < 40; n++) {
      await record.change(operate, random);
      t.true((await record.check(operate)) >= 0);
    }
  });

  test(`${name}: an acknowledged change that is lost → noticed`, async (t) => {
    const record = make();
    const operate = objects();
    const random = new Prng(name);
    for (let n = 0; n < 3; n++) await record.change(operate, random);
    await t.throwsAsync(
      async () => {
        // It is answered as if it had been done.
        await record.change(objects(), random);
        await record.check(operate);
      },
      { instanceOf: Difference },
    );
  });
}

test('lines: one that is appended twice → noticed', async (t) => {
  const record = new Lines('o');
  const operate = objects({ repeat: true });
  await t.throwsAsync(
    async () => {
      await record.change(operate);
      await record.check(operate);
    },
    { instanceOf: Difference },
  );
});
