/**
 * Commits a seed's random history from transaction START on, and writes the number of each one acknowledged
 * to stdout, until it is killed: `committing-child.ts DIR SEED START`.
 */
import { writeSync } from 'node:fs';
import { BlockStore } from '../../../osd/store/block.ts';
import { dice, pgNumAfter, pgNumOf, randomTransaction } from '../../conformance/object-store/history.ts';
import { nodeEnv } from '../../conformance/object-store/stores.ts';

const [dataDir, seed, start] = process.argv.slice(2) as [string, string, string];
const store = new BlockStore(nodeEnv(), { dataDir, reserveBytes: 0, logSegmentBytes: 1 << 20, flushIntervalMs: 5, sliceEntries: 8 });
await store.start();
const roll = dice(Number(seed));
const inFlightMax = 8;
let inFlight = 0;
let pgNum = pgNumOf(undefined);
for (let i = 1; ; i++) {
  const transaction = randomTransaction(roll, pgNum);
  pgNum = pgNumAfter(transaction, pgNum);
  if (i <= Number(start)) continue;
  inFlight++;
  void store.commit([...transaction, { kind: 'set-daemon-meta', key: 'count', value: Buffer.from(String(i)) }]).then(() => {
    inFlight--;
    writeSync(1, `${i}\n`);
  });
  while (inFlight >= inFlightMax) await new Promise((resolve) => setImmediate(resolve));
}
