/**
 * Hash of an object's name, Ceph's rjenkins string hash (Jenkins' lookup2), and the step from it to a PG.
 * @module
 */
import { jenkinsMix } from '../crush/jenkins-mix.ts';

const goldenRatio = 0x9e3779b9 | 0;

/** The words being mixed. Shared: nothing here waits. */
const words = new Int32Array(3);
const [A, B, C] = [0, 1, 2] as const;

/** Unsigned 32-bit hash of a name's UTF-8 bytes. */
export function objectHash(name: string): number {
  for (let i = 0; i < name.length; i++) {
    if (name.charCodeAt(i) > 0x7f) return hashLatin1(Buffer.from(name, 'utf8').toString('latin1'));
  }
  return hashLatin1(name);
}

/** The same of a name given as a byte string: one character for each byte of its UTF-8. */
export function objectHashOfBytes(bytes: string): number {
  return hashLatin1(bytes);
}

/** `x` into `buckets`, so that growing `buckets` by one moves only what moves into the new one. */
export function stableMod(x: number, buckets: number): number {
  const mask = buckets <= 1 ? 0 : 0xffffffff >>> Math.clz32(buckets - 1);
  const low = (x & mask) >>> 0;
  return low < buckets ? low : (x & (mask >>> 1)) >>> 0;
}

/** The hash of text in which each character is one byte. */
function hashLatin1(text: string): number {
  words[A] = goldenRatio;
  words[B] = goldenRatio;
  words[C] = 0;
  let at = 0;
  const { length } = text;
  for (; at + 12 <= length; at += 12) {
    add(A, word(text, at));
    add(B, word(text, at + 4));
    add(C, word(text, at + 8));
    jenkinsMix(words, A, B, C);
  }
  // The last block: the length in c's lowest byte, the bytes that are left around it.
  add(A, word(text, at));
  add(B, word(text, at + 4));
  add(C, length + (word(text, at + 8) << 8));
  jenkinsMix(words, A, B, C);
  return words[C] >>> 0;
}

function add(place: number, value: number): void {
  words[place] = (words[place] as number) + value;
}

/** Four bytes from `at`, little-endian, zeros beyond the end. */
function word(text: string, at: number): number {
  const { length } = text;
  let value = 0;
  for (let i = Math.min(at + 4, length) - 1; i >= at; i--) value = (value << 8) | text.charCodeAt(i);
  return value;
}
