import { makeConfig } from '../../../common/config/schema.ts';
import { monSchema } from '../../../mon/config.ts';

/** Short times, so that histories meet every one of them. */
export const testSettings = makeConfig(monSchema, {
  name: 'mon.a',
  leaseMs: 2_000,
  leaseMarginMs: 100,
  returnMs: 1_500,
  downOutMs: 5_000,
  blocklistMs: 60_000,
  flapDownsMax: 2,
  flapWindowMs: 30_000,
  flapWaitMs: 1_000,
  flapWaitMaxMs: 4_000,
  apartMs: 800,
  apartHoldMs: 3_000,
});
