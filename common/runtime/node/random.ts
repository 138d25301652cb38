import { randomBytes, randomFillSync } from 'node:crypto';
import type { Random } from '../random.ts';

const poolBytes = 4096;

/** Cryptographically strong, drawn from a pool. */
export class NodeRandom implements Random {
  readonly #pool = Buffer.alloc(poolBytes);
  #used = poolBytes;

  float(): number {
    return this.#bits53() / 2 ** 53;
  }

  below(limit: number): number {
    return Math.floor(this.float() * limit);
  }

  id(): number {
    return this.#bits53() || 1;
  }

  bytes(length: number): Uint8Array {
    return randomBytes(length);
  }

  #bits53(): number {
    if (this.#used + 8 > poolBytes) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const high = this.#pool.readUInt32LE(this.#used) & 0x1fffff;
    const low = this.#pool.readUInt32LE(this.#used + 4);
    this.#used += 8;
    return high * 2 ** 32 + low;
  }
}
