/**
 * Bits flipped in the files of a real OSD: found, named, repaired, and never seen by an application.
 * @module
 */
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { flipRecord } from '../conformance/object-store/stores.ts';
import { nacre, noMountReason, RealCluster } from '../support/real-cluster.ts';

const realTest = noMountReason === undefined ? test.serial : test.serial.skip;

interface Inconsistent {
  readonly pg: string;
  readonly errors: number;
  readonly findings: readonly { readonly object: string; readonly osd: number; readonly what: readonly string[] }[];
}

/** Flips a bit of the first place in the file that holds `bytes`. */
function flipBytes(path: string, bytes: Buffer): void {
  const file = openSync(path, 'r+');
  const chunk = Buffer.alloc(1 << 20);
  for (let at = 0; ; at += chunk.length) {
    const length = readSync(file, chunk, 0, chunk.length, at);
    if (length === 0) throw new Error(`${path} does not hold what was written`);
    const found = chunk.subarray(0, length).indexOf(bytes);
    if (found < 0) continue;
    writeSync(file, Buffer.of((bytes[0] as number) ^ 0x10), 0, 1, at + found);
    closeSync(file);
    return;
  }
}

realTest(
  'bits flipped in data, in an object record and in a directory entry → found with object and OSD, repaired; files stay right',
  async (t) => {
    t.timeout(240_000);
    const cluster = new RealCluster();
    t.teardown(() => cluster.remove());
    await cluster.up();
    const folder = join(cluster.mount, 'folder');
    mkdirSync(folder);
    const contents = (name: string): Buffer => Buffer.alloc(300_000, `the contents of ${name} `);
    const names = Array.from({ length: 12 }, (_, n) => `a-file-with-the-number-${n}`);
    for (const name of names) writeFileSync(join(folder, name), contents(name), { flush: true });

    // Unmounted, everything is written back; stopped, everything is in its place.
    await cluster.ok('down');
    const disk = join(cluster.data, 'osd.1');
    flipBytes(join(disk, 'block'), contents(names[3] as string).subarray(0, 4096));
    flipRecord(join(disk, 'meta.mdb'), 'K', Buffer.from(names[5] as string));
    const head = readFileSync(join(disk, 'meta.mdb'))
      .toString('latin1')
      .match(/O.{6}([0-9a-f]{11}\.00000000)/s)?.[1];
    if (head === undefined) throw new Error('no object of a file is in the database');
    flipRecord(join(disk, 'meta.mdb'), 'O', Buffer.from(head));

    await cluster.up();
    const clean = ({ pgs }: { readonly pgs: { readonly byState: Readonly<Record<string, number>> } }): boolean =>
      Object.keys(pgs.byState).every((state) => state.startsWith('active+clean'));
    await cluster.until('all PGs active', clean);
    const scrubbed = await nacre('pg', '--data', cluster.data, 'deep-scrub', 'all', '--wait', '--json');
    t.is(scrubbed.code, 4, scrubbed.stderr);
    const inconsistent = JSON.parse(scrubbed.stdout) as Inconsistent[];
    const wrong = inconsistent.flatMap(({ findings }) =>
      findings.map(({ object, osd, what }) => `${object} on osd.${osd}: ${what.join(' ')}`),
    );
    t.log(wrong);
    // Starting again may have read, and so mended, what holds the directory.
    t.true(wrong.length >= 2 && wrong.length <= 3, wrong.join('; '));
    t.true(wrong.every((line) => line.endsWith(' on osd.1: unreadable')));
    t.true(wrong.some((line) => line.startsWith(`${head} `)));
    const health = await nacre('health', '--data', cluster.data, 'detail');
    t.is(health.code, 4);
    t.regex(health.stdout, /PG_DAMAGED/);
    t.regex(health.stdout, new RegExp(`OSD_SCRUB_ERRORS[\\s\\S]*"${head}" on osd\\.1: unreadable`));

    for (const { pg } of inconsistent) await cluster.ok('pg', 'repair', pg, '--wait');
    t.regex(await cluster.ok('pg', 'deep-scrub', 'all', '--wait'), /scrub knows of no wrong copies/);
    t.is((await cluster.status()).health.status, 'HEALTH_OK');
    t.deepEqual(readdirSync(folder).sort(), [...names].sort());
    for (const name of names) t.true(contents(name).equals(readFileSync(join(folder, name))), name);
  },
);
