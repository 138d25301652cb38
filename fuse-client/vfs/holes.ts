/**
 * SEEK_DATA and SEEK_HOLE: where a file has data is what the OSDs have stored, in blocks of 4 KiB, and what is cached here
 * and not written yet. All else below the size reads as zeros, and is a hole.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { AttributeOps } from './attributes.ts';
import type { FileData } from './file-data.ts';
import type { Inode } from './inode.ts';
import { joined, wholeBlocks, type Range } from './range.ts';
import type { Volume } from './volume.ts';

/** Objects asked at once: few at first, since what is sought mostly is near. */
const objectsMin = 4;
const objectsMax = 256;

export class Holes {
  readonly #volume: Volume;
  readonly #attributes: AttributeOps;

  constructor(volume: Volume, attributes: AttributeOps) {
    this.#volume = volume;
    this.#attributes = attributes;
  }

  /** The first byte from `offset` on that is data, or that is not; the end of the file counts as a hole. FsError ENXIO. */
  async seek(inode: Inode, offset: number, sought: 'data' | 'hole'): Promise<number> {
    const size = await this.#attributes.sizeForReading(inode);
    if (offset < 0 || offset >= size) throw new FsError('ENXIO', 'beyond the end of the file');
    const data = this.#volume.data(inode);
    // Taken before the OSDs are asked: what is written back meanwhile is in one of the two.
    const unsafe = data.unsafeRanges();
    const { io } = this.#volume;
    let objects = objectsMin;
    let empty = false;
    for (let from = offset; from < size;) {
      // A file may be all hole from there on, over millions of objects.
      const begin: number = empty && io.isWide(data, from, size) ? await io.firstStored(data, from, size) : from;
      const to = begin > from ? begin : Math.min(size, windowEnd(data, from, objects));
      const stored = begin > from ? [] : await io.extents(data, from, to);
      const found = edge(joined([...unsafe, ...stored].map(wholeBlocks)), from, to, sought);
      if (found !== undefined) return found;
      empty = begin === from && stored.length === 0;
      from = to;
      objects = Math.min(objectsMax, objects * 2);
    }
    if (sought === 'hole') return size;
    throw new FsError('ENXIO', 'no data from there to the end of the file');
  }
}

function windowEnd({ layout }: FileData, from: number, objects: number): number {
  const setBytes = layout.objectSize * layout.stripeCount;
  return (Math.floor(from / setBytes) + Math.ceil(objects / layout.stripeCount)) * setBytes;
}

/** Where [from, to) first is in one of `ranges`, or in none. */
function edge(ranges: readonly Range[], from: number, to: number, sought: 'data' | 'hole'): number | undefined {
  let position = from;
  for (const range of ranges) {
    if (range.to <= position) continue;
    if (range.from >= to) break;
    if (sought === 'data') return Math.max(position, range.from);
    if (range.from > position) return position;
    position = range.to;
  }
  return sought === 'hole' && position < to ? position : undefined;
}
