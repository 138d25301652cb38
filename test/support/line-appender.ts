/**
 * A process that appends lines to a file as a service does to its log, through one open descriptor:
 * `node --import=./test/sources.mjs test/support/line-appender.ts FILE WRITER COUNT`. A line names its writer, its number, and is filled up
 * to a length that follows from both.
 * @module
 */
import * as fs from 'node:fs';

export function lineOf(writer: string, number: number): string {
  return `${writer} ${number} ${'.'.repeat((number * 37 + writer.length) % 200)}\n`;
}

const [file, writer, count] = process.argv.slice(2);
if (file !== undefined && writer !== undefined) {
  const descriptor = fs.openSync(file, 'a');
  for (let number = 0; number < Number(count); number += 1) fs.writeSync(descriptor, lineOf(writer, number));
  fs.closeSync(descriptor);
}
