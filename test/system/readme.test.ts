import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { RealCluster, noMountReason, run } from '../support/real-cluster.ts';

const root = join(import.meta.dirname, '../..');
const realTest = noMountReason === undefined ? test : test.skip;

realTest('README: the first tour, pasted into a shell → every line works', async (t) => {
  t.timeout(180_000);
  const tour = /<!-- run by test\/system\/readme\.test\.ts -->\n+```sh\n([^]*?)```/.exec(
    readFileSync(join(root, 'README.md'), 'utf8'),
  )?.[1];
  if (tour === undefined) throw new Error('README.md has no tour');
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  const bin = join(cluster.home, 'bin');
  mkdirSync(bin);
  symlinkSync(join(root, 'bin/nacre'), join(bin, 'nacre'));
  const { code, stdout, stderr } = await run('bash', ['-euo', 'pipefail', '-c', tour], {
    cwd: cluster.home,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    timeoutMs: 170_000,
  });
  t.is(code, 0, `${stdout}\n${stderr}`);
  t.is(stdout.split('\n').filter((line) => line === 'hello').length, 3);
  t.deepEqual(cluster.leftovers(), []);
});

test('README, docs: every relative link → a file that exists', (t) => {
  const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];
  for (const page of pages) {
    for (const [, target] of readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      t.true(existsSync(join(root, page, '..', target ?? '')), `${page} → ${target ?? ''}`);
    }
  }
});
