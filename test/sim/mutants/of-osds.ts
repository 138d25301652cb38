/**
 * Rules of replication, each with what breaks it: objects on OSDs notice.
 * @module
 */
import { edit, type Break } from './mutant.ts';

export const osdMutants: readonly Break[] = [
  {
    name: 'R1-acknowledge-alone',
    breaks: 'R1: the primary answers without waiting for the other members',
    edits: [
      edit(
        'osd/core/write-window.ts',
        'for (const member of this.members.values()) limit = Math.min(limit, member.oldestUnacked - 1);',
        '',
      ),
    ],
  },
  {
    name: 'R1-acknowledge-early',
    breaks: 'R1: a replica acknowledges before its disk has it',
    edits: [
      edit(
        'osd/ops/rep-op.ts',
        'stream.position = position;\n',
        'stream.position = position;\n  stream.durable = position;\n  ctx.acks.add(session, pg, stream);\n',
      ),
    ],
  },
  {
    name: 'R2-uncertified',
    breaks: 'R2: the mon makes proposed OSDs acting that nobody certified',
    edits: [
      edit(
        'mon/core/settle-pgs.ts',
        'const certified = [...(facts.certified.get(source) ?? [])]',
        'const certified = [...(facts.certified.get(source) ?? []), ...up]',
      ),
    ],
  },
  {
    name: 'R3-first-back-serves',
    breaks: 'R3: when a whole acting set is gone, whoever CRUSH proposes then begins anew',
    edits: [edit('mon/core/settle-pgs.ts', 'if (complete.length === 0) return holders;', 'if (complete.length === 0) return up;')],
  },
  {
    name: 'R3-below-min-size',
    breaks: 'R3: writes are served below min_size',
    edits: [edit('osd/core/pg.ts', 'return (this.mapping?.acting.length ?? 0) >= this.minSize;', 'return this.minSize > 0;')],
  },
  {
    name: 'R4-no-lease',
    breaks: 'R4: an OSD serves on when its lease has run out',
    edits: [edit('osd/running-osd.ts', 'return this.env.clock.monotonicMs() < this.#leaseUntilMs;', 'return this.#leaseUntilMs > 0;')],
  },
  {
    name: 'R4-impatient-mon',
    breaks: 'R4: the mon takes an OSD for down before its lease has run out',
    edits: [
      edit(
        'mon/core/osds.ts',
        'if (lease.untilMs > now.monotonicMs || !known) continue;',
        'if (lease.untilMs - state.settings.leaseMs / 2 > now.monotonicMs || !known) continue;',
      ),
    ],
  },
  {
    name: 'R4-heard-too-early',
    breaks: 'R4: an OSD is told of its new lease before the mon has stored that it is no longer silent',
    edits: [edit('mon/lease-keeper.ts', 'this.#next.push(resolve);', 'resolve();')],
  },
  {
    name: 'R4-left-too-little',
    breaks: 'R4: a mon that starts waits less for a silent OSD than was left of its lease',
    edits: [edit('mon/core/silences.ts', 'Math.ceil(untilMs - now.monotonicMs)', 'Math.ceil((untilMs - now.monotonicMs) / 2)')],
  },
  {
    name: 'R4-last-lease-forgotten',
    breaks: 'R4: a mon that starts knows nothing of leases that were given just before its last life ended',
    edits: [edit('mon/core/silences.ts', 'silence === undefined ? leaseMs', 'silence === undefined ? leaseMs / 2')],
  },
  {
    name: 'R4-drops-the-living',
    breaks: 'R4: the mon drops a live primary from the acting set at once',
    edits: [
      edit('mon/core/settle-pgs.ts', 'osd !== primary && facts.knownEpoch(osd) >= record.interval', 'osd !== primary || osd === primary'),
    ],
  },
  {
    name: 'rollback-forgotten',
    breaks: 'divergent log entries of a member are not undone',
    edits: [edit('osd/core/log-diff.ts', 'const drop = missingFrom(log, member.runs, lowest);', 'const drop: LogRun[] = [];')],
  },
  {
    name: 'rollback-not-copied',
    breaks: 'objects of which a member has divergent entries only are not copied to it',
    edits: [edit('osd/background/catch-up.ts', 'recovery.dropsAreKnown(dropped.keys());', 'recovery.dropsAreKnown([]);')],
  },
  {
    name: 'retry-applied-twice',
    breaks: 'a request that is sent again is applied again',
    edits: [
      edit(
        'osd/ops/osd-op.ts',
        'if (before !== undefined) {\n    answerRetry',
        'if (before !== undefined && before.version.interval === pg.interval) {\n    answerRetry',
      ),
    ],
  },
  {
    name: 'read-of-the-undurable',
    breaks: 'a read is answered with what is not yet durable everywhere',
    edits: [
      edit(
        'osd/ops/osd-op.ts',
        'if (inFlight !== undefined) {\n    inFlight.waiters.push((durable) => (durable ? answerUnderLease',
        'if (inFlight !== undefined && op.writes) {\n    inFlight.waiters.push((durable) => (durable ? answerUnderLease',
      ),
    ],
  },
  {
    name: 'replica-read-unasked',
    breaks: 'a replica answers reads without asking what is settled',
    edits: [
      edit(
        'osd/ops/replica-read.ts',
        'const version = await askPrimary(ctx, pg, object);',
        'const version = ctx.store.stat(pg.id, object)?.version ?? zeroVersion;',
      ),
    ],
  },
  {
    name: 'replica-read-unsettled',
    breaks: 'the primary tells a replica of a version that is not yet durable everywhere',
    edits: [
      edit('osd/ops/replica-read.ts', 'if (inFlight === undefined) return', 'if (inFlight === undefined || pg.isPrimary) return'),
      edit('osd/ops/replica-read.ts', ' || pg.window.newestOf(message.object) !== undefined) throw', ') throw'),
    ],
  },
  {
    name: 'split-new-set',
    breaks: 'R2: a part of a PG that is split starts with the OSDs that CRUSH wants',
    edits: [edit('mon/core/settle-pgs.ts', 'const record = before.pgs.get(source);', 'const record = before.pgs.get(id);')],
  },
  {
    name: 'split-log-forgotten',
    breaks: 'a part of a PG that is split forgets what has been done to its objects',
    edits: [edit('osd/core/split-pg.ts', 'for (const entry of log.entries) child.log.add(entry);', '')],
  },
  {
    name: 'split-late',
    breaks: 'an OSD that was away takes part with a copy that it has not split',
    edits: [edit('osd/running-osd.ts', '      this.#split(pool);', '      if (this.#leaseUntilMs > 0) this.#split(pool);')],
  },
];
