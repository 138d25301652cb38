/**
 * An object that comes here from another OSD, in pieces.
 *
 * One that is a single piece waits in memory for the transaction that puts it in place. Of a larger one each piece is
 * stored as it comes, on the collection's shelf (store/shelf.ts), so that neither memory nor a transaction ever holds
 * more than a piece; and nobody sees anything of it before all is there, not even after a crash.
 * @module
 */
import type { ObjectPiece } from '../../common/wire/gen/messages.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import type { Mutation } from '../store/object-store.ts';
import { mutationsOf } from './object-piece.ts';

export class ObjectArrival {
  readonly object: string;
  readonly #ctx: OsdContext;
  readonly #pg: Pg;
  readonly #forget: () => void;
  /** Of the only piece. */
  #direct: readonly Mutation[] | undefined;
  #shelved = false;
  #complete = false;
  #ended = false;

  /** Ends with the PG's interval: what it has stored by then is removed. */
  constructor(ctx: OsdContext, pg: Pg, object: string) {
    this.object = object;
    this.#ctx = ctx;
    this.#pg = pg;
    this.#forget = pg.onIntervalEnd(() => this.discard());
  }

  /** Everything is here. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Finished or discarded. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Takes the next piece. Resolves when it is durable, or waits in memory as the only one. Rejects with ENOSPC and what the store says. */
  async add(piece: ObjectPiece, payload: readonly Buffer[]): Promise<void> {
    const { object } = this;
    if (this.#complete || this.#ended) throw new FsError('ESTALE', `${object}: a piece of a copy that has ended`, { retry: 'safe' });
    this.#complete = !piece.exists || piece.next === null;
    const begins = !this.#shelved;
    if (this.#complete && begins) {
      this.#direct = [{ kind: 'remove', pg: this.#pg.id, object }, ...mutationsOf({ pg: this.#pg.id, object }, piece, payload)];
      return;
    }
    const target = { pg: this.#pg.id, object, shelf: true } as const;
    const mutations = mutationsOf(target, piece, payload);
    this.#shelved = true;
    // Something may be there that a copy left which was interrupted.
    await this.#ctx.store.commit(begins ? [{ kind: 'remove', ...target }, ...mutations] : mutations);
  }

  /** The changes that put it in place, for the caller to commit with what belongs to it. */
  finish(): readonly Mutation[] {
    this.#end();
    return this.#direct ?? [{ kind: 'unshelve', pg: this.#pg.id, object: this.object }];
  }

  /** It will not be finished: nothing of it stays. */
  discard(): void {
    if (this.#ended) return;
    this.#end();
    // A daemon that stops leaves it to its next start.
    if (!this.#shelved || this.#ctx.stopping.aborted) return;
    this.#ctx.store
      .commit([{ kind: 'remove', pg: this.#pg.id, object: this.object, shelf: true }])
      .catch((error: unknown) => this.#ctx.fatal('the store could not remove an interrupted copy', error));
  }

  #end(): void {
    this.#ended = true;
    this.#forget();
  }
}
