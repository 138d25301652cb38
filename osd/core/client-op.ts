/**
 * A client's request while an OSD works on it: answered exactly once.
 * @module
 */
import type { FsError } from '../../common/errors/fs-error.ts';
import type { Init, OsdOpReply, OsdOpRequest } from '../../common/wire/gen/messages.ts';
import type { CopiedPiece } from './plan-op.ts';

export interface ClientOp {
  readonly message: OsdOpRequest;
  readonly payload: readonly Uint8Array[];
  /** What it takes in memory, about. */
  readonly bytes: number;
  /** How often damage was mended for it. */
  mendings: number;
  /** No copy of its object can be read; it only removes it. */
  unreadable: boolean;
  /** What its COPY_RANGE steps copy, each at its place, when that has been fetched. */
  copied: readonly (readonly CopiedPiece[] | undefined)[] | undefined;
  /** It changes something, unless its guards say otherwise. */
  readonly writes: boolean;
  /** Runs `fn` when its client gives it up while it waits; it need not be answered then. */
  onCancel(fn: () => void): void;
  reply(message: Init<OsdOpReply>, payload?: readonly Uint8Array[]): void;
  fail(error: FsError): void;
  /** There is no room for it to wait: its connection is closed, so that nothing sent after it overtakes it. */
  turnAway(): void;
}
