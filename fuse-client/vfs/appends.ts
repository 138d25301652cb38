/**
 * Appends to files that others write to as well. The MDS gives the turn to append to one client at a time; whatever is
 * waiting here when it is asked for goes out in that turn, as one write at the file's end, and returns when the MDS has
 * the new size. So no two records overlap, each is whole, and a client that dies in its turn leaves nothing.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { Cap } from '../../mds/client/index.ts';
import type { AttributeOps } from './attributes.ts';
import type { CapKeeper } from './cap-keeper.ts';
import { itself } from './filesystem.ts';
import { bufferCaps, type Allowance, type Inode } from './inode.ts';
import { Segment } from './segment.ts';
import { once, type Volume } from './volume.ts';

/** Bytes of one turn, if it is more than one record. */
const turnBytesMax = 4 << 20;

interface Record {
  readonly bytes: Uint8Array;
  /** Told where it went. */
  readonly resolve: (offset: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Puts bytes into the cache of a file that is this client's alone. */
export type Buffering = (inode: Inode, offset: number, bytes: Uint8Array) => void;

export class Appends {
  readonly #volume: Volume;
  readonly #keeper: CapKeeper;
  readonly #attributes: AttributeOps;
  readonly #buffer: Buffering;
  readonly #waiting = new Map<Inode, Record[]>();

  constructor(volume: Volume, keeper: CapKeeper, attributes: AttributeOps, buffer: Buffering) {
    this.#volume = volume;
    this.#attributes = attributes;
    this.#keeper = keeper;
    this.#buffer = buffer;
  }

  /** Writes `bytes`, which must not change meanwhile, at the end of the file; resolves with the offset when every host sees them. */
  append(inode: Inode, bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      const record = { bytes, resolve, reject };
      const waiting = this.#waiting.get(inode);
      if (waiting !== undefined) {
        waiting.push(record);
        return;
      }
      this.#waiting.set(inode, [record]);
      this.#volume.env.spawn('append', () => this.#run(inode));
    });
  }

  async #run(inode: Inode): Promise<void> {
    inode.pins++;
    for (;;) {
      const waiting = this.#waiting.get(inode) ?? [];
      const turn = take(waiting);
      if (turn.length === 0) break;
      try {
        await this.#turn(inode, turn);
      } catch (error) {
        for (const { reject } of turn) reject(error);
      }
    }
    this.#waiting.delete(inode);
    inode.pins--;
  }

  /** One turn. What comes after it was asked for may build on what others have done since: it waits for the next. */
  #turn(inode: Inode, records: readonly Record[]): Promise<void> {
    return inode.whileAllowed((allowance) => this.#turnWhile(inode, records, allowance));
  }

  async #turnWhile(inode: Inode, records: readonly Record[], allowance: Allowance): Promise<void> {
    const { env } = this.#volume;
    try {
      await this.#take(inode);
      for (;;) {
        const end = records.reduce((sum, { bytes }) => sum + bytes.length, inode.size);
        // Given back since: what was done to the file meanwhile came with the right to write.
        if (!inode.holds(Cap.fileWrite) || !this.#volume.leased(inode)) await this.#keeper.acquire(inode, Cap.fileWrite);
        else if (end > Math.max(allowance.to, inode.sizeBound)) await this.#attributes.grow(inode, end, allowance);
        else break;
      }
      const offsets = await once(this.#write(inode, records));
      for (const [i, { resolve }] of records.entries()) resolve(offsets[i] as number);
    } catch (error) {
      // Why it could not be written is what its writers are told.
      if (inode.appending)
        await this.#keeper
          .endTurn(inode)
          .catch((err: unknown) => env.log.debug({ ino: inode.ino, err }, 'a turn that came to nothing has not been ended'));
      throw error;
    } finally {
      inode.appending = false;
    }
  }

  async #write(inode: Inode, records: readonly Record[]): Promise<readonly number[]> {
    const offsets = inode.holds(bufferCaps) ? await this.#writeAlone(inode, records) : await this.#writeThrough(inode, records);
    await this.#keeper.endTurn(inode);
    return offsets;
  }

  /** Has the turn, and knows the size at which it begins. */
  async #take(inode: Inode): Promise<void> {
    const { mds, inodes } = this.#volume;
    for (;;) {
      await inode.telling;
      const alone = inode.holds(Cap.fileExclusive);
      const { seq } = inode;
      await mds.ask(inode, (rank) =>
        rank.query('append', itself, { ino: inode.ino }, ({ head }) => {
          inodes.applyAll(head);
          inode.appending = true;
        }),
      );
      // Given back while we asked: the answer may be from before the MDS knew of what had been written here alone.
      if (inode.holds(bufferCaps) || (!alone && inode.seq === seq)) return;
    }
  }

  /** The file is ours alone, or was until it was recalled: all of what is cached goes out in order. */
  async #writeAlone(inode: Inode, records: readonly Record[]): Promise<number[]> {
    const offsets = records.map(({ bytes }) => {
      const offset = inode.size;
      this.#buffer(inode, offset, bytes);
      return offset;
    });
    const { writeBack } = this.#volume;
    await writeBack.flush(this.#volume.data(inode));
    return offsets;
  }

  async #writeThrough(inode: Inode, records: readonly Record[]): Promise<number[]> {
    const volume = this.#volume;
    const data = volume.data(inode);
    const segments: Segment[] = [];
    const from = inode.size;
    let to = from;
    for (const { bytes } of records) {
      const slab = { bytes, used: bytes.length, writable: false, shown: true };
      segments.push(new Segment(to, to + bytes.length, slab, 0, 'writing'));
      to += bytes.length;
    }
    if (!Number.isSafeInteger(to)) throw new FsError('EFBIG', `an append up to ${to}`);
    inode.space.writesThrough(from, from);
    const sent = volume.io.write(data, segments);
    await data.carry(sent.then(() => inode.wroteThrough(from, to, volume.env.clock.nowTimespec())));
    return segments.map(({ start }) => start);
  }
}

/** The first records, as many as go into one turn. */
function take(waiting: Record[]): Record[] {
  let bytes = 0;
  let count = 0;
  for (const record of waiting) {
    bytes += record.bytes.length;
    if (count > 0 && bytes > turnBytesMax) break;
    count++;
  }
  return waiting.splice(0, count);
}
