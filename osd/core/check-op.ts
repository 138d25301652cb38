/**
 * Limits of one request, checked before anything else is done with it.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { ObjectOpKind, type OsdOpRequest } from '../../common/wire/gen/messages.ts';
import { objectLimits } from '../client/limits.ts';

/** Throws EINVAL or E2BIG when `request` is beyond a limit or contradicts its payload. */
export function checkOp(request: OsdOpRequest, payload: readonly Uint8Array[]): void {
  checkText('object name', request.object, objectLimits.nameBytes);
  const { ops } = request;
  if (ops.length === 0 || ops.length > objectLimits.operations) {
    throw new FsError(
      ops.length === 0 ? 'EINVAL' : 'E2BIG',
      `${ops.length} operations in a request, limits 1 and ${objectLimits.operations}`,
    );
  }
  let frames = 0;
  let records = 0;
  let recordBytes = 0;
  let smallBytes = 0;
  let copied = 0;
  for (const op of ops) {
    if (op.kind < ObjectOpKind.READ || op.kind > ObjectOpKind.NAMES) throw new FsError('EINVAL', `operation ${op.kind} is not known here`);
    if (op.payloadFrames > 0 && op.kind !== ObjectOpKind.WRITE && op.kind !== ObjectOpKind.WRITE_FULL && op.kind !== ObjectOpKind.APPEND) {
      throw new FsError('EINVAL', `operation ${op.kind} takes no data`);
    }
    if (op.payloadFrames > 0) {
      const length = bytesOf(payload, frames, op.payloadFrames);
      if (length < objectLimits.smallWriteBytes) smallBytes += length;
      frames += op.payloadFrames;
    }
    switch (op.kind) {
      case ObjectOpKind.GET_XATTR:
      case ObjectOpKind.SET_XATTR:
      case ObjectOpKind.REMOVE_XATTR:
      case ObjectOpKind.COMPARE_XATTR:
        checkText('xattr name', op.name, objectLimits.xattrNameBytes);
        if (op.value.length > objectLimits.xattrValueBytes)
          throw new FsError('E2BIG', `an xattr of ${op.value.length} bytes, limit ${objectLimits.xattrValueBytes}`);
        recordBytes += op.value.length;
        break;
      case ObjectOpKind.OMAP_GET:
      case ObjectOpKind.OMAP_REMOVE:
        records += op.keys.length;
        for (const key of op.keys) recordBytes += checkKey(key);
        break;
      case ObjectOpKind.OMAP_SET:
        records += op.entries.length;
        for (const entry of op.entries) recordBytes += checkEntry(entry.key, entry.value);
        break;
      case ObjectOpKind.COPY_RANGE:
        checkText('name of the object to copy', op.name, objectLimits.nameBytes);
        copied += op.length;
        break;
      case ObjectOpKind.NAMES:
        if (op.name.length > 0) checkText('prefix of names', op.name, objectLimits.nameBytes);
        if (op.after.length > objectLimits.nameBytes)
          throw new FsError('EINVAL', `names after one of ${op.after.length} bytes, limit ${objectLimits.nameBytes}`);
        break;
      default:
    }
  }
  if (copied > objectLimits.readBytes)
    throw new FsError('E2BIG', `copies of ${copied} bytes in a request, limit ${objectLimits.readBytes}`);
  if (frames !== payload.length)
    throw new FsError('EINVAL', `the operations take ${frames} payload frames, the request has ${payload.length}`);
  if (smallBytes > objectLimits.smallPayloadBytes)
    throw new FsError('E2BIG', `${smallBytes} bytes in small writes in a request, limit ${objectLimits.smallPayloadBytes}`);
  if (records > objectLimits.omapEntries)
    throw new FsError('E2BIG', `${records} omap keys in a request, limit ${objectLimits.omapEntries}`);
  if (recordBytes > objectLimits.recordBytes)
    throw new FsError('E2BIG', `${recordBytes} bytes of omap and xattrs in a request, limit ${objectLimits.recordBytes}`);
}

function bytesOf(payload: readonly Uint8Array[], from: number, frames: number): number {
  const end = Math.min(from + frames, payload.length);
  let bytes = 0;
  for (let i = from; i < end; i++) bytes += (payload[i] as Uint8Array).length;
  return bytes;
}

function checkEntry(key: Uint8Array, value: Uint8Array): number {
  if (value.length > objectLimits.omapValueBytes)
    throw new FsError('E2BIG', `an omap value of ${value.length} bytes, limit ${objectLimits.omapValueBytes}`);
  return checkKey(key) + value.length;
}

function checkKey(key: Uint8Array): number {
  if (key.length === 0 || key.length > objectLimits.omapKeyBytes)
    throw new FsError('EINVAL', `an omap key of ${key.length} bytes, limits 1 and ${objectLimits.omapKeyBytes}`);
  return key.length;
}

function checkText(what: string, text: string, bytesMax: number): void {
  if (text.length === 0 || (text.length * 3 > bytesMax && Buffer.byteLength(text) > bytesMax)) {
    throw new FsError('EINVAL', `${what} of ${Buffer.byteLength(text)} bytes, limits 1 and ${bytesMax}`);
  }
}
