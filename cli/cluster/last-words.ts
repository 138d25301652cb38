/**
 * Why a daemon ended, from what it wrote last.
 * @module
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** So much of a log's end is searched. */
const searchedBytesMax = 64 * 1024;

/** The reason that a daemon gave for ending, in what was added to its log since `start`; undefined if it gave none. */
export function lastWords(logPath: string, start: number): string | undefined {
  const lines = endOf(logPath, start)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const said = lines.findLast((line) => line.startsWith('nacre: '));
  if (said !== undefined) return said.slice('nacre: '.length);
  const logged = lines.findLast((line) => line.startsWith('{"level":"error"'));
  if (logged !== undefined) return fromEntry(logged);
  return lines.findLast((line) => /^\w*Error\b.*: /.test(line));
}

function endOf(logPath: string, start: number): string {
  const file = openSync(logPath, 'r');
  try {
    const { size } = fstatSync(file);
    const from = Math.max(start, size - searchedBytesMax);
    const bytes = Buffer.alloc(Math.max(0, size - from));
    readSync(file, bytes, 0, bytes.length, from);
    return bytes.toString('utf8');
  } finally {
    closeSync(file);
  }
}

function fromEntry(line: string): string {
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return [msg, err?.message].filter((text) => text !== undefined).join(': ');
  } catch {
    // Cut off in the middle of a write.
    return line;
  }
}
