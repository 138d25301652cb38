import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** READMEs of all folders and the documents, from the root. */
const pages = [
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ...['.', 'mon', 'osd', 'mds', 'fuse-client', 'cli', 'common', 'bench', 'test']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: folder !== '.' }).map((path) => join(folder, String(path))))
    .filter((path) => /(^|\/)README\.md$/.test(path)),
];

test('documents: every relative link → a file that exists, and a heading in it', (t) => {
  for (const page of pages)
    for (const [, path = '', heading] of textOf(page).matchAll(/\]\(([^)#:]*)(?:#([^)]*))?\)/g)) {
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) t.fail(`${page} → ${path}`);
      else if (heading !== undefined) t.true(headingsOf(target).includes(heading), `${page} → ${path}#${heading}`);
    }
});

test('documents: every source file that they name with its folder → is there', (t) => {
  for (const page of pages)
    for (const [, path = ''] of textOf(page).matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|mjs|py|pl|proto))`/g)) {
      const bases = [dirname(page), '.'].filter((base) => existsSync(join(root, base, path.split('/')[0] as string)));
      t.true(bases.length === 0 || bases.some((base) => existsSync(join(root, base, path))), `${page}: ${path}`);
    }
});

function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** As links name them. */
function headingsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}
