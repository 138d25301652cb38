/**
 * Makes a checkout runnable: installs packages (`npm ci`) and compiles the sources to dist/, each only when
 * something is missing or older. When nothing is to do it reads two lock files and the sources' times, no more.
 *
 * Plain JavaScript without dependencies: it runs before anything is installed. Several may run at once:
 * the work is done under flock(1) on package.json.
 * @module
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildNeeded } from './sources.mjs';

const root = realpathSync(join(import.meta.dirname, '..'));
const oldestNode = [20, 20];
const progressMs = 3000;
/** Given to the process that runs under the lock. */
const lockedFlag = '--locked';

/** Installs and builds what is missing. Ends the process with one clear line when it cannot. */
export async function prepare() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    fail(`Node ${process.versions.node} is too old: Nacre needs ${oldestNode.join('.')} or newer`);
  }
  if (!installNeeded() && !buildNeeded(root)) return;
  if (!process.argv.includes(lockedFlag)) lockAndRunAgain();
  else await work();
}

async function work() {
  if (installNeeded()) await install();
  if (buildNeeded(root)) {
    const started = performance.now();
    const { build } = await import('./build.mjs');
    const files = await build(root).catch((error) => fail(`dist/ could not be built: ${error.message}`));
    say(`compiled ${files} files to dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}

/** Whoever else prepares this checkout goes first; the lock ends with its holder. */
function lockAndRunAgain() {
  const again = [process.execPath, fileURLToPath(import.meta.url), lockedFlag];
  let { status, signal, error } = spawnSync('flock', [join(root, 'package.json'), ...again], { stdio: 'inherit' });
  if (error?.code === 'ENOENT') ({ status, signal, error } = spawnSync(again[0], again.slice(1), { stdio: 'inherit' }));
  if (error) fail(`cannot run flock(1): ${error.message}`);
  if (status !== 0) process.exit(signal ? 130 : (status ?? 1));
}

/** Whether node_modules lacks a package of package-lock.json, or has it in another version. */
function installNeeded() {
  const wanted =
    readLock(join(root, 'package-lock.json')) ?? fail(`${root}/package-lock.json cannot be read: this is no complete checkout`);
  const present = readLock(join(root, 'node_modules/.package-lock.json'));
  if (present === undefined) return true;
  return Object.entries(wanted).some(([path, { version, optional }]) => path !== '' && !optional && present[path]?.version !== version);
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function install() {
  say(`installing packages (npm ci), into ${join(root, 'node_modules')}`);
  const started = performance.now();
  let outcome = await npm(['ci', '--include=dev']);
  if (outcome.code !== 0) {
    say('npm ci failed; trying once more, with what is in the local npm cache first');
    outcome = await npm(['ci', '--include=dev', '--prefer-offline']);
  }
  if (outcome.code !== 0) {
    process.stderr.write(
      `${outcome.output
        .split('\n')
        .filter((line) => line.startsWith('npm error'))
        .slice(0, 15)
        .join('\n')}\n`,
    );
    fail(
      `packages could not be installed (npm exit ${outcome.code}). Check that ${npmRegistry()} can be reached, then run: cd ${root} && npm ci`,
    );
  }
  say(`packages installed in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

function npm(args) {
  return new Promise((resolve) => {
    const child = spawn('npm', [...args, '--no-audit', '--no-fund', '--loglevel=http'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const started = performance.now();
    let output = '';
    let fetched = 0;
    const take = (chunk) => {
      const lines = String(chunk).split('\n');
      fetched += lines.filter((line) => line.startsWith('npm http')).length;
      output = (output + lines.filter((line) => !line.startsWith('npm http')).join('\n')).slice(-20_000);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const progress = setInterval(() => {
      say(`  ${((performance.now() - started) / 1000).toFixed(0)} s, ${fetched} answers from the registry or the cache`);
    }, progressMs);
    child.on('error', (error) => (output += `npm cannot be run: ${error.message}\n`));
    child.on('close', (code) => {
      clearInterval(progress);
      resolve({ code: code ?? 1, output });
    });
  });
}

function npmRegistry() {
  return process.env.npm_config_registry ?? 'the npm registry';
}

function say(line) {
  process.stderr.write(`nacre: ${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await prepare();
