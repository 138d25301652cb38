/**
 * Applies the log's records to the state at start.
 *
 * Small writes found there are put together as dirty blocks again. What such a block was changed upon may
 * already have the changes, all or in part, because the last life may have died while it wrote them to their
 * place; so it is not checked, but the result is, against the crc that the last change recorded.
 * @module
 */
import { damagedEncoding } from './byte-codec.ts';
import { blockBytes } from '../transaction-check.ts';
import type { BlockFile } from './block-file.ts';
import { crc32c } from './crc.ts';
import type { DirtyBlock } from './dirty-blocks.ts';
import type { EffectHandler, HeadFields } from './effects.ts';
import { type Onode, shardBlocks } from './onode.ts';
import type { PgId } from '../../../common/maps/ids.ts';
import { textOfKey } from '../sorted-map.ts';
import type { StoreState } from './state.ts';

export class Replay implements EffectHandler {
  readonly #state: StoreState;
  readonly #file: BlockFile;
  readonly #loads: Promise<void>[] = [];
  #cid = 0;
  #name = '';
  #onode: Onode | undefined;
  /** Of the object released last: it goes on, as another's. */
  #releasedOmapId = 0;

  constructor(state: StoreState, file: BlockFile) {
    this.#state = state;
    this.#file = file;
  }

  /** Resolves when all blocks are whole; returns those that turned out damaged. */
  async finish(): Promise<number[]> {
    await Promise.all(this.#loads);
    const damaged: number[] = [];
    for (const block of this.#state.active.blocks.values()) {
      if (block.expectedCrc === undefined || crc32c(block.bytes) === block.expectedCrc) continue;
      block.damaged = true;
      damaged.push(block.start);
    }
    return damaged;
  }

  daemonMeta(key: string, value: Buffer | null): void {
    this.#state.setDaemonMeta(key, value && Buffer.from(value));
  }

  addCollection(cid: number, pg: string): void {
    this.#state.addCollection(cid, pg as PgId);
  }

  shareObjects(cid: number, objectsCid: number, pgNum: number): void {
    this.#state.shareObjects(cid, objectsCid, pgNum);
  }

  dropCollection(cid: number): void {
    this.#state.dropCollection(cid);
  }

  purgeDone(cid: number): void {
    this.#state.purgeDone(cid);
  }

  meta(cid: number, key: string, value: Buffer | null): void {
    this.#state.setMeta(cid, key, value && Buffer.from(value));
  }

  select(cid: number, name: string): void {
    this.#cid = cid;
    this.#name = name;
    this.#onode = this.#state.own(cid, name);
  }

  damaged(): void {
    this.#onode = this.#state.markDamaged(this.#cid, this.#name);
  }

  head(fields: HeadFields): void {
    if (this.#onode?.damaged === true) return;
    // The database may have a later life of the name already: then this one starts over.
    if (this.#onode && this.#onode.nid !== fields.nid) this.#state.remove(this.#onode);
    if (this.#onode?.nid !== fields.nid) this.#onode = this.#state.create(this.#cid, this.#name, fields.nid);
    // Entries of an earlier omap may have been put into this one, when the database had the object with it already.
    if (fields.omapId !== this.#onode.omapId && fields.omapId !== this.#releasedOmapId) this.#state.beginOmap(fields.omapId);
    this.#state.setHead(this.#onode, fields);
  }

  remove(): void {
    // Gone from the database already when the last life died while it wrote this there.
    this.#readable(0, Infinity, (onode) => this.#state.remove(onode));
    // Its block map could not be read: it goes as the damaged object that it is.
    if (this.#onode?.damaged === true) this.#state.remove(this.#onode);
    this.#onode = undefined;
  }

  release(): void {
    this.#releasedOmapId = this.#onode?.omapId ?? 0;
    if (this.#onode) this.#state.release(this.#onode);
    this.#onode = undefined;
  }

  adopt(block: number, start: number, crcs: readonly number[]): void {
    const onode = this.#onode;
    if (onode?.damaged === false) crcs.forEach((crc, i) => this.#state.setBlock(onode, block + i, start + i, crc));
  }

  /** Does something with blocks [from, to) of the object selected, unless it is damaged or found to be. */
  #readable(from: number, to: number, work: (onode: Onode) => void): void {
    const onode = this.#onode;
    if (!onode || onode.damaged) return;
    this.#state.loadShards(onode, Math.floor(from / shardBlocks), Math.floor(to / shardBlocks));
    const now = this.#state.own(this.#cid, this.#name);
    this.#onode = now;
    if (now && !now.damaged) work(now);
  }

  xattr(name: string, value: Buffer | null): void {
    if (this.#onode?.damaged === false) this.#state.setXattr(this.#onode, textOfKey(name), value && Buffer.from(value));
  }

  map(block: number, start: number, crcs: readonly number[]): void {
    this.#readable(block, block + crcs.length, (onode) => {
      for (let i = 0; i < crcs.length; i++) {
        this.#state.active.blocks.drop(start + i);
        this.#state.setBlock(onode, block + i, start + i, crcs[i] as number);
      }
    });
  }

  unmap(block: number, count: number): void {
    this.#readable(block, block + count, (onode) => this.#state.unmap(onode, block, count));
  }

  patch(block: number, start: number, fresh: boolean, offset: number, crc: number, bytes: Buffer): void {
    if (offset + bytes.length > blockBytes) throw damagedEncoding('a patch leaves its block');
    this.#readable(block, block + 1, (onode) => this.#patch(onode, block, start, fresh, offset, crc, bytes));
  }

  #patch(onode: Onode, block: number, start: number, fresh: boolean, offset: number, crc: number, bytes: Buffer): void {
    const whole = bytes.length === blockBytes;
    const dirty = this.#open(start, fresh, whole);
    dirty.expectedCrc = crc;
    this.#state.setBlock(onode, block, start, crc);
    const copy = dirty.loading ? Buffer.from(bytes) : bytes;
    dirty.whenReady(() => {
      dirty.bytes.set(copy, offset);
    });
  }

  omap(key: string, value: Buffer | null): void {
    const omapId = this.#onode?.omapId ?? 0;
    if (omapId !== 0) this.#state.setOmap(omapId, key, value && Buffer.from(value));
  }

  #open(start: number, fresh: boolean, whole: boolean): DirtyBlock {
    const { blocks } = this.#state.active;
    const own = blocks.get(start);
    if (own && !fresh) return own;
    const block = blocks.add(start);
    if (fresh) {
      block.bytes.fill(0);
    } else if (!whole) {
      block.beginLoading();
      this.#loads.push(this.#load(block));
    }
    return block;
  }

  async #load(block: DirtyBlock): Promise<void> {
    try {
      const bytes = await this.#file.read(block.start, 1);
      bytes.copy(block.bytes);
    } catch {
      // Then the crc at the end will not match.
      block.bytes.fill(0);
    }
    block.loaded();
  }
}
