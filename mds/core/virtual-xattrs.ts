/**
 * What the filesystem says of itself by extended attributes, named nacre.* or, for programs written for it, ceph.*: recursive
 * statistics (read), layouts and quotas (read and set). Values are decimal numbers or words in ASCII.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { Layout, Quota, UntoldSize } from '../../common/wire/gen/messages.ts';
import { virtualName } from '../client/xattr-name.ts';
import { mdsRanksMax } from '../../common/maps/cluster-map.ts';
import { SystemIno, zeroTime, type Inode } from './inode.ts';
import type { Operation } from './operation.ts';
import { bytesBelow, countBelow, limitAllBelow, limitNamesBelow, quotasAbove } from './quota.ts';
import { isBelowRoot, nowhere } from './subtrees.ts';

const quotaFields: Readonly<Record<string, keyof Quota>> = { 'quota.max_bytes': 'maxBytes', 'quota.max_files': 'maxFiles' };
const layoutFields: Readonly<Record<string, Exclude<keyof Layout, 'pool'>>> = {
  stripe_unit: 'stripeUnit',
  stripe_count: 'stripeCount',
  object_size: 'objectSize',
};
const layoutName = /^(file|dir)\.layout(?:\.(stripe_unit|stripe_count|object_size|pool))?$/;
const noQuota: Quota = { maxBytes: 0, maxFiles: 0 };

/** As in Ceph. */
const stripeUnitMultiple = 65_536;
const objectBytesMax = 64 << 20;
const stripeCountMax = 1_000;

/**
 * The value of a virtual attribute; `untold` counts as bytes of what the session's client has written. FsError ENODATA: the inode has
 * none of that name.
 */
export function readVirtual(op: Operation, inode: Inode, name: string, untold: readonly UntoldSize[]): string {
  const short = virtualName(name);
  const value = inode.isDirectory
    ? (statistic(op, inode, short, untold) ?? quotaValue(inode, short) ?? rankValue(op, inode, short))
    : undefined;
  const found = value ?? layoutValue(op, inode, short);
  if (found === undefined) throw new FsError('ENODATA', `inode ${inode.ino.toString(16)} has no ${name}`);
  return found;
}

/** Changes what a virtual attribute stands for; an empty value, and removing it, takes it back. Blocks; nothing is changed when it throws. */
export function setVirtual(op: Operation, inode: Inode, name: string, value: string): void {
  const short = virtualName(name);
  const field = quotaFields[short];
  if (field !== undefined) {
    setQuota(op, inode, field, number(name, value, Number.MAX_SAFE_INTEGER));
    return;
  }
  if (short === 'dir.pin') {
    setPin(op, inode, name, value);
    return;
  }
  const [, kind, part] = layoutName.exec(short) ?? [];
  if (kind === undefined) throw new FsError('EOPNOTSUPP', `${name} cannot be set`);
  if (inode.isDirectory !== (kind === 'dir') || !(inode.isDirectory || inode.isRegular))
    throw new FsError('EINVAL', `inode ${inode.ino.toString(16)} has no ${name}`);
  setLayout(op, inode, name, part, value);
}

function setQuota(op: Operation, inode: Inode, field: keyof Quota, limit: number): void {
  if (op.uid !== 0) throw new FsError('EPERM', 'only root sets quotas');
  if (!inode.isDirectory) throw new FsError('EINVAL', "a quota is a directory's");
  const quota = { ...(inode.quota ?? noQuota), [field]: limit };
  // What another rank holds nobody could count in time.
  for (const { place, others } of limit > 0 ? op.core.given.values() : [])
    for (const { directory } of [place, ...others])
      if (directory !== nowhere.directory && isBelowRoot(op.core.cache, op.core.cache.directory(directory), inode))
        throw new FsError('EBUSY', 'another rank decides about something below: unpin it, or copy it, first');
  op.clear(inode, 'change');
  limitNamesBelow(op.core, inode);
  if (quota.maxBytes > 0) limitAllBelow(op.core, inode, quota.maxBytes < (inode.quota?.maxBytes ?? 0));
  inode.quota = quota.maxBytes === 0 && quota.maxFiles === 0 ? null : quota;
}

/** It goes there by and by; an empty value takes the pin back. */
function setPin(op: Operation, inode: Inode, name: string, value: string): void {
  if (op.uid !== 0) throw new FsError('EPERM', 'only root pins directories');
  if (!inode.isDirectory) throw new FsError('EINVAL', 'only a directory is pinned');
  if (inode.ino === SystemIno.root) throw new FsError('EINVAL', 'the root directory stays with rank 0');
  const rank = value === '-1' || value === '' ? -1 : number(name, value, mdsRanksMax - 1);
  if (rank >= 0 && inode.above !== 0 && quotasAbove(op.core, op.core.cache.directory(inode.above)).length > 0)
    throw new FsError('EBUSY', 'a quota binds what is in the directory: it must be with the rank that counts');
  op.clear(inode, 'change');
  inode.pin = rank;
  op.core.checkPin(inode);
}

