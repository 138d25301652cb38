/**
 * CRUSH rules: under which root, and in distinct failure domains of which kind, the copies of a pool's objects are placed.
 * @module
 */
import { defaultRoot, findBucket, removeRule, setRule } from '../../../common/crush/crush-edit.ts';
import type { BucketType, CrushRule } from '../../../common/crush/crush-map.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import type { RuleReport } from '../../client/reports.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';

export const failureDomains = ['osd', 'host', 'rack'] as const satisfies readonly BucketType[];
const rulesMax = 1_000;

/** `rule create {name, failureDomain, root?}`. Of a rule that exists with the same values it returns that one. */
export function createRule({ draft }: MonState, args: Arguments): CrushRule {
  const name = args.name('name');
  const failureDomain = args.oneOf('failureDomain', failureDomains);
  const root = args.has('root') ? args.name('root') : defaultRoot;
  if (!findBucket(draft.crush, 'root', root)) throw new FsError('ENOENT', `there is no root ${root} in the CRUSH tree`);
  const existing = draft.crush.rules.find((rule) => rule.name === name);
  if (existing?.root === root && existing.failureDomain === failureDomain) return existing;
  if (existing) {
    throw new FsError(
      'EEXIST',
      `rule ${name} exists with other values (${existing.failureDomain}s under ${existing.root}): make one of another name, and give pools that`,
    );
  }
  if (draft.crush.rules.length >= rulesMax)
    throw new FsError('EINVAL', `there are ${rulesMax} rules already: remove some that no pool uses`);
  const rule = { name, root, failureDomain };
  draft.setCrush(setRule(draft.crush, rule));
  return rule;
}

/** `rule rm {name}`: refused while a pool uses it. */
export function dropRule({ draft }: MonState, args: Arguments): object {
  const name = args.name('name');
  const users = [...draft.pools.values()].filter((pool) => pool.rule === name).map((pool) => pool.name);
  if (users.length > 0)
    throw new FsError('EBUSY', `rule ${name} places the data of ${users.join(', ')}: give them another (nacre pool set)`);
  if (draft.crush.rules.some((rule) => rule.name === name)) draft.setCrush(removeRule(draft.crush, name));
  return { name };
}

/** `rule ls` */
export function listRules({ draft }: MonState): readonly RuleReport[] {
  const usedBy = (rule: string): readonly string[] =>
    [...draft.pools.values()].filter((pool) => pool.rule === rule).map(({ name }) => name);
  return draft.crush.rules.map(({ name, root, failureDomain }) => ({ name, root, failureDomain, pools: usedBy(name) }));
}

/** The rule of that name; ENOENT when there is none. */
export function ruleOf({ draft }: MonState, name: string): CrushRule {
  const rule = draft.crush.rules.find((candidate) => candidate.name === name);
  if (!rule) throw new FsError('ENOENT', `there is no rule ${name}: make it first (nacre rule create)`);
  return rule;
}
