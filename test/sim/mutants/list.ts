/**
 * All rules that are broken on purpose.
 * @module
 */
import type { Mutant } from './mutant.ts';
import { filesystemMutants } from './of-filesystem.ts';
import { osdMutants } from './of-osds.ts';
import { rankMutants } from './of-ranks.ts';

export const mutants: readonly Mutant[] = [
  ...osdMutants.map((each): Mutant => ({ ...each, noticedBy: 'osds' })),
  ...filesystemMutants.map((each): Mutant => ({ ...each, noticedBy: 'filesystem' })),
  ...rankMutants.map((each): Mutant => ({ ...each, noticedBy: 'ranks' })),
];
