/**
 * Compiles the sources to dist/, file by file and only those that changed: types are erased and import
 * specifiers rewritten, nothing is checked (`npm run typecheck` does that). Every file appears whole or not at all.
 * @module
 */
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { builtState, currentState, stateFile } from './sources.mjs';

/** Brings dist/ up to date with the sources of the checkout at `root`. Resolves to the number of files compiled. */
export async function build(root) {
  const options = compilerOptions(root);
  const before = builtState(root);
  const now = currentState(root);
  const old = before?.settings === now.settings ? before.sources : {};
  const changed = Object.keys(now.sources).filter((path) => old[path] !== now.sources[path]);
  for (const path of changed) compile(root, path, options);
  for (const path of Object.keys(before?.sources ?? {})) {
    if (now.sources[path] === undefined) for (const made of outputs(path)) rmSync(join(root, 'dist', made), { force: true });
  }
  replace(join(root, stateFile), JSON.stringify(now));
  return changed.length;
}

function compilerOptions(root) {
  const { config, error } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  return { ...options, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, incremental: false };
}

function compile(root, path, options) {
  const source = join(root, path);
  if (path.endsWith('.js')) {
    const target = join(root, 'dist', path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(source, `${target}.new`);
    renameSync(`${target}.new`, target);
    return;
  }
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(readFileSync(source, 'utf8'), {
    fileName: source,
    compilerOptions: options,
    reportDiagnostics: true,
  });
  const [problem] = diagnostics ?? [];
  if (problem) throw new Error(`${path} cannot be compiled: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`);
  const [script, map] = outputs(path);
  replace(join(root, 'dist', script), outputText);
  if (sourceMapText !== undefined) replace(join(root, 'dist', map), sourceMapText);
}

function outputs(path) {
  if (path.endsWith('.js')) return [path];
  const script = path.replace(/\.ts$/, '.js');
  return [script, `${script}.map`];
}

function replace(target, text) {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(`${target}.new`, text);
  renameSync(`${target}.new`, target);
}
