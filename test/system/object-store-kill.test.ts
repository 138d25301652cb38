/**
 * The durable store under kill -9: a child commits, is killed at a random moment, and what it left must be the
 * model after some number of transactions that has every acknowledged one. The next child goes on from there.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { BlockStore } from '../../osd/store/block.ts';
import { daemonKeys, dice, pgNumOf, randomTransaction } from '../conformance/object-store/history.ts';
import { applyToModel, dumpModel, dumpStore, emptyModel } from '../conformance/object-store/model.ts';
import { nodeEnv } from '../conformance/object-store/stores.ts';
import { sourceFlag } from '../support/source-flag.ts';

const child = fileURLToPath(new URL('object-store/committing-child.ts', import.meta.url));
const rounds = Number(process.env['STORE_KILLS'] ?? 5);

test('store: its process is killed again and again → everything acknowledged is there, nothing in part', async (t) => {
  const seed = Number(process.env['STORE_SEED'] ?? process.pid);
  t.log(`STORE_SEED=${seed}`);
  const roll = dice(seed + 1);
  const dataDir = mkdtempSync(join(tmpdir(), 'nacre-kill-'));
  let kept = 0;
  let total = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      const acknowledged = Math.max(kept, await commitUntilKilled(dataDir, seed, kept, 1 + roll(250)));
      const store = new BlockStore(nodeEnv(), { dataDir, reserveBytes: 0 });
      await store.start();
      const found = Number(store.daemonMeta('count')?.toString() ?? 0);
      t.true(found >= acknowledged, `seed ${seed} round ${round}: ${acknowledged} acknowledged, ${found} found`);
      t.deepEqual(
        await dumpStore(store, daemonKeys),
        dumpModel(modelAfter(seed, found)),
        `seed ${seed} round ${round}: after ${found} transactions`,
      );
      await store.stop();
      total += acknowledged - kept;
      kept = found;
    }
    t.true(total > 0, 'something was acknowledged');
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

/** Returns the last transaction that the child said was durable. */
async function commitUntilKilled(dataDir: string, seed: number, start: number, afterMs: number): Promise<number> {
  const process_ = spawn(process.execPath, [sourceFlag, child, dataDir, String(seed), String(start)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  process_.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output === '') setTimeout(() => process_.kill('SIGKILL'), afterMs);
    output += text;
  });
  await once(process_, 'close');
  const whole = output.slice(0, output.lastIndexOf('\n') + 1).trimEnd();
  return Math.max(0, ...whole.split('\n').map(Number));
}

function modelAfter(seed: number, count: number): ReturnType<typeof emptyModel> {
  const roll = dice(seed);
  const model = emptyModel();
  for (let i = 0; i < count; i++) applyToModel(model, randomTransaction(roll, pgNumOf(model.daemon.get('pgNum'))));
  return model;
}
