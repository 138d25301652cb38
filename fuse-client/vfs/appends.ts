/**
 * Appends to files that others write to as well. Whatever is waiting here goes to the MDS, which stores it at the file's end together with
 * what others have sent. For more than it takes, and where a file's size is for clients to decide, it gives the turn to append to one client at a
 * time: what is waiting then goes out as one write at the file's end, and returns when the MDS has the new size. So no two records overlap,
 * each is whole, and a client that dies leaves nothing that it was not answered.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { AppendedRecord } from '../../common/wire/gen/messages.ts';
import { appendBytesMax, Cap } from '../../mds/client/index.ts';
import type { Allowance } from './allowances.ts';
import type { AttributeOps } from './attributes.ts';
import type { CapKeeper } from './cap-keeper.ts';
import { itself } from './filesystem.ts';
import { bufferCaps, type Inode } from './inode.ts';
import { Segment } from './segment.ts';
import { once, type Volume } from './volume.ts';

/** Bytes of one turn, if it is more than one record. */
const turnBytesMax = 4 << 20;
const noBytes = new Uint8Array(0);
const noRecords: readonly AppendedRecord[] = [];

interface Record {
  readonly bytes: Uint8Array;
  /** Told where it went, if that is known. */
  readonly resolve: (offset: number | undefined) => void;
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

  /** Writes `bytes`, which must not change meanwhile, at the end of the file; resolves with the offset, if that is known, when every host sees them. */
  append(inode: Inode, bytes: Uint8Array): Promise<number | undefined> {
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
      const carried = this.#isCarried(inode) ? take(waiting, appendBytesMax) : [];
      const records = carried.length > 0 ? carried : take(waiting, turnBytesMax);
      if (records.length === 0) break;
      try {
        if (carried.length === 0 || !(await this.#carry(inode, records))) await this.#turn(inode, records);
      } catch (error) {
        for (const { reject } of records) reject(error);
      }
    }
    this.#waiting.delete(inode);
    inode.pins--;
  }

  /** Whether the MDS may store what is appended to it. */
  #isCarried(inode: Inode): boolean {
    return !inode.holds(bufferCaps) && inode.sizeLimit === 0 && this.#volume.layout(inode).stripeCount === 1;
  }

  /** Has the MDS store them. False: it does not. */
  async #carry(inode: Inode, records: readonly Record[]): Promise<boolean> {
    const { mds, inodes } = this.#volume;
    while (inode.telling !== undefined || inode.cutting !== undefined || !inode.holds(Cap.fileWrite) || !this.#volume.leased(inode))
      await (inode.telling ?? inode.cutting ?? this.#keeper.acquire(inode, Cap.fileWrite));
    if (!this.#isCarried(inode)) return false;
    const message = { ino: inode.ino, data: joined(records), end: 0, beneath: noRecords };
    let reply = { end: 0, byTurn: true };
    const answered = mds.ask(inode, (rank) =>
      rank.change('append', itself, message, ({ head, end, byTurn, beneath }, change) => {
        reply = { end, byTurn };
        inodes.applyAll(head);
        inode.changedBy(change);
        // Should it be sent again: its bytes are stored.
        message.data = noBytes;
        message.end = end;
        message.beneath = beneath;
      }),
    );
    inode.carrying = answered.then(nothing, nothing);
    try {
      // A recall does not wait for it: it may wait for the recall.
      await answered;
    } finally {
      inode.carrying = undefined;
    }
    if (reply.byTurn) return false;
    let offset = reply.end;
    for (const { bytes } of records) offset -= bytes.length;
    for (const { bytes, resolve } of records) {
      resolve(reply.end === 0 ? undefined : offset);
      offset += bytes.length;
    }
    return true;
  }

  /** One turn. What comes after it was asked for may build on what others have done since: it waits for the next. */
  #turn(inode: Inode, records: readonly Record[]): Promise<void> {
    return inode.allowances.during((allowance) => this.#turnWhile(inode, records, allowance));
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
      for (const [i, { resolve }] of records.entries()) resolve(offsets[i]);
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

/** The first records, as many as go together; none if the first alone is too large to be carried. */
function take(waiting: Record[], bytesMax: number): Record[] {
  let bytes = 0;
  let count = 0;
  for (const record of waiting) {
    bytes += record.bytes.length;
    if (bytes > bytesMax && (count > 0 || bytesMax < turnBytesMax)) break;
    count++;
  }
  return waiting.splice(0, count);
}

function joined(records: readonly Record[]): Uint8Array {
  return records.length === 1 ? (records[0] as Record).bytes : Buffer.concat(records.map(({ bytes }) => bytes));
}

function nothing(): void {
  // How it was answered its writers are told.
}
