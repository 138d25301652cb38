/**
 * Access control lists as extended attributes (linux/posix_acl_xattr.h).
 * @module
 */

const tags = { userObject: 0x01, user: 0x02, groupObject: 0x04, group: 0x08, mask: 0x10, other: 0x20 } as const;
const noId = 0xffff_ffff;
const version = 2;
const entryBytes = 8;

export interface AclEntry {
  readonly tag: keyof typeof tags;
  readonly permissions: number;
  readonly id?: number;
}

export function encodeAcl(entries: readonly AclEntry[]): Buffer {
  const acl = Buffer.alloc(4 + entries.length * entryBytes);
  acl.writeUInt32LE(version, 0);
  for (const [index, { tag, permissions, id = noId }] of entries.entries()) {
    const at = 4 + index * entryBytes;
    acl.writeUInt16LE(tags[tag], at);
    acl.writeUInt16LE(permissions, at + 2);
    acl.writeUInt32LE(id, at + 4);
  }
  return acl;
}

/** As getfacl(1) writes it, for messages. */
export function printAcl(acl: Uint8Array): string {
  const bytes = Buffer.from(acl.buffer, acl.byteOffset, acl.length);
  if (bytes.length < 4 || (bytes.length - 4) % entryBytes !== 0 || bytes.readUInt32LE(0) !== version)
    return `bytes ${bytes.toString('hex')}`;
  const entries: string[] = [];
  for (let at = 4; at < bytes.length; at += entryBytes) {
    const tag = bytes.readUInt16LE(at);
    const name = Object.entries(tags).find(([, value]) => value === tag)?.[0] ?? `tag${tag}`;
    const id = bytes.readUInt32LE(at + 4);
    entries.push(`${name}${id === noId ? '' : `(${id})`}:${bytes.readUInt16LE(at + 2).toString(8)}`);
  }
  return entries.join(',');
}
