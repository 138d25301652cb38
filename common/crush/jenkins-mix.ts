/**
 * Robert Jenkins' reversible mix of three 32-bit words, on which the hashes of CRUSH and of object names are built.
 * Source: burtleburtle.net/bob/hash/evahash.html.
 * @module
 */

/** Mixes the words at places `first`, `second` and `third` into each other. */
export function jenkinsMix(words: Int32Array, first: number, second: number, third: number): void {
  let a = words[first] as number;
  let b = words[second] as number;
  let c = words[third] as number;
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
  words[third] = c;
}
