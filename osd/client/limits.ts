/**
 * What the OSDs accept. A request beyond a limit is refused whole (EINVAL, E2BIG, EFBIG), nothing changed.
 * @module
 */

/** Bytes unless the name says otherwise. */
export const objectLimits = {
  /** Object name, as UTF-8. */
  nameBytes: 512,
  xattrNameBytes: 255,
  xattrValueBytes: 64 * 1024,
  /** All xattrs of an object, names and values. */
  xattrsBytes: 1024 * 1024,
  omapKeyBytes: 1024,
  omapValueBytes: 1024 * 1024,
  /** Size of an object. */
  objectBytes: 128 * 1024 * 1024,
  /** Operations of one request. */
  operations: 256,
  /** Omap keys and entries of one request, together. */
  omapEntries: 16_384,
  /** Omap and xattr bytes of one request, and of one reply. A range read stops there and says `more`. */
  recordBytes: 3 * 1024 * 1024,
  /** Data of one request. */
  payloadBytes: 32 * 1024 * 1024,
  /** Data of one request in writes of less than `smallWriteBytes` each: they go through the log of every store. */
  smallPayloadBytes: 4 * 1024 * 1024,
  smallWriteBytes: 64 * 1024,
  /** Data of one reply: a longer read is refused. */
  readBytes: 32 * 1024 * 1024,
  /** Of one `extents`; it stops there and says `more`. */
  extents: 4096,
  /** Of one `names`; likewise. */
  names: 4096,
  /** Results that are remembered for a retry of a request that both reads and changes. */
  outcomeBytes: 64 * 1024,
} as const;
