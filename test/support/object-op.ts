import type { Init, ObjectOp } from '../../common/wire/gen/messages.ts';
import { emptyOp } from '../../osd/client/encode-operations.ts';

/** An operation as decoding leaves it: every field present. */
export function decodedOp(fields: Init<ObjectOp>): ObjectOp {
  return { ...emptyOp, ...fields } as ObjectOp;
}
