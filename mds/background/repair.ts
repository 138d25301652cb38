/**
 * Repairs the journal and the tables of a rank that cannot begin because of them, when an administrator orders it. The MDS that has found the damage
 * holds the rank, serves nothing and writes nothing else; the life before is refused by the OSDs since the epoch that gave the rank away, as this one is as soon
 * as another has it. So nobody else writes meanwhile. One order at a time; whoever has given it asks how it goes.
 * @module
 */
import { unreachable } from '../../common/errors/assert.ts';
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import { printable } from '../../common/maps/ids.ts';
import { repairActions, type JournalReport, type RepairAction, type RepairStatus } from '../client/repair-report.ts';
import { pathOf } from '../core/damage-table.ts';
import type { RankState } from '../rank-state.ts';
import { scanJournal, type ScannedJournal } from '../store/journal-scan.ts';
import { gapReport, JournalRecovery } from './repair/journal-recovery.ts';
import { resetJournal, resetNumbers, resetSessions } from './repair/journal-reset.ts';
import { Rebuild } from './repair/rebuild.ts';
import { RecoveredState } from './repair/recovered-state.ts';
import type { RepairParts } from './repair/repair-parts.ts';
import { readTables, tableTroubles } from './repair/tables.ts';

/** Paths told of. */
const pathsMax = 1_000;
/** A journal that is in use may be trimmed while it is looked at. */
const looksMax = 10;

export interface RepairOptions extends RepairParts {
  readonly state: () => RankState;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class Repair {
  readonly #options: RepairOptions;
  readonly #status: Mutable<RepairStatus> = { order: 0, action: null, running: false, trouble: '', result: null };
  /** What can be read of the journal has been applied, by this life. */
  #recovered = false;

  constructor(options: RepairOptions) {
    this.#options = options;
  }

  get status(): RepairStatus {
    return { ...this.#status };
  }

  /** Begins what is ordered. FsError EINVAL, EBUSY: one is under way, or the rank is not damaged. */
  order(action: string, discard: boolean): RepairStatus {
    const known = repairActions.find((each) => each === action);
    if (known === undefined || known === 'start') throw new FsError('EINVAL', `"${action}" is no repair`);
    if (this.#status.running) throw new FsError('EBUSY', `another repair is under way: ${this.#status.action}`);
    if (known !== 'inspect' && known !== 'look-at-data') this.requireDamaged();
    Object.assign(this.#status, { order: this.#status.order + 1, action: known, running: true, trouble: '', result: null });
    this.#options.env.spawn('mds repair', () => this.#run(known, discard));
    return this.status;
  }

  /** FsError EBUSY: the rank is served, or about to be; or a repair is under way. */
  requireDamaged(): void {
    const { rank, state } = this.#options;
    if (this.#status.running) throw new FsError('EBUSY', `a repair is under way: ${this.#status.action}`);
    if (state() !== 'damaged')
      throw new FsError('EBUSY', `rank ${rank} is not damaged (${state()}): its journal and tables are in use, and can only be looked at`);
  }

  async #run(action: Exclude<RepairAction, 'start'>, discard: boolean): Promise<void> {
    try {
      this.#status.result = await this.#act(action, discard);
    } catch (error) {
      const failure = toFsError(error);
      this.#options.env.log.warn({ action, err: failure }, 'a repair has failed');
      this.#status.trouble = failure.message;
    } finally {
      this.#status.running = false;
    }
  }

  async #act(action: Exclude<RepairAction, 'start'>, discard: boolean): Promise<RepairStatus['result']> {
    switch (action) {
      case 'inspect':
        return await this.#inspect();
      case 'recover': {
        const report = await new JournalRecovery(this.#options).run();
        this.#recovered = report.unwritten.length === 0;
        return report;
      }
      case 'reset':
        return await resetJournal(this.#options, this.#recovered, discard);
      case 'reset-sessions':
        return await resetSessions(this.#options);
      case 'reset-numbers':
        return await resetNumbers(this.#options);
      case 'look-at-data':
      case 'rebuild':
        return await new Rebuild(this.#options, { dryRun: action === 'look-at-data', discard }).run();
      default:
        return unreachable(action);
    }
  }

  async #inspect(): Promise<JournalReport> {
    const { state, reading } = this.#options;
    for (let look = 1; ; look++) {
      const recovered = new RecoveredState(this.#options);
      const paths = new Map<string, true>();
      const tables = tableTroubles(this.#options.rank, await readTables(this.#options.store, recovered.core));
      const scanned = await scanJournal(reading, (placed, segment) => {
        recovered.apply(placed, segment);
        for (const change of placed.entry.changes) {
          if (change.kind !== 'set' && change.kind !== 'remove') continue;
          const { directory, name } = change.kind === 'set' ? change.dentry : change;
          const above = pathOf(recovered.core.cache, directory);
          const path = `${above === '/' ? '' : above}/${printable(name)}`;
          paths.delete(path);
          paths.set(path, true);
        }
      });
      // What seems to be damaged may just have been trimmed.
      if (scanned.gaps.length > 0 && state() !== 'damaged' && look < looksMax) continue;
      return this.#reportOf(scanned, tables, [...paths.keys()], recovered.instances.size);
    }
  }

  #reportOf(scanned: ScannedJournal, tables: readonly string[], paths: readonly string[], clients: number): JournalReport {
    const { head, segments, gaps, entries, nextSeq } = scanned;
    const { rank } = this.#options;
    const told = { paths: paths.slice(-pathsMax), pathsTotal: paths.length };
    return { rank, head: head !== undefined, segments, gaps: gaps.map(gapReport), entries, nextSeq, tables, ...told, clients };
  }
}
