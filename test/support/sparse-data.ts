import { FsError } from '../../common/errors/fs-error.ts';

const chunkBytes = 64 * 1024;
const zeros = new Uint8Array(chunkBytes);
const seekHole = 4;

/** The contents of a file: chunks that were written, holes that read as zeros. */
export class SparseData {
  size = 0;
  readonly #chunks = new Map<number, Uint8Array>();

  get allocatedBytes(): number {
    return this.#chunks.size * chunkBytes;
  }

  /** Copies nothing; what is written later shows in the pieces. */
  read(offset: number, length: number): readonly Uint8Array[] {
    const pieces: Uint8Array[] = [];
    const end = Math.min(offset + length, this.size);
    for (let at = offset; at < end;) {
      const within = at % chunkBytes;
      const take = Math.min(chunkBytes - within, end - at);
      pieces.push((this.#chunks.get((at - within) / chunkBytes) ?? zeros).subarray(within, within + take));
      at += take;
    }
    return pieces;
  }

  write(offset: number, data: Uint8Array): void {
    for (let done = 0; done < data.length;) {
      const at = offset + done;
      const within = at % chunkBytes;
      const take = Math.min(chunkBytes - within, data.length - done);
      this.#chunk((at - within) / chunkBytes).set(data.subarray(done, done + take), within);
      done += take;
    }
    this.size = Math.max(this.size, offset + data.length);
  }

  truncate(size: number): void {
    if (size < this.size) this.zero(size, this.size - size);
    this.size = size;
  }

  /** Zeros a range without changing the size; whole chunks become holes. */
  zero(offset: number, length: number): void {
    const end = offset + length;
    for (const [index, chunk] of this.#chunks) {
      const start = index * chunkBytes;
      if (start >= end || start + chunkBytes <= offset) continue;
      if (start >= offset && start + chunkBytes <= end) this.#chunks.delete(index);
      else chunk.fill(0, Math.max(0, offset - start), Math.min(chunkBytes, end - start));
    }
  }

  /** SEEK_DATA (3) and SEEK_HOLE (4), by chunks. */
  seek(offset: number, whence: number): number {
    if (offset >= this.size) throw new FsError('ENXIO', 'beyond the end of the file');
    const wantHole = whence === seekHole;
    for (let at = offset; at < this.size; at = (Math.floor(at / chunkBytes) + 1) * chunkBytes) {
      if (this.#chunks.has(Math.floor(at / chunkBytes)) !== wantHole) return at;
    }
    if (wantHole) return this.size;
    throw new FsError('ENXIO', 'no data beyond this offset');
  }

  #chunk(index: number): Uint8Array {
    let chunk = this.#chunks.get(index);
    if (!chunk) this.#chunks.set(index, (chunk = new Uint8Array(chunkBytes)));
    return chunk;
  }
}
