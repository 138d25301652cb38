/**
 * Fixed-point logarithm of CRUSH's straw2: `2^44 * log2(x + 1)` for 16-bit x, bit for bit what Ceph computes.
 *
 * x + 1 is scaled to 1.15 fixed point; its upper 8 bits pick 1/m and log2(m) from one table, and what remains
 * after multiplying by 1/m (just above 1) picks its logarithm from another. The second table, as Ceph published
 * it, is not the logarithm it was meant to be: most of its entries are too large by one constant, some by other
 * amounts. Placement depends on them, so they are kept (`lowErrors`); the unit test compares the whole tables.
 * @module
 */

/** 2^48 / (1 + k/128), rounded up, for k = 0..128. */
const reciprocals = new Float64Array(129);
/** 2^48 * log2(1 + k/128), rounded down; the last entry is Ceph's, 2^32 short of it. */
const highLogs = new Float64Array(129);
/** 2^48 * log2(1 + k/32768), rounded down, plus its error, for k = 0..255. */
const lowLogs = new Float64Array(256);

/** The error of every entry of `lowLogs` from 2 on that is not listed. */
const usualLowError = 5493489664;
const lowErrors: Readonly<Record<number, number>> = {
  0: 0,
  1: 0,
  56: 5349423536,
  127: 978272901,
  134: 3588789669,
  181: 4007963589,
  184: 5423282367,
  188: 2201924427,
  193: 3829329171,
  198: 2511158322,
  199: 2670353280,
  200: 3807665765,
  203: 0,
  207: 5045407031,
  210: 4635559696,
  212: 3670382108,
  216: 0,
  222: 0,
  225: 3209098745,
  227: 1514328394,
  228: 2662093655,
  229: 561838844,
  231: 3537203772,
  233: 0,
  235: 4861921003,
  236: 5281046906,
  237: 0,
  238: 0,
  239: 0,
  240: 2650193885,
  241: 4203558265,
  243: 0,
  244: 0,
  245: 0,
  246: 0,
  247: 362109528,
  248: 0,
  249: 0,
  250: 0,
  251: 0,
  252: 0,
  253: 0,
  254: 0,
  255: 0,
};

for (let k = 0; k <= 128; k++) {
  reciprocals[k] = Number((2n ** 55n + BigInt(127 + k)) / BigInt(128 + k));
  highLogs[k] = k === 128 ? 2 ** 48 - 2 ** 32 : Math.floor(2 ** 48 * Math.log2(1 + k / 128));
}
for (let k = 0; k < 256; k++) {
  lowLogs[k] = Math.floor(2 ** 48 * Math.LOG2E * Math.log1p(k / 32768)) + (lowErrors[k] ?? usualLowError);
}

/** The tables, for the test that compares them with Ceph's. */
export const lnTables: { readonly reciprocals: Float64Array; readonly highLogs: Float64Array; readonly lowLogs: Float64Array } = {
  reciprocals,
  highLogs,
  lowLogs,
};

/** 2^44 * log2(value + 1), for `value` in 0..0xffff. */
export function crushLn(value: number): number {
  let x = value + 1;
  let exponent = 15;
  if ((x & 0x18000) === 0) {
    const shift = Math.clz32(x & 0x1ffff) - 16;
    x <<= shift;
    exponent = 15 - shift;
  }
  const index = (x >>> 8) - 128;
  // (x * reciprocal) >> 48, low byte, without leaving 53 bits: the reciprocal is taken in halves of 24 bits.
  const reciprocal = reciprocals[index] as number;
  const upper = Math.floor(reciprocal / 0x1000000);
  const lower = reciprocal - upper * 0x1000000;
  const rest = Math.floor((x * upper + Math.floor((x * lower) / 0x1000000)) / 0x1000000) & 0xff;
  return exponent * 2 ** 44 + Math.floor(((highLogs[index] as number) + (lowLogs[rest] as number)) / 16);
}
