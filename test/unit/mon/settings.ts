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
});
