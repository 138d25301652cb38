/**
 * A walk over bytes that came in pieces, cut wherever the network cut them.
 * @module
 */
import { assert } from '../../../common/errors/assert.ts';
import { blockBytes } from '../transaction-check.ts';
import { crc32c } from './crc.ts';

export class PieceCursor {
  readonly #pieces: readonly Uint8Array[];
  #index = 0;
  /** Within the piece. */
  #offset = 0;

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces;
  }

  /** Views of the next `length` bytes. */
  take(length: number): Uint8Array[] {
    const taken: Uint8Array[] = [];
    for (let left = length; left > 0;) {
      const view = this.#next(left);
      taken.push(view);
      left -= view.length;
    }
    return taken;
  }

  copyTo(target: Uint8Array, at: number, length: number): void {
    for (let done = 0; done < length;) {
      const view = this.#next(length - done);
      target.set(view, at + done);
      done += view.length;
    }
  }

  /** crc32c of the next block. */
  blockCrc(): number {
    let crc = 0;
    for (let left = blockBytes; left > 0;) {
      const view = this.#next(left);
      crc = crc32c(view, crc);
      left -= view.length;
    }
    return crc;
  }

  /** A view of what comes next, not more than `max` bytes of it. */
  #next(max: number): Uint8Array {
    let piece = this.#pieces[this.#index];
    while (piece && this.#offset === piece.length) {
      this.#offset = 0;
      piece = this.#pieces[++this.#index];
    }
    assert(piece, 'there are fewer bytes than were counted');
    const end = Math.min(piece.length, this.#offset + max);
    const view = this.#offset === 0 && end === piece.length ? piece : piece.subarray(this.#offset, end);
    this.#offset = end;
    return view;
  }
}
