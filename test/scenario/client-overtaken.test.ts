/** A host that never pauses: what it has changed others may see when it is durable, and by then it has changed it again. */
import test from 'ava';
import { tell } from '../support/tell.ts';

const busyMs = 100;
const patienceMs = 30;

test('overtaken: a host renames in a directory without a pause → another that looks into it is answered all the while', async (t) => {
  await tell(77, async (cluster) => {
    const { world } = cluster;
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/x');
    await a.paths.writeFile('/x/f', '');
    const endsMs = world.nowMs + busyMs;
    const rename = async (one: string, other: string): Promise<void> => {
      await a.paths.writeFile(one, '');
      for (let names = [one, other] as const; world.nowMs < endsMs; names = [names[1], names[0]]) {
        await a.paths.rename(...names);
        await world.sleep(0.01);
      }
    };
    let looks = 0;
    let worstMs = 0;
    const look = async (): Promise<void> => {
      while (world.nowMs < endsMs) {
        const beganMs = world.nowMs;
        await b.paths.stat('/x/f');
        worstMs = Math.max(worstMs, world.nowMs - beganMs);
        looks++;
        await world.sleep(0.1);
      }
    };
    await Promise.all([rename('/x/1', '/x/2'), rename('/x/3', '/x/4'), rename('/x/5', '/x/6'), look()]);
    t.true(worstMs < patienceMs, `one answer took ${worstMs} ms`);
    t.true(looks > busyMs / patienceMs, `${looks} answers`);
  });
});
