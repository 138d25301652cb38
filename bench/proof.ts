/**
 * `npm run proof -- [--tar FILE]`: what a person would do to believe that nothing is lost. Unpacks a large real source
 * tree into a fresh cluster's mount and compares checksums; kills every process with -9, brings the cluster up again
 * and compares again; then git, npm and sqlite3 work inside the mount, and their results survive the same.
 * Without --tar the tree is this project's installed packages.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RealCluster } from '../test/support/real-cluster.ts';

const root = join(import.meta.dirname, '..');
const { values: options } = parseArgs({ options: { tar: { type: 'string' } } });

const cluster = new RealCluster();
try {
  await timed('up: a fresh cluster, mounted', () => cluster.up());
  const { tar, original } = sourceTree();
  const inside = join(cluster.mount, 'tree');
  mkdirSync(inside);
  await timed('tar x into the mount', () => sh('tar xf "$1" -C "$2"', tar, inside));
  const expected = fingerprint(original);
  await timed(`compare ${expected.length} files by sha256, mode and link target`, () => same(expected, fingerprint(inside)));

  const clone = join(cluster.mount, 'clone');
  await timed('git clone of this repository, fsck, status', () => {
    sh(
      'git clone -q --no-hardlinks "$1" "$2" && git -C "$2" fsck --no-progress && test -z "$(git -C "$2" status --porcelain)"',
      root,
      clone,
    );
  });
  const project = join(cluster.mount, 'project');
  await timed('npm ci of a small project, and run it', () => npmProject(project));
  const database = join(cluster.mount, 'proof.db');
  const wanted = await timed('sqlite3: 300 transactions, integrity check', () => sqlite(database));

  await timed('fsync of every file, as those who made them did not', () => [inside, clone, project].forEach(fsyncAll));
  await timed('kill -9 of all six processes', () => cluster.kill(...cluster.names()));
  await timed('up again', () => cluster.up());
  await timed('compare again: the tree', () => same(expected, fingerprint(inside)));
  await timed('compare again: git', () => sh('git -C "$1" fsck --no-progress && test -z "$(git -C "$1" status --porcelain)"', clone));
  await timed('compare again: npm project', () => sh('cd "$1" && node index.mjs', project));
  if (wanted !== undefined) await timed('compare again: sqlite3', () => same([wanted], [sqliteState(database)]));
  await timed('down', () => cluster.ok('down'));
  console.log('\nevery byte is there');
} finally {
  await cluster.remove();
}

async function timed<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  console.log(`${((performance.now() - started) / 1000).toFixed(2).padStart(8)} s  ${what}`);
  return result;
}

function sh(script: string, ...args: string[]): string {
  return execFileSync('bash', ['-euo', 'pipefail', '-c', script, 'bash', ...args], {
    encoding: 'utf8',
    maxBuffer: 256 << 20,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What was not fsynced may be missing after a crash, up to 5 s of it; tar and npm fsync nothing. */
function fsyncAll(folder: string): void {
  sh('find "$1" -type f -print0 | xargs -0 sync && find "$1" -type d -print0 | xargs -0 sync', folder);
}

/** The tar to unpack, and its contents unpacked on the local disk. */
function sourceTree(): { readonly tar: string; readonly original: string } {
  const tar = options.tar ?? join(cluster.home, 'tree.tar');
  if (options.tar === undefined) sh('tar cf "$1" -C "$2" --exclude=.cache node_modules', tar, root);
  const original = join(cluster.home, 'original');
  mkdirSync(original);
  sh('tar xf "$1" -C "$2"', tar, original);
  return { tar, original };
}

/** One line for each entry of a tree: its path with checksum, mode and link target. */
function fingerprint(folder: string): readonly string[] {
  const sums = sh('cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum', folder);
  const others = sh('cd "$1" && find . -printf \'%p %y %m %l\\n\' | LC_ALL=C sort', folder);
  return `${sums}${others}`.trimEnd().split('\n');
}

function same(expected: readonly string[], found: readonly string[]): void {
  const present = new Set(found);
  const missing = expected.filter((line) => !present.has(line));
  if (missing.length > 0 || expected.length !== found.length) {
    throw new Error(`${missing.length} of ${expected.length} entries differ (${found.length} found), first: ${missing[0] ?? '(too many)'}`);
  }
}

function npmProject(folder: string): void {
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name: 'proof',
      version: '1.0.0',
      type: 'module',
      dependencies: { ws: '8.23.0', 'lru-cache': '11.5.3', pino: '10.4.0' },
    }),
  );
  writeFileSync(join(folder, 'index.mjs'), "import 'ws'; import 'lru-cache'; import 'pino';\n");
  sh('cd "$1" && npm install --package-lock-only --silent --prefer-offline && npm ci --silent --prefer-offline && node index.mjs', folder);
}

/** Fills a database; its state, or undefined where sqlite3 isn't installed and cannot be. */
function sqlite(path: string): string | undefined {
  try {
    sh('command -v sqlite3 >/dev/null || apt-get install -y -q sqlite3 >/dev/null');
  } catch {
    console.log('             (sqlite3 is not installed and apt-get cannot install it: this part is left out)');
    return undefined;
  }
  const inserts = Array.from({ length: 300 }, (_, n) => `BEGIN; INSERT INTO t VALUES (${n}, hex(randomblob(200))); COMMIT;`).join('\n');
  if (existsSync(path)) rmSync(path);
  execFileSync('sqlite3', [path], { input: `CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT);\n${inserts}\n`, encoding: 'utf8' });
  return sqliteState(path);
}

function sqliteState(path: string): string {
  const state = execFileSync('sqlite3', [path, 'PRAGMA integrity_check; SELECT count(*), sum(length(body)), max(body) FROM t;'], {
    encoding: 'utf8',
  });
  if (!state.startsWith('ok\n300|')) throw new Error(`sqlite3: ${state}`);
  return state;
}
