/**
 * What dist/ is made from, and whether it is current. The state of the last build is kept in dist/.sources.json:
 * each source's size and modification time.
 * @module
 */
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders whose sources are compiled; tests and benchmarks run from their sources. */
const folders = ['common', 'mon', 'osd', 'mds', 'fuse-client', 'cli'];
/** Files that change what every source compiles to. */
const settings = ['tsconfig.json', 'bin/build.mjs', 'package-lock.json'];

/** Where a build records what it was made from. */
export const stateFile = 'dist/.sources.json';

/** `{ settings, sources }`: path to `size:mtime` of what dist/ should be made from. */
export function currentState(root) {
  const sources = {};
  for (const folder of folders) collect(root, folder, sources);
  return { settings: settings.map((path) => stamp(join(root, path))).join(' '), sources };
}

/** The state that dist/ was made from; undefined without one. */
export function builtState(root) {
  try {
    return JSON.parse(readFileSync(join(root, stateFile), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether dist/ is missing or older than the sources. */
export function buildNeeded(root) {
  const built = builtState(root);
  const current = currentState(root);
  if (built === undefined || built.settings !== current.settings) return true;
  const paths = Object.keys(current.sources);
  return paths.length !== Object.keys(built.sources).length || paths.some((path) => built.sources[path] !== current.sources[path]);
}

function collect(root, folder, into) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) collect(root, path, into);
    else if (/(?<!\.d)\.ts$|\.js$/.test(entry.name)) into[path] = stamp(join(root, path));
  }
}

function stamp(path) {
  const { size, mtimeMs } = lstatSync(path);
  return `${size}:${mtimeMs}`;
}
