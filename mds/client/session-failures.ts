/**
 * How long the requests of a session may take, and which of their failures mean that the session, and not the request, has failed.
 * @module
 */
import type { FsError } from '../../common/errors/fs-error.ts';

/** A request may wait for other clients to give back caps, which eviction bounds; the session's renewal finds dead peers. */
export const requestTimeoutMs = 600_000;
export const retryDelayMs = 50;
/** In the message of an ESTALE that means: this connection has no session. */
const noSession = 'no session';

/** Whether the answer may still come from the next connection, or the next session on it. */
export function isConnectionLoss(error: FsError): boolean {
  if (error.code === 'ESTALE') return error.message.includes(noSession);
  return error.code === 'ECONNRESET' || error.code === 'ETIMEDOUT' || error.code === 'ECONNREFUSED' || error.code === 'ESHUTDOWN';
}

/** Also when the MDS has just lost its rank: what is asked on this connection goes to the next holder. */
export function isSessionOver(error: FsError): boolean {
  return isConnectionLoss(error) || (error.code === 'EAGAIN' && error.retry === 'safe');
}
