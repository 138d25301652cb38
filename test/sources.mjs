/**
 * `node --import=./test/sources.mjs`: lets Node run TypeScript sources as they are, for processes that are started by the hundred. What tsx
 * does beside that takes 0.4 s of a processor at each start, the half of what most test files take; for commands that a person gives, tsx is right.
 *
 * Types are erased as `bin/build.mjs` does it; nothing is checked. What came of a text is kept below node_modules/.cache, under the text's hash.
 *
 * `node test/sources.mjs` does that for all sources at once: a test file that nobody has compiled costs its process the loading of the
 * compiler, 0.3 s of a processor for each.
 * @module
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const require = createRequire(import.meta.url);
const kept = join(import.meta.dirname, '../node_modules/.cache/nacre-sources');
const options = { target: 'es2023', module: 'esnext', verbatimModuleSyntax: true, sourceMap: true };
const folders = ['common', 'mon', 'osd', 'mds', 'fuse-client', 'cli', 'test'];
/** Whatever decides what a text compiles to. */
const settings = JSON.stringify([options, 'map by path', require('typescript/package.json').version]);

// Node runs hooks in a thread of their own, which loads this file again.
if (process.argv[1] === import.meta.filename) compileAll();
else if (isMainThread) register(import.meta.url);

/**
 * Node asks this for each import. One source names another by a path that is complete: nothing need be looked up, which takes Node
 * as long as to read it.
 */
export function resolve(specifier, context, nextResolve) {
  const isSource = specifier.startsWith('.') && specifier.endsWith('.ts') && context.parentURL?.endsWith('.ts') === true;
  if (!isSource) return nextResolve(specifier, context);
  return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
}

/** And this for each module (https://nodejs.org/docs/latest-v20.x/api/module.html#loadurl-context-nextload). */
export function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  return { format: 'module', source: compiled(fileURLToPath(url)), shortCircuit: true };
}

function compiled(path) {
  const text = readFileSync(path, 'utf8');
  const hash = createHash('sha256').update(settings).update(path).update('\0').update(text).digest('hex');
  const target = join(kept, `${hash}.js`);
  try {
    return readFileSync(target, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const { outputText, sourceMapText } = require('typescript').transpileModule(text, { fileName: path, compilerOptions: options });
  mkdirSync(kept, { recursive: true });
  const map = `${target}.map`;
  keep(map, JSON.stringify({ ...JSON.parse(sourceMapText), sourceRoot: '', sources: [pathToFileURL(path).href] }));
  // In a file of its own: Node goes through a source letter by letter, and one with its map inside is four times as long.
  const source = outputText.replace(/(?<=\n\/\/# sourceMappingURL=).*$/, pathToFileURL(map).pathname);
  keep(target, source);
  return source;
}

function compileAll() {
  const root = join(import.meta.dirname, '..');
  for (const folder of folders) {
    const paths = readdirSync(join(root, folder), { recursive: true });
    for (const path of paths) if (/(?<!\.d)\.ts$/.test(path)) compiled(join(root, folder, path));
  }
}

/** Several may compile the same: each file appears whole. */
function keep(target, text) {
  const own = `${target}.${process.pid}`;
  writeFileSync(own, text);
  renameSync(own, target);
}
