import type { Init, ObjectOp } from '../../common/wire/gen/messages.ts';

const noBytes = Buffer.alloc(0);

/** An operation as decoding leaves it: every field present. */
export function decodedOp(fields: Init<ObjectOp>): ObjectOp {
  return {
    kind: 0,
    offset: 0,
    length: 0,
    exclusive: false,
    name: '',
    value: noBytes,
    keys: [],
    entries: [],
    after: noBytes,
    maxEntries: 0,
    version: null,
    payloadFrames: 0,
    sourcePool: 0,
    sourceOffset: 0,
    ...fields,
  } as ObjectOp;
}
