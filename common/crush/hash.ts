/**
 * Robert Jenkins' 32-bit mix as CRUSH uses it (rjenkins1), of two and three words.
 * Source: burtleburtle.net/bob/hash/evahash.html; seed, padding and word order are CRUSH's.
 * @module
 */

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
  let a = words[first] as number;
  let b = words[second] as number;
  let c = words[Hash] as number;
  a = (a - b - c) ^ (c >>> 13);
  b = (b - c - a) ^ (a << 8);
  c = (c - a - b) ^ (b >>> 13);
  a = (a - b - c) ^ (c >>> 12);
  b = (b - c - a) ^ (a << 16);
  c = (c - a - b) ^ (b >>> 5);
  a = (a - b - c) ^ (c >>> 3);
  b = (b - c - a) ^ (a << 10);
  c = (c - a - b) ^ (b >>> 15);
  words[first] = a;
  words[second] = b;
  words[Hash] = c;
}