function rankValue({ core }: Operation, { pin }: Inode, short: string): string | undefined {
  if (short === 'dir.rank') return `${core.rank}`;
  return short === 'dir.pin' && pin >= 0 ? `${pin}` : undefined;
}

function setLayout(op: Operation, inode: Inode, name: string, part: string | undefined, value: string): void {
  if (inode.isRegular && inode.size > 0) throw new FsError('ENOTEMPTY', 'a file that has data keeps its layout');
  const fields = part === undefined ? value.split(/\s+/).map((each) => each.split('=')) : [[part, value]];
  const layout: { -readonly [K in keyof Layout]: Layout[K] } = { ...(inode.layout ?? op.core.defaultLayout) };
  if (value !== '') {
    for (const [key = '', text = ''] of fields) {
      const field = layoutFields[key];
      if (field !== undefined) layout[field] = number(name, text, objectBytesMax);
      else if (key !== 'pool' || (text !== String(layout.pool) && text !== op.core.poolName(layout.pool)))
        throw new FsError('EINVAL', `${name}: ${JSON.stringify(`${key}=${text}`)} is no part of a layout here`);
    }
    checkLayout(layout);
  }
  op.clear(inode, inode.isRegular ? 'cut' : 'change');
  inode.layout = value === '' ? null : layout;
}

function checkLayout({ objectSize, stripeUnit, stripeCount }: Layout): void {
  if (stripeUnit === 0 || stripeUnit % stripeUnitMultiple !== 0)
    throw new FsError('EINVAL', `a stripe unit of ${stripeUnit} bytes (a multiple of ${stripeUnitMultiple})`);
  if (objectSize === 0 || objectSize % stripeUnit !== 0)
    throw new FsError('EINVAL', `objects of ${objectSize} bytes (a multiple of the stripe unit, ${stripeUnit})`);
  if (stripeCount === 0 || stripeCount > stripeCountMax)
    throw new FsError('EINVAL', `a stripe count of ${stripeCount} (1 to ${stripeCountMax})`);
}

function statistic(op: Operation, inode: Inode, short: string, untold: readonly UntoldSize[]): string | undefined {
  const { core } = op;
  const { entries, subdirs, recursive } = inode;
  switch (short) {
    case 'dir.entries':
      return `${entries}`;
    case 'dir.files':
      return `${entries - subdirs}`;
    case 'dir.subdirs':
      return `${subdirs}`;
    case 'dir.rentries': {
      const below = countBelow(core, inode);
      return `${below.files + below.subdirs}`;
    }
    case 'dir.rfiles':
      return `${countBelow(core, inode).files}`;
    case 'dir.rsubdirs':
      return `${countBelow(core, inode).subdirs}`;
    case 'dir.rbytes':
      return `${bytesBelow(op, inode, untold)}`;
    case 'dir.rctime': {
      const { sec, nsec } = recursive?.ctime ?? zeroTime;
      return `${sec}.${String(nsec).padStart(9, '0')}`;
    }
    default:
      return undefined;
  }
}

function quotaValue({ quota }: Inode, short: string): string | undefined {
  const field = quotaFields[short];
  const limit = field === undefined ? 0 : (quota?.[field] ?? 0);
  return limit === 0 ? undefined : `${limit}`;
}

/** Of a file always, of a directory if it has one of its own. */
function layoutValue({ core }: Operation, inode: Inode, short: string): string | undefined {
  const [, kind, part] = layoutName.exec(short) ?? [];
  if (kind === undefined || (kind === 'dir') !== inode.isDirectory || !(inode.isDirectory || inode.isRegular)) return undefined;
  const layout = inode.layout ?? (inode.isDirectory ? undefined : core.defaultLayout);
  if (layout === undefined) return undefined;
  const pool = core.poolName(layout.pool);
  if (part === 'pool') return pool;
  if (part !== undefined) return `${layout[layoutFields[part] ?? 'objectSize']}`;
  const { stripeUnit, stripeCount, objectSize } = layout;
  return `stripe_unit=${stripeUnit} stripe_count=${stripeCount} object_size=${objectSize} pool=${pool}`;
}

function number(name: string, text: string, max: number): number {
  const value = text === '' ? 0 : /^[0-9]+$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(value) || value > max) throw new FsError('EINVAL', `${name}: ${JSON.stringify(text)} is no number up to ${max}`);
  return value;
}
