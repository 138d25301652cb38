/**
 * `load.ts FOLDER JOURNAL`: writes file after file under a temporary name, fsyncs it, renames it, fsyncs the folder, and
 * only then adds it to JOURNAL (outside the mount): what JOURNAL says must survive anything. Old files are removed again,
 * struck from the journal first. Ends with 0 at SIGTERM, having printed which calls took long (JSON), with 1 at the first
 * error that the filesystem gives it.
 * @module
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Stalls } from './stalls.ts';

const filesKept = 300;

/** Contents of file number `n`: its size varies from a few bytes to 300 KiB. */
export function contentsOf(n: number): Buffer {
  const block = createHash('sha512').update(String(n)).digest();
  return Buffer.concat(Array.from({ length: 1 + ((n * 7919) % 4800) }, () => block)).subarray(n % 13);
}

/** Compares every file that the journal names with what it must hold; the differences, in words. */
export function differences(
  folder: string,
  journal: string,
): { readonly checked: number; readonly bytes: number; readonly wrong: readonly string[] } {
  const kept = keptIn(journal);
  const wrong: [number, string][] = [];
  let bytes = 0;
  for (const n of kept) {
    try {
      const found = readFileSync(join(folder, `f${n}`));
      bytes += found.length;
      if (!found.equals(contentsOf(n))) wrong.push([n, `f${n} does not hold what was written`]);
    } catch (error) {
      wrong.push([n, `f${n}: ${(error as Error).message}`]);
    }
  }
  // One that was removed while we looked was struck from the journal before.
  const still = keptIn(journal);
  return { checked: kept.size, bytes, wrong: wrong.filter(([n]) => still.has(n)).map(([, what]) => what) };
}

function keptIn(journal: string): Set<number> {
  const kept = new Set<number>();
  for (const [, sign, n] of readFileSync(journal, 'utf8').matchAll(/([+-])([0-9]+);/g)) {
    if (sign === '+') kept.add(Number(n));
    else kept.delete(Number(n));
  }
  return kept;
}

function main(folder: string, journalPath: string): void {
  const stalls = new Stalls();
  stalls.timedSync('mkdir', () => mkdirSync(folder, { recursive: true }));
  const journal = openSync(journalPath, 'a');
  const parent = stalls.timedSync('open', () => openSync(folder, 'r'));
  let n = 0;
  const step = (): void => {
    n++;
    const name = join(folder, `t${n}`);
    const file = stalls.timedSync('create', () => openSync(name, 'w'));
    const contents = contentsOf(n);
    for (let at = 0; at < contents.length;) at += stalls.timedSync('write', () => writeSync(file, contents, at));
    stalls.timedSync('fsync', () => fsyncSync(file));
    stalls.timedSync('close', () => closeSync(file));
    stalls.timedSync('rename', () => renameSync(name, join(folder, `f${n}`)));
    stalls.timedSync('fsync of a directory', () => fsyncSync(parent));
    writeSync(journal, `+${n};`);
    if (n > filesKept) {
      writeSync(journal, `-${n - filesKept};`);
      stalls.timedSync('unlink', () => unlinkSync(join(folder, `f${n - filesKept}`)));
    }
    setImmediate(step);
  };
  process.on('SIGTERM', () => process.stdout.write(JSON.stringify(stalls.kept), () => process.exit(0)));
  step();
}

if (process.argv[1] === import.meta.filename) main(process.argv[2] as string, process.argv[3] as string);
