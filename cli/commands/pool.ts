import { actionOf, printResult, refuseMore } from '../actions.ts';
import { dataOption, type Arguments, type Command } from '../command.ts';
import { withMon } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { readSettings } from '../cluster/settings.ts';
import { CommandError, UsageError } from '../errors.ts';

const actions = ['ls', 'create', 'set', 'delete'];
const sizeMax = 10;
/** The option without which nothing is deleted, and what the mon wants to be told. */
const sureOption = 'every-object-in-it-is-lost-for-good';
const sure = 'every object in it is lost for good';
const pgNumMax = 65_536;
/** What `pool set` changes, by the names people type. */
const settings: Readonly<Record<string, 'size' | 'minSize' | 'pgNum'>> = {
  size: 'size',
  min_size: 'minSize',
  'pg-num': 'pgNum',
  pg_num: 'pgNum',
};

export const pool: Command = {
  summary: 'Shows, makes or changes pools.',
  usage: '[--data DIR] ACTION ... [--json]',
  details: [
    '  ls                    the pools',
    '  create NAME           a new one',
    '  set NAME size N       copies of each object: more are made, or the superfluous ones removed, while it serves',
    '  set NAME min_size N   copies without which writes wait',
    '  set NAME pg-num N     placement groups: twice as many (or four times), split while it serves',
    '  set NAME rule RULE    how copies are spread (nacre rule): the data moves while it serves',
    `  delete NAME NAME --${sureOption}`,
    '                        the pool and all that is in it; refused while a filesystem uses it',
  ].join('\n'),
  options: {
    data: dataOption,
    size: { type: 'string', value: 'N', help: 'create: copies of each object (default 3)' },
    pgs: { type: 'string', value: 'N', help: 'create: number of placement groups (default 32)' },
    domain: {
      type: 'string',
      value: 'TYPE',
      help: 'create: osd, host or rack: no two copies share one (default host where there are enough)',
    },
    rule: { type: 'string', value: 'RULE', help: 'create: the rule to follow, instead of --domain' },
    [sureOption]: { type: 'boolean', help: 'delete: say that you mean it' },
    json: { type: 'boolean', help: 'for programs' },
  },
  positionals: ['ACTION', 'NAME', 'size|min_size|pg-num|rule', 'N'],
  optionalFrom: 1,
  async run(args) {
    const command = poolCommand(args);
    const layout = Layout.existing(args.text('data') ?? 'data');
    const pools = await withMon(readSettings(layout), {}, async ({ mon }) => {
      if (command === undefined) return [...mon.map.pools.values()];
      if (command.prefix === 'pool delete' && ![...mon.map.pools.values()].some(({ name }) => name === command['name']))
        throw new CommandError(`there is no pool ${String(command['name'])}`);
      await mon.command(command);
      return [...(await mon.waitForEpoch(mon.map.epoch, { timeoutMs: 10_000 })).pools.values()];
    });
    const lines = pools.map(
      (each) =>
        `${String(each.id).padStart(3)}  ${each.name}  ${each.size} copies, served from ${each.minSize}; ${each.pgNum} placement groups, rule ${each.rule}`,
    );
    printResult(args, pools, lines.join('\n'));
    return 0;
  },
};

/** What the mon is asked for; undefined when looking at the map is enough. */
export function poolCommand(args: Arguments): ({ readonly prefix: string } & Readonly<Record<string, unknown>>) | undefined {
  const action = actionOf(args, actions);
  const [, name, setting, value] = args.positionals;
  refuseMore(action === 'ls' ? name : action === 'create' ? setting : undefined);
  if (action === 'ls') return undefined;
  if (name === undefined) throw new UsageError(`pool ${action}: NAME is missing`);
  if (action === 'delete') return deletion(name, setting, value, args.flag(sureOption));
  if (action === 'set') {
    if (setting === 'rule') {
      if (value === undefined) throw new UsageError('pool set: the name of a rule is wanted');
      return { prefix: 'pool set', name, rule: value };
    }
    const key = setting !== undefined && Object.hasOwn(settings, setting) ? settings[setting] : undefined;
    if (key === undefined) throw new UsageError('pool set: size, min_size, pg-num or rule is wanted after the name');
    const max = key === 'pgNum' ? pgNumMax : sizeMax;
    const count = /^[0-9]{1,5}$/.test(value ?? '') ? Number(value) : 0;
    if (count < 1 || count > max) throw new UsageError(`pool set: a whole number from 1 to ${max} is wanted`);
    return { prefix: 'pool set', name, [key]: count };
  }
  const [domain, rule] = [args.text('domain'), args.text('rule')];
  if (domain !== undefined && rule !== undefined) throw new UsageError('pool create: --domain or --rule, not both');
  return {
    prefix: 'pool create',
    name,
    size: args.count('size', { min: 1, max: sizeMax }) ?? 3,
    pgNum: args.count('pgs', { min: 1, max: pgNumMax }) ?? 32,
    ...(domain === undefined ? {} : { failureDomain: domain }),
    ...(rule === undefined ? {} : { rule }),
  };
}

function deletion(name: string, again: string | undefined, extra: string | undefined, isSure: boolean): ReturnType<typeof poolCommand> {
  refuseMore(extra);
  if (again !== name)
    throw new UsageError(`pool delete: the name of the pool is wanted twice: nacre pool delete ${name} ${name} --${sureOption}`);
  if (!isSure) throw new UsageError(`pool delete: nothing is deleted without --${sureOption}`);
  return { prefix: 'pool delete', name, again, sure };
}
