/** Calls of several users on a client that no kernel has mounted, of a cluster in this process, and the same on ext4. */
import { mountless } from '../support/posix/mountless.ts';
import { testAgainstExt4 } from '../support/posix/suite.ts';

const seed = 20_261_121;

testAgainstExt4('posix without a kernel', { operations: 5_000, seed, start: () => mountless(seed), stop: () => Promise.resolve() });
