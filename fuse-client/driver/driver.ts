/** How a filesystem gets into a directory tree. */
export interface Driver {
  /** Resolves once the mount answers. Rejects with an FsError whose message is one line for a person. */
  mount(): Promise<void>;
  /** Flushes, then unmounts; a mount in use is detached and ends with its last user. Resolves when nothing is served any more. */
  unmount(): Promise<void>;
  /** Resolves when the mount has ended, whoever ended it, and everything open has been released. */
  readonly ended: Promise<void>;
}
