import test from 'ava';
import fc from 'fast-check';
import type { ByteString } from '../../../common/maps/ids.ts';
import { HashBag, nameHash } from '../../../mds/client/hash-bag.ts';
import { Directory, fragmentObject, mayMerge, positionOf } from '../../../mds/core/directory.ts';
import { firstHash, fragmentsOf, hasHash, shapeOf, wholeShape } from '../../../mds/core/fragment-shape.ts';
import type { Dentry } from '../../../mds/core/inode.ts';

const splitNames = 8;

function dentry(name: string, counter: number): Dentry {
  const bytes = name as ByteString;
  return {
    directory: 2 ** 40,
    name: bytes,
    position: positionOf(bytes, counter),
    inode: undefined,
    remoteIno: 7,
    remoteType: 0o100000,
    stored: false,
    removed: false,
  };
}

/** Divides and merges until nothing is out of balance. */
function balance(directory: Directory): void {
  for (;;) {
    const large = directory.fragments.find((fragment) => fragment.isLarge(splitNames));
    const small = directory.fragments.find((fragment) => {
      const brothers = fragment.isSmall(splitNames) ? directory.brothers(fragment) : undefined;
      return (
        brothers !== undefined &&
        mayMerge(
          brothers.reduce((sum, { count }) => sum + (count ?? 0), 0),
          splitNames,
        )
      );
    });
    if (large !== undefined) directory.reshape(directory.divided(large), true);
    else if (small !== undefined) directory.reshape(directory.merged(directory.brothers(small) ?? []), true);
    else return;
  }
}

test('fragment shapes: any division → comes back from its bytes; the fragments follow one another and leave nothing out', (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 30 }), (choices) => {
      const directory = new Directory(2 ** 40, wholeShape, true);
      for (const choice of choices) {
        const fragment = directory.fragments[choice % directory.fragments.length];
        if (fragment !== undefined && fragment.id.bits < 18) directory.reshape(directory.divided(fragment), false);
      }
      const ids = directory.fragments.map(({ id }) => id);
      t.deepEqual(fragmentsOf(directory.shape), ids);
      t.deepEqual(shapeOf(ids), directory.shape);
      let next = 0;
      for (const id of ids) {
        t.is(firstHash(id), next);
        next += 2 ** (32 - id.bits);
      }
      t.is(next, 2 ** 32);
    }),
    { seed: 1 },
  );
});

test('fragment shapes: bytes that describe no tree → EILSEQ', (t) => {
  const damaged = { code: 'EILSEQ' };
  for (const bytes of [[1], [255, 255, 255], [0, 0], [1, 0, 0]]) t.throws(() => fragmentsOf(Uint8Array.from(bytes)), damaged, bytes.join());
});

test('fragments: random names come and go → each is in the fragment of its hash, found and listed once, and fragments stay within their limits', (t) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(120)), { maxLength: 500 }), (steps) => {
      const directory = new Directory(2 ** 40, wholeShape, true);
      const model = new Map<string, Dentry>();
      for (const [counter, [add, number]] of steps.entries()) {
        const name = `name ${number}`;
        const old = model.get(name);
        const fragment = directory.fragmentOf(name as ByteString);
        if (add && old === undefined) {
          const made = dentry(name, counter + 16);
          fragment.add(made);
          model.set(name, made);
        } else if (!add && old !== undefined) {
          fragment.delete(old);
          model.delete(name);
        }
        balance(directory);
        t.true(directory.fragments.every((each) => (each.count ?? 0) <= 2 * splitNames));
      }
      for (const [name, made] of model) {
        const fragment = directory.fragmentOf(name as ByteString);
        t.is(fragment.dentries.get(name as ByteString), made);
        t.true(hasHash(fragment.id, nameHash(name as ByteString)));
        t.is(directory.fragmentsFrom(made.position)[0], fragment);
      }
      const listed = directory.fragments.flatMap((fragment) => [...fragment.list(0).entries].filter(({ removed }) => !removed));
      t.is(listed.length, model.size);
      t.deepEqual(
        listed.map(({ position }) => position),
        [...model.values()].map(({ position }) => position).sort((a, b) => a - b),
      );
      if (model.size === 0) t.is(directory.fragments.length, 1);
    }),
    { seed: 2, numRuns: 40 },
  );
});

test('fragments: divided and merged at random → names to be removed, and where others may still lie, are never forgotten', (t) => {
  const directory = new Directory(2 ** 40, wholeShape, true);
  const removed = Array.from({ length: 64 }, (_, i) => `gone ${i}` as ByteString);
  for (const name of removed) directory.fragmentOf(name).changes.set(name, undefined, 5);
  const [whole] = directory.fragments;
  t.truthy(whole);
  if (whole !== undefined) directory.reshape(directory.divided(whole), true);
  const third = directory.fragments[2];
  if (third !== undefined) directory.reshape(directory.divided(third), true);
  for (const name of removed) {
    const fragment = directory.fragmentOf(name);
    t.true(fragment.lacks(name));
    t.true(fragment.changes.dirty.has(name));
    t.is(fragment.changes.dirtySince, 5);
  }
  t.deepEqual(
    directory.fragments.map(({ sources }) => sources.map((id) => fragmentObject(1, id))),
    directory.fragments.map(({ id }) => (id.bits === 6 ? ['1.03000002', '1.00000000'] : ['1.00000000'])),
  );
  const brothers = directory.fragments.filter(({ id }) => id.bits === 6);
  t.true(directory.isMovingFrom(brothers), 'the object of the third is still to be moved from');
});

test('hash bag: random hashes → counts like a list of them, zero and collisions too', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), fc.oneof(fc.nat(8), fc.integer({ min: 0, max: 2 ** 32 - 1 }))), { maxLength: 400 }),
      (steps) => {
        const bag = new HashBag();
        const model: number[] = [];
        for (const [add, number] of steps) {
          const hash = number === 0 ? 1 : number;
          if (add) {
            bag.add(number);
            model.push(hash);
          } else {
            const at = model.indexOf(hash);
            t.is(bag.delete(number), at >= 0);
            if (at >= 0) model.splice(at, 1);
          }
        }
        t.is(bag.size, model.length);
        t.deepEqual([...bag].sort(), model.sort());
        for (const hash of model) t.true(bag.has(hash));
      },
    ),
    { seed: 3 },
  );
});
