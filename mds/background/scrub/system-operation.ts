/**
 * A change that nobody has asked for: every client is asked to give back what stands against it.
 * @module
 */
import type { MdsCore } from '../../core/mds-core.ts';
import { Operation } from '../../core/operation.ts';
import { MdsSession } from '../../core/session.ts';

export function systemOperation(core: MdsCore): Operation {
  return new Operation(core, new MdsSession(0, 'mds', ''), null);
}
