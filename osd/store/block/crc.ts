/**
 * crc32c, by the processor's instruction.
 * @module
 */
import { crc32c } from '@node-rs/crc32';

export { crc32c };

/** Of the pieces one after another. */
export function crcOfPieces(pieces: readonly Uint8Array[], initial = 0): number {
  let crc = initial;
  for (const piece of pieces) crc = crc32c(piece, crc);
  return crc;
}
