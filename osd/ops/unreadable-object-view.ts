import { FsError } from '../../common/errors/fs-error.ts';
import type { StoredObject } from '../core/object-view.ts';
import { zeroVersion } from '../core/version.ts';

function unreadable(): never {
  throw new FsError('EIO', 'no copy of the object can be read');
}

/** An object of which no copy can be read: it is there, and can be removed. */
export const unreadableObject: StoredObject = {
  stat: () => ({ size: 0, version: zeroVersion, mtimeMs: 0 }),
  extents: unreadable,
  xattr: unreadable,
  xattrs: unreadable,
  omapGet: unreadable,
  omapRange: unreadable,
  names: unreadable,
};
