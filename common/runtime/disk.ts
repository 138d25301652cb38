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

export interface Disk {
  /** Opens for reading and writing. `create` makes it (durably, with its folders) if it is missing, else ENOENT. */
  open(path: string, options: { readonly create: boolean }): Promise<DiskFile>;
  /** Bytes free to us and in total, on the volume that holds `path`. */
  usage(path: string): Promise<{ readonly totalBytes: number; readonly freeBytes: number }>;
  remove(path: string): Promise<void>;
}
