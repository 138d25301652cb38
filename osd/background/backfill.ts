/**
 * Backfill: all objects of a PG, ours and the member's, compared in name order; what differs is copied, several at a
 * time. The member stores how far it has come, so that a backfill that was interrupted goes on from there.
 *
 *     done, stored ──────▶ cursor of the member ── on their way ──▶ cursor of its recovery ── not looked at yet ──▶
 *                          (it has all there, and log entries)       (writes of all there go to it too)
 * @module
 */
import { PgResetRequestPhase } from '../../common/wire/gen/messages.ts';
import type { Version } from '../client/object-client.ts';
import { compareNames } from '../core/member-recovery.ts';
import { sameVersion } from '../core/version.ts';
import { encodedBatches, idOf, resetMember, trimOf } from './ask-member.ts';
import { mayGoOn, type Catching } from './catching.ts';
import { copyObject } from './copy-object.ts';
import { unblocked, unlockObject } from './object-lock.ts';

/** The member stores its cursor after so many objects looked at, or copied. */
const comparedPerMark = 1_000;
const copiedPerMark = 64;

const nothing = { add: [], kept: [], drop: [] } as const;

interface Listed {
  readonly name: string;
  readonly version: Version | null;
}

export class Backfill {
  readonly #catching: Catching;
  readonly #theirs: TheirObjects;
  /** Looked at up to here. */
  #cursor: string;
  /** Looked at since the last mark, in order; those being copied are not done yet. */
  #passed: { readonly name: string; done: boolean }[] = [];
  #copiedSinceMark = 0;
  #copied = 0;
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** From the object after `cursor` on. */
  constructor(catching: Catching, cursor: string) {
    this.#catching = catching;
    this.#cursor = cursor;
    this.#theirs = new TheirObjects(catching);
  }

