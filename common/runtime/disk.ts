/**
 * Files as the stores need them. Production: node:fs off the main loop; simulation: memory with faults
 * (lost unsynced writes, torn writes, bit rot, EIO, ENOSPC, slowness).
 * @module
 */

export interface DiskFile {
  readonly sizeBytes: number;
  /** Reads up to `length` bytes at `offset` (short only at the end of the file). */
  read(offset: number, length: number): Promise<Buffer>;
  /** Writes the buffers one after another at `offset`. Durable only after `sync`. */
  write(offset: number, data: readonly Uint8Array[]): Promise<void>;
  /** Everything written before the call is durable when it resolves (fdatasync). */
  sync(): Promise<void>;
  /** Sets the size; growth reads as zeros. */
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

export interface OpenFileOptions {
  /** Makes it (durably, with its folders) if it is missing, else ENOENT. */
  readonly create: boolean;
  /** Every write is durable when it resolves, as if `sync` followed, in one step. */
  readonly durable?: boolean;
  /** Large writes in whole blocks of 4 KiB need not stay in the operating system's cache. A hint. */
  readonly uncached?: boolean;
}

export interface Disk {
  /** Opens for reading and writing. */
  open(path: string, options: OpenFileOptions): Promise<DiskFile>;
  /** Bytes free to us and in total, on the volume that holds `path`. */
  usage(path: string): Promise<{ readonly totalBytes: number; readonly freeBytes: number }>;
  remove(path: string): Promise<void>;
}
