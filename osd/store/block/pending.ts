import type { FsError } from '../../../common/errors/fs-error.ts';
import type { BlockRun } from './allocator.ts';
import type { Generation } from './generation.ts';
import type { EncodedRecord } from './log-record.ts';

/** A transaction that has been accepted and is not durable yet. */
export interface Pending {
  readonly seq: number;
  readonly generation: Generation;
  /** Set when all its steps have been carried out in memory. */
  record: EncodedRecord | undefined;
  /** What must happen before it may be logged: bulk writes made durable, blocks loaded. */
  waits: number;
  /** Blocks that it freed. */
  freed: BlockRun[];
  resolve: () => void;
  reject: (error: FsError) => void;
}
