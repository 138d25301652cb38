/**
 * Namespaces of extended attributes (xattr(7)).
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';

export type XattrNamespace =
  /** Anybody who may write to the file or directory. */
  | 'user'
  /** Root's alone, and hidden from others. */
  | 'trusted'
  /** Written by root. */
  | 'security'
  /** An access control list, which is obeyed. */
  | 'acl'
  /** What the filesystem says of itself: layouts, recursive statistics, quotas. Not listed. */
  | 'virtual';

/** The ACL of an inode, and the one that a directory gives to what is made in it. */
export const AclName = { access: 'system.posix_acl_access', default: 'system.posix_acl_default' } as const;
/** File capabilities: gone with every change of the file's data or owner, as the setuid bit is. */
export const capabilityName = 'security.capability';

/** Of virtual attributes; both mean the same. */
const virtualPrefix = /^(?:nacre|ceph)\./;
const prefixes = ['user', 'trusted', 'security'] as const;

/** The name of a virtual attribute without its prefix. */
export function virtualName(name: string): string {
  return name.replace(virtualPrefix, '');
}

/** Which one `name` is in. FsError EOPNOTSUPP when in none; EINVAL when nothing follows the prefix. */
export function xattrNamespace(name: string): XattrNamespace {
  if (name === AclName.access || name === AclName.default) return 'acl';
  if (virtualPrefix.test(name)) return 'virtual';
  const prefix = prefixes.find((each) => name.startsWith(`${each}.`));
  if (prefix === undefined) throw new FsError('EOPNOTSUPP', `xattrs named ${JSON.stringify(name)} are not kept`);
  if (name.length === prefix.length + 1) throw new FsError('EINVAL', `${name} is no name of an xattr`);
  return prefix;
}
