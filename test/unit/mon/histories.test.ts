import test from 'ava';
import type { WorldOptions } from './histories/ground.ts';
import { World, eventKinds } from './histories/world.ts';

const shapes: readonly Omit<WorldOptions, 'seed'>[] = [
  { osds: 3, size: 3, pgNum: 4 },
  { osds: 5, size: 3, pgNum: 4 },
  { osds: 4, size: 2, pgNum: 3 },
  { osds: 6, size: 1, pgNum: 3 },
];
const histories = Number(process.env['HISTORIES'] ?? 60);
const steps = 2_000;
/** Events that are rare, because much must come together: so often they happen in a history, at least. */
const rare: Readonly<Record<string, number>> = { remove: 0.03, replace: 0.2, lose: 0.1, 'given up': 0.1, damped: 0.01, deliver: 0.25 };

for (const shape of shapes) {
  test(`core: ${histories} random histories of ${shape.osds} OSDs, ${shape.size} copies → no acknowledged write is lost, no read is stale, all recovers`, (t) => {
    const counts: Record<string, number> = {};
    for (let seed = 1; seed <= histories; seed++) {
      const world = new World({ ...shape, seed });
      try {
        for (let i = 0; i < steps; i++) world.step();
        world.recover();
      } catch (error) {
        t.log(world.trace.slice(-40).join('\n'));
        return t.fail(`seed ${seed}: ${String(error)}`);
      }
      for (const [kind, count] of Object.entries(world.counts)) counts[kind] = (counts[kind] ?? 0) + count;
    }
    t.log(counts);
    const needed = [...eventKinds, 'damped', 'given up', 'silent at restart'].filter(
      (kind) => shape.size > 1 || (kind !== 'certify' && kind !== 'deliver'),
    );
    for (const kind of needed) t.true((counts[kind] ?? 0) > histories * (rare[kind] ?? 0.5), `${kind} happened ${counts[kind] ?? 0} times`);
    return undefined;
  });
}
