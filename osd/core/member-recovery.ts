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
  /**
   * It has every object but these, each with the entries that its copy will bring. Until `complete`, more may
   * turn out to be missing, and it is sent nothing.
   */
  | { readonly kind: 'log'; readonly missing: Map<string, LogEntry[]>; complete: boolean }
  /** It has the objects up to the cursor, in name order. */
  | { readonly kind: 'backfill' }
  /** It has everything, and gets everything. */
  | { readonly kind: 'caught-up' };

export class MemberRecovery {
  readonly osd: OsdId;
  phase: RecoveryPhase = { kind: 'asking' };
  /** Writes that it was not sent because it was not known yet whether it has their objects. */
  readonly unsent = new Set<LogEntry>();
  /** Backfill: names up to here are done. */
  #cursor: Buffer | undefined;
  /**
   * The mon has been told that it has everything, so that it may become acting at any moment: from here on no
   * write is acknowledged without it, come what may.
   */
  certified = false;
  /** For status. */
  objectsLeft = 1;
  /** It has nothing yet. */
  copiesAll = false;
  #hasRoom = true;

  constructor(osd: OsdId) {
    this.osd = osd;
  }

  /** Whether this write goes to it. If not, it is remembered where the copy of its object must bring it. */
  takes(entry: LogEntry): boolean {
    const { phase } = this;
    if (!this.#hasRoom) return false;
    switch (phase.kind) {
      case 'asking':
        return false;
      case 'log': {
        const entries = phase.missing.get(entry.object);
        if (entries !== undefined) entries.push(entry);
        else if (!phase.complete) this.unsent.add(entry);
        return entries === undefined && phase.complete;
      }
      case 'backfill':
        return this.#cursor !== undefined && compareNames(Buffer.from(entry.object, 'utf8'), this.#cursor) <= 0;
      case 'caught-up':
        return true;
    }
  }

  /**
   * By log: it is known now what it must drop. The copies of those `objects` are missing, and of all that was written
   * meanwhile, which went nowhere (and may have left the log since: there may be many).
   */
  dropsAreKnown(objects: Iterable<string>): void {
    const { phase } = this;
    if (phase.kind !== 'log') return;
    for (const object of objects) if (!phase.missing.has(object)) phase.missing.set(object, []);
    for (const entry of this.unsent) {
      const entries = phase.missing.get(entry.object);
      if (entries === undefined) phase.missing.set(entry.object, [entry]);
      else entries.push(entry);
    }
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

  /** Backfill has reached `object`: it and everything before it is there (or locked and on its way). */
  reach(object: string): void {
    this.#cursor = Buffer.from(object, 'utf8');
  }
}

/** Order of names in the store: by UTF-8 bytes. */
export function compareNames(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}
