/**
 * How far a member is being brought up to date: which objects it has, so that writes to them go to it too.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import type { OsdId } from '../../common/maps/ids.ts';
import type { LogEntry } from './log-entry.ts';

export type RecoveryPhase =
  /** Its log is being asked for; it is sent nothing. */
  | { readonly kind: 'asking' }
  /** It has every object but the `missing`. Until `complete`, more may turn out to be, and it is sent nothing. */
  | { readonly kind: 'log'; readonly missing: Set<string>; complete: boolean }
  /** As by log for the objects up to the cursor, in name order; of those beyond it has nothing that counts. */
  | { readonly kind: 'backfill'; readonly missing: Set<string>; complete: boolean }
  /** It has everything, and gets everything. */
  | { readonly kind: 'caught-up' };

export class MemberRecovery {
  readonly osd: OsdId;
  phase: RecoveryPhase = { kind: 'asking' };
  /** Objects whose writes it was not sent because it was not known yet whether it has them. */
  readonly unsent = new Set<string>();
  /** Backfill: names up to here are done; `end`: there were none beyond. */
  #cursor: Buffer | 'end' | undefined;
  /** What has been asked to let others go first. */
  yields = false;
  /**
   * The mon has been told that it has everything, so that it may become acting at any moment: from here on no
   * write is acknowledged without it, come what may.
   */
  certified = false;
  /** For status. */
  objectsLeft = 1;
  /** It has nothing yet. */
  copiesAll = false;
  /** Objects that it could not be given: no copy that can be read is at hand. */
  readonly held = new Set<string>();
  #hasRoom = true;

  constructor(osd: OsdId) {
    this.osd = osd;
  }

  /** Whether this write goes to it. If not, the copy of its object will bring it. */
  takes(entry: Pick<LogEntry, 'object'>): boolean {
    const { phase } = this;
    const { object } = entry;
    if (!this.#hasRoom) return false;
    switch (phase.kind) {
      case 'asking':
        return false;
      case 'backfill':
        if (this.#cursor === undefined) return false;
        if (this.#cursor !== 'end' && compareNames(Buffer.from(object, 'utf8'), this.#cursor) > 0) return false;
        return this.#has(phase, object);
      case 'log':
        return this.#has(phase, object);
      case 'caught-up':
        return true;
    }
  }

  #has(phase: { readonly missing: ReadonlySet<string>; readonly complete: boolean }, object: string): boolean {
    if (phase.missing.has(object)) return false;
    if (!phase.complete) this.unsent.add(object);
    return phase.complete;
  }

  /** It is known now what it must drop. The copies of those `objects` are missing, and of all that was written meanwhile, which went nowhere. */
  dropsAreKnown(objects: Iterable<string>): void {
    const { phase } = this;
    if (phase.kind !== 'log' && phase.kind !== 'backfill') return;
    for (const object of objects) phase.missing.add(object);
    for (const object of this.unsent) phase.missing.add(object);
    this.unsent.clear();
    phase.complete = true;
  }

  /** It is full: it is sent no more writes, and this recovery comes to nothing. Not once it is certified. */
  giveUp(): void {
    assert(!this.certified, 'a certified member is given up');
    this.#hasRoom = false;
  }

  /** Throws ENOSPC once it was given up: it must not be told that it has everything. */
  requireRoom(): void {
    if (!this.#hasRoom) throw new FsError('ENOSPC', `osd.${this.osd} is full`, { retry: 'safe' });
  }

  /** Throws EAGAIN when an object was held back: it must not be told that it has everything. */
  requireNothingHeld(): void {
    const [object] = this.held;
    if (object === undefined) return;
    const others = this.held.size === 1 ? '' : ` and ${this.held.size - 1} others`;
    throw new FsError('EAGAIN', `osd.${this.osd} waits for a copy of ${object}${others} that can be read`, { retry: 'safe' });
  }

  /** Backfill has reached `object`: it and everything before it is there (or locked and on its way). */
  reach(object: string): void {
    this.#cursor = Buffer.from(object, 'utf8');
  }

  /** Backfill has found no object beyond: whatever appears there from this turn on goes to the member by itself, while the last ones are copied. */
  reachEnd(): void {
    this.#cursor = 'end';
  }
}

/** Order of names in the store: by UTF-8 bytes. */
export function compareNames(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}
