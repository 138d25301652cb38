import { actionOf, printResult, refuseMore } from '../actions.ts';
import { dataOption, type Arguments, type Command } from '../command.ts';
import { withMon } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { readSettings } from '../cluster/settings.ts';
import { CommandError, UsageError } from '../errors.ts';
import type { RuleReport } from '../../mon/client/reports.ts';
import { table } from '../render/table.ts';

const actions = ['ls', 'create', 'rm'];
const domains = ['osd', 'host', 'rack'];

export const rule: Command = {
  summary: 'Shows, makes or removes rules: where copies of the same data may lie together.',
  usage: '[--data DIR] ACTION ... [--json]',
  details: [
    '  ls                          the rules, and the pools that follow them',
    '  create NAME --domain TYPE   osd, host or rack: no two copies of an object in the same one',
    '  rm NAME                     a rule that no pool follows',
    'nacre pool set POOL rule NAME has a pool follow a rule; its data moves while it is served.',
  ].join('\n'),
  options: {
    data: dataOption,
    domain: { type: 'string', value: 'TYPE', help: 'create: osd, host or rack' },
    json: { type: 'boolean', help: 'for programs' },
  },
  positionals: ['ACTION', 'NAME'],
  optionalFrom: 1,
  async run(args) {
    const command = ruleCommand(args);
    const layout = Layout.existing(args.text('data') ?? 'data');
    const rules = await withMon(readSettings(layout), {}, async ({ mon }) => {
      const list = (): Promise<readonly RuleReport[]> => mon.command<readonly RuleReport[]>({ prefix: 'rule ls' });
      if (command === undefined) return await list();
      // To the mon it is enough that there is none.
      if (command.prefix === 'rule rm' && !(await list()).some(({ name }) => name === command['name']))
        throw new CommandError(`there is no rule ${String(command['name'])}: nacre rule ls shows those that are`);
      await mon.command(command);
      return await list();
    });
    printResult(args, rules, renderRules(rules));
    return 0;
  },
};

/** What the mon is asked to change; undefined when looking is enough. */
export function ruleCommand(args: Arguments): ({ readonly prefix: string } & Readonly<Record<string, unknown>>) | undefined {
  const action = actionOf(args, actions);
  const [, name] = args.positionals;
  if (action === 'ls') {
    refuseMore(name);
    return undefined;
  }
  if (name === undefined) throw new UsageError(`rule ${action}: NAME is missing`);
  if (action === 'rm') return { prefix: 'rule rm', name };
  const failureDomain = args.text('domain');
  if (failureDomain === undefined || !domains.includes(failureDomain))
    throw new UsageError(`rule create: --domain ${domains.join(' or ')} is wanted`);
  return { prefix: 'rule create', name, failureDomain };
}

function renderRules(rules: readonly RuleReport[]): string {
  const lines = rules.map(({ name, failureDomain, root, pools }) => [name, failureDomain, root, pools.join(', ') || '-']);
  return table([['rule', 'copies in distinct', 'under', 'pools'], ...lines], { rightFrom: 4 });
}