  /** Resolves when the member has everything. */
  async run(): Promise<void> {
    const { ctx, pg, member, recovery } = this.#catching;
    const from = this.#cursor;
    ctx.env.log.info({ pg: pg.id, osd: member.osd, from }, 'backfill begins');
    recovery.objectsLeft = Math.max(1, pg.objects - (from === '' ? 0 : this.#countTo(from)));
    try {
      while (await this.#step()) await this.#mark();
    } catch (error) {
      this.#failure ??= { error };
    }
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    if (this.#failure !== undefined) throw this.#failure.error;
    recovery.requireRoom();
    recovery.requireNothingHeld();
    await this.#finish();
    ctx.env.log.info({ pg: pg.id, osd: member.osd, from, copied: this.#copied }, 'backfill done');
  }

  /** Looks at the next object. False at the end. */
  async #step(): Promise<boolean> {
    const { ctx, pg, run, recovery } = this.#catching;
    await mayGoOn(this.#catching);
    while (this.#underWay.size >= ctx.config.recoveryObjectsMax) await Promise.race(this.#underWay);
    if (this.#failure !== undefined) throw this.#failure.error;
    const their = await this.#theirs.after(this.#cursor);
    run.check();
    // Ours is looked up in the turn in which the cursor moves: what appears before it later goes to the member by itself.
    const our = ctx.store.objects(pg.id, this.#cursor, 1)[0];
    const name = firstOf(our?.name, their?.name);
    if (name === undefined) {
      recovery.reachEnd();
      return false;
    }
    const same = our?.name === name && their?.name === name && their.version !== null && sameVersion(our.stat.version, their.version);
    const copies = !same || pg.window.newestOf(name) !== undefined;
    const isHeld = copies && pg.isBlocked(name) && pg.unfound.has(name);
    if (isHeld) recovery.held.add(name);
    else if (copies && pg.isBlocked(name)) {
      // Objects may appear before it while we wait: looked up again afterwards.
      await unblocked(pg, run, name);
      return true;
    }
    const passed = { name, done: !copies };
    if (copies && !isHeld) pg.block(name, true);
    recovery.reach(name);
    this.#cursor = name;
    this.#passed.push(passed);
    recovery.objectsLeft = Math.max(1, recovery.objectsLeft - 1);
    if (copies && !isHeld) this.#begin(passed);
    return true;
  }

  #begin(passed: { readonly name: string; done: boolean }): void {
    const { ctx, pg, run, member, recovery } = this.#catching;
    const copy = copyObject(ctx, pg, run, member, passed.name, nothing)
      .then(
        (copied) => {
          if (copied !== 'copied') {
            // The mark stays before it: the next attempt begins there.
            recovery.held.add(passed.name);
            return;
          }
          passed.done = true;
          this.#copied++;
          this.#copiedSinceMark++;
        },
        (error: unknown) => void (this.#failure ??= { error }),
      )
      .finally(() => {
        unlockObject(ctx, pg, run, passed.name);
        this.#underWay.delete(copy);
      });
    this.#underWay.add(copy);
  }

  /** Now and then: has the member store up to where it has everything, with the log entries about that. */
  async #mark(): Promise<void> {
    if (this.#copiedSinceMark < copiedPerMark && this.#passed.length < comparedPerMark) return;
    const { pg, run, member } = this.#catching;
    let count = this.#passed.findIndex(({ done }) => !done);
    if (count < 0) count = this.#passed.length;
    const cursor = this.#passed[count - 1]?.name;
    if (cursor === undefined) return;
    const names = new Set(this.#passed.splice(0, count).map(({ name }) => name));
    this.#copiedSinceMark = 0;
    // As of this turn: later writes of these objects go to the member with their entries.
    const completeTo = pg.stable;
    const entries = [...pg.log.after(-1)].filter(({ object }) => names.has(object));
    for (const batch of encodedBatches(entries)) await resetMember(pg, run, member, PgResetRequestPhase.ADD_ENTRIES, { entries: batch });
    await resetMember(pg, run, member, PgResetRequestPhase.BACKFILL_PROGRESS, { cursor, completeTo });
  }

  async #finish(): Promise<void> {
    const { pg, run, member, recovery } = this.#catching;
    // From this turn on it gets every write; the log that it is given holds all before.
    recovery.phase = { kind: 'caught-up' };
    const { head } = pg;
    const { past } = pg.info;
    const trim = trimOf(pg);
    const kept = encodedBatches(pg.log.kept);
    const log = encodedBatches(pg.log.after(-1));
    for (const entries of log) await resetMember(pg, run, member, PgResetRequestPhase.ADD_ENTRIES, { entries });
    for (const batch of kept) await resetMember(pg, run, member, PgResetRequestPhase.ADD_ENTRIES, { kept: batch });
    await resetMember(pg, run, member, PgResetRequestPhase.FINISH_BACKFILL, { completeTo: head, past, ...trim });
  }

  /** How many of our objects are not after `name`. */
  #countTo(name: string): number {
    const { ctx, pg } = this.#catching;
    let count = 0;
    for (let after = ''; ;) {
      const page = ctx.store.objects(pg.id, after, 1_000);
      for (const { name: next } of page) {
        if (compareText(next, name) > 0) return count;
        count++;
      }
      const last = page[page.length - 1];
      if (page.length < 1_000 || last === undefined) return count;
      after = last.name;
    }
  }
}

/** The member's object list, fetched a page at a time. Only our pushes change it. */
class TheirObjects {
  readonly #catching: Catching;
  #page: readonly Listed[] = [];
  #at = 0;
  #end = false;

  constructor(catching: Catching) {
    this.#catching = catching;
  }

  /** The first object after `name`; those before it are not asked for again. */
  async after(name: string): Promise<Listed | undefined> {
    const { pg, run, member } = this.#catching;
    while (true) {
      while (this.#at < this.#page.length) {
        const entry = this.#page[this.#at] as Listed;
        if (name === '' || compareText(entry.name, name) > 0) return entry;
        this.#at++;
      }
      if (this.#end) return undefined;
      const after = this.#page[this.#page.length - 1]?.name ?? name;
      const { message } = await member.session.request('pgList', { ...idOf(pg, run), after, maxEntries: 0 }, run.options());
      this.#page = message.objects;
      this.#at = 0;
      this.#end = message.end || message.objects.length === 0;
    }
  }
}

function firstOf(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareText(a, b) <= 0 ? a : b;
}

function compareText(a: string, b: string): number {
  return compareNames(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
