/**
 * The client operations that wait at an OSD, for whatever reason, bounded by their bytes. How many there may be is
 * bounded where they wait.
 * @module
 */
import type { ClientOp } from './client-op.ts';

export class WaitingOps {
  readonly #bytesMax: number;
  readonly #ops = new Set<ClientOp>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False when there is no room for it to wait. One that waits already may go on waiting. */
  hold(op: ClientOp): boolean {
    if (this.#ops.has(op)) return true;
    if (this.#bytes + op.bytes > this.#bytesMax) return false;
    this.#ops.add(op);
    this.#bytes += op.bytes;
    return true;
  }

  /** It waits no longer. Harmless when it did not. */
  release(op: ClientOp): void {
    if (this.#ops.size > 0 && this.#ops.delete(op)) this.#bytes -= op.bytes;
  }
}
