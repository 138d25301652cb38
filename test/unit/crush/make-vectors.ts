/**
 * Makes the vectors that placement is tested against, with Ceph's own tools (Debian: ceph-base):
 *   npx tsx test/unit/crush/make-vectors.ts
 * writes `vectors/crush.json` (crushtool --test) and `vectors/osdmap.json` (osdmaptool --test-map-object,
 * --test-map-pgs-dump). Committed, so that the test needs no Ceph.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CrushMap, type CrushTunables, bucketTypes } from '../../../common/crush/crush-map.ts';
import { trees } from './trees.ts';

const out = join(import.meta.dirname, 'vectors');
const scratch = mkdtempSync(join(tmpdir(), 'nacre-vectors-'));
const inputs = 1024;

/** All lengths around the hash's blocks of 12 bytes, the names we use, and bytes beyond ASCII. */
const objectNames = [
  ...Array.from({ length: 40 }, (_, length) => 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH'.slice(0, length + 1)),
  ...[
    '10000000000.00000000',
    '1fffffffffffff.00000010',
    '1.00000000',
    '200.000000ff',
    'mds0_journal',
    'größe',
    '日本語の名前',
    'x'.repeat(200),
  ],
];

try {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'crush.json'), `${JSON.stringify(crushVectors(), null, 1)}\n`);
  writeFileSync(join(out, 'osdmap.json'), `${JSON.stringify(osdMapVectors(), null, 1)}\n`);
} finally {
  rmSync(scratch, { recursive: true });
}

/** For each tree, reweighting and size: a line of the OSDs of inputs 0..1023, as `2,0,5 1,4,3 ...`. */
function crushVectors(): object[] {
  const vectors = [];
  for (const { name, map, reweights, rule, sizes } of trees) {
    const compiled = compileCrush(name, map);
    for (const size of sizes) {
      const ruleIndex = map.rules.findIndex((candidate) => candidate.name === rule);
      const weights = Object.entries(reweights).flatMap(([osd, reweight]) => ['--weight', osd, String(reweight / 0x10000)]);
      const text = run('crushtool', [
        '-i',
        compiled,
        '--test',
        '--show-mappings',
        '--rule',
        String(ruleIndex),
        '--min-x',
        '0',
        '--max-x',
        String(inputs - 1),
        '--num-rep',
        String(size),
        ...weights,
      ]);
      const lines = [...text.matchAll(/^CRUSH rule \d+ x (\d+) \[([\d,]*)\]$/gm)];
      if (lines.length !== inputs) throw new Error(`crushtool gave ${lines.length} mappings for ${name}: ${text.slice(0, 500)}`);
      vectors.push({ tree: name, size, mappings: lines.map((match) => match[2]).join(' ') });
    }
  }
  return vectors;
}

/**
 * For maps of pools with `pgNum` PGs over a tree: the PG of each object's name, and the OSDs of every PG
 * (which mix the pool's number into CRUSH's input), with one OSD marked out.
 */
function osdMapVectors(): object[] {
  const out = 3;
  return [
    { pgNum: 64, tree: 'hosts-uneven', osds: 16, bits: 2 },
    { pgNum: 104, tree: 'hosts-uneven', osds: 13, bits: 3 },
    { pgNum: 832, tree: 'hosts-uneven', osds: 13, bits: 6 },
  ].map(({ pgNum, tree, osds, bits }) => {
    const map = trees.find(({ name }) => name === tree)?.map as CrushMap;
    const file = join(scratch, `osdmap.${pgNum}`);
    run('osdmaptool', ['--createsimple', String(osds), file, '--clobber', '--with-default-pool', '--pg-bits', String(bits)]);
    run('osdmaptool', [file, '--import-crush', compileCrush('osdmap', map)]);
    const dump = run('osdmaptool', [file, '--mark-up-in', '--mark-out', String(out), '--test-map-pgs-dump']);
    const pgs = [...dump.matchAll(/^1\.([0-9a-f]+)\t\[([\d,]*)\]/gm)].sort(
      (a, b) => Number.parseInt(a[1] as string, 16) - Number.parseInt(b[1] as string, 16),
    );
    if (pgs.length !== pgNum) throw new Error(`osdmaptool gave ${pgs.length} PGs, not ${pgNum}: ${dump.slice(0, 500)}`);
    const objects = Object.fromEntries(
      objectNames.map((name) => {
        const text = run('osdmaptool', [file, '--mark-up-in', '--test-map-object', name, '--pool', '1']);
        const match = /-> 1\.([0-9a-f]+) ->/.exec(text);
        if (!match) throw new Error(`osdmaptool: ${text}`);
        return [name, Number.parseInt(match[1] as string, 16)];
      }),
    );
    return { pool: 1, pgNum, tree, rule: 0, size: 3, out, pgs: pgs.map((match) => match[2]).join(' '), objects };
  });
}

function compileCrush(name: string, map: CrushMap): string {
  const text = join(scratch, `${name}.txt`);
  const compiled = join(scratch, `${name}.crush`);
  writeFileSync(text, crushText(map));
  run('crushtool', ['-c', text, '-o', compiled]);
  return compiled;
}

/** The map in crushtool's language. */
function crushText(map: CrushMap): string {
  const names: Record<keyof CrushTunables, string> = {
    chooseLocalTries: 'choose_local_tries',
    chooseLocalFallbackTries: 'choose_local_fallback_tries',
    chooseTotalTries: 'choose_total_tries',
    chooseleafDescendOnce: 'chooseleaf_descend_once',
    chooseleafVaryR: 'chooseleaf_vary_r',
    chooseleafStable: 'chooseleaf_stable',
  };
  const lines = Object.entries(names).map(([key, name]) => `tunable ${name} ${map.tunables[key as keyof CrushTunables]}`);
  lines.push('tunable straw_calc_version 1', 'tunable allowed_bucket_algs 54');
  const osds = map.buckets.flatMap(({ items }) => items.filter(({ id }) => id >= 0).map(({ id }) => id));
  for (const osd of osds.sort((a, b) => a - b)) lines.push(`device ${osd} osd.${osd}`);
  bucketTypes.forEach((type, i) => lines.push(`type ${i} ${type}`));
  const nameOf = (id: number): string => (id >= 0 ? `osd.${id}` : (map.buckets.find((bucket) => bucket.id === id)?.name as string));
  for (const type of bucketTypes) {
    for (const bucket of map.buckets.filter((candidate) => candidate.type === type)) {
      lines.push(`${type} ${bucket.name} {`, ` id ${bucket.id}`, ' alg straw2', ' hash 0');
      for (const { id, weight } of bucket.items) lines.push(` item ${nameOf(id)} weight ${(weight / 0x10000).toFixed(5)}`);
      lines.push('}');
    }
  }
  map.rules.forEach(({ name, root, failureDomain }, i) => {
    lines.push(
      `rule ${name} {`,
      ` id ${i}`,
      ' type replicated',
      ' min_size 1',
      ' max_size 10',
      ` step take ${root}`,
      ` step chooseleaf firstn 0 type ${failureDomain}`,
      ' step emit',
      '}',
    );
  });
  return `${lines.join('\n')}\n`;
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
