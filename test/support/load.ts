/**
 * `load.ts FOLDER JOURNAL`: writes file after file under a temporary name, fsyncs it, renames it, fsyncs the folder, and
 * only then adds it to JOURNAL (outside the mount): what JOURNAL says must survive anything. Old files are removed again,
 * struck from the journal first. Ends with 0 at SIGTERM, with 1 at the first error that the filesystem gives it.
 * @module
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const filesKept = 300;

/** Contents of file number `n`: its size varies from a few bytes to 300 KiB. */
export function contentsOf(n: number): Buffer {
  const block = createHash('sha512').update(String(n)).digest();
  return Buffer.concat(Array.from({ length: 1 + ((n * 7919) % 4800) }, () => block)).subarray(n % 13);
}

/** Compares every file that the journal names with what it must hold; the differences, in words. */
export function differences(folder: string, journal: string): { readonly checked: number; readonly wrong: readonly string[] } {
  const kept = keptIn(journal);
  const wrong: [number, string][] = [];
  for (const n of kept) {
    try {
      if (!readFileSync(join(folder, `f${n}`)).equals(contentsOf(n))) wrong.push([n, `f${n} does not hold what was written`]);
    } catch (error) {
      wrong.push([n, `f${n}: ${(error as Error).message}`]);
    }
  }
  // One that was removed while we looked was struck from the journal before.
  const still = keptIn(journal);
  return { checked: kept.size, wrong: wrong.filter(([n]) => still.has(n)).map(([, what]) => what) };
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
  mkdirSync(folder, { recursive: true });
  const journal = openSync(journalPath, 'a');
  const parent = openSync(folder, 'r');
  let n = 0;
  const step = (): void => {
    n++;
    const file = openSync(join(folder, `t${n}`), 'w');
    const contents = contentsOf(n);
    for (let at = 0; at < contents.length;) at += writeSync(file, contents, at);
    fsyncSync(file);
    closeSync(file);
    renameSync(join(folder, `t${n}`), join(folder, `f${n}`));
    fsyncSync(parent);
    writeSync(journal, `+${n};`);
    if (n > filesKept) {
      writeSync(journal, `-${n - filesKept};`);
      unlinkSync(join(folder, `f${n - filesKept}`));
    }
    setImmediate(step);
  };
  process.on('SIGTERM', () => process.exit(0));
  step();
}

if (process.argv[1] === import.meta.filename) main(process.argv[2] as string, process.argv[3] as string);
