/**
 * What the kernel's list of mounts shows as the device of a mount of this client of this cluster, and of no other. So one that lies where
 * it was, of somebody else, is never taken for it.
 */
export function mountSource(name: string, fsid: string): string {
  return `${name}@${fsid}`;
}
