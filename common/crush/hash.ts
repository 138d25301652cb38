/**
 * Hashes of two and three words by {@link jenkinsMix} as CRUSH uses it (rjenkins1); seed, padding and word order are
 * CRUSH's.
 * @module
 */
import { jenkinsMix } from './jenkins-mix.ts';

const seed = 1315423911;
const padX = 231232;
const padY = 1232;

/** The words being mixed: a, b, c, hash, x, y. Shared: nothing here waits. */
const words = new Int32Array(6);
const [A, B, C, Hash, X, Y] = [0, 1, 2, 3, 4, 5] as const;

/** Hash of two 32-bit words, unsigned. */
export function crushHash2(a: number, b: number): number {
  begin(a, b, 0);
  mix(A, B);
  mix(X, A);
  mix(B, Y);
  return end();
}

/** Hash of three 32-bit words, unsigned. */
export function crushHash3(a: number, b: number, c: number): number {
  begin(a, b, c);
  mix(A, B);
  mix(C, X);
  mix(Y, A);
  mix(B, X);
  mix(Y, C);
  return end();
}

function begin(a: number, b: number, c: number): void {
  words[A] = a;
  words[B] = b;
  words[C] = c;
  words[Hash] = seed ^ a ^ b ^ c;
  words[X] = padX;
  words[Y] = padY;
}

function end(): number {
  return (words[Hash] as number) >>> 0;
}

/** One round over two of the words and the hash. */
function mix(first: number, second: number): void {
  jenkinsMix(words, first, second, Hash);
}
