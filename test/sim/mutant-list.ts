/**
 * The rules that are broken on purpose, each with the text that keeps it and what to put there.
 * @module
 */

export interface Mutant {
  readonly name: string;
  /** The rule, in words. */
  readonly breaks: string;
  /** Which simulation should notice; default: objects on OSDs. */
  readonly noticedBy?: 'filesystem' | 'ranks';
  readonly edits: readonly { readonly file: string; readonly from: string; readonly to: string }[];
}

export const mutants: readonly Mutant[] = [
  {
    name: 'R1-acknowledge-alone',
    breaks: 'R1: the primary answers without waiting for the other members',
    edits: [
      {
        file: 'osd/core/write-window.ts',
        from: 'for (const member of this.members.values()) limit = Math.min(limit, member.oldestUnacked - 1);',
        to: '',
      },
    ],
  },
  {
    name: 'R1-acknowledge-early',
    breaks: 'R1: a replica acknowledges before its disk has it',
    edits: [
      {
        file: 'osd/ops/rep-op.ts',
        from: 'stream.position = position;\n',
        to: 'stream.position = position;\n  stream.durable = position;\n  ctx.acks.add(session, pg, stream);\n',
      },
    ],
  },
  {
    name: 'R2-uncertified',
    breaks: 'R2: the mon makes proposed OSDs acting that nobody certified',
    edits: [
      {
        file: 'mon/core/settle-pgs.ts',
        from: 'const certified = [...(facts.certified.get(source) ?? [])]',
        to: 'const certified = [...(facts.certified.get(source) ?? []), ...up]',
      },
    ],
  },
  {
    name: 'R3-first-back-serves',
    breaks: 'R3: when a whole acting set is gone, whoever CRUSH proposes then begins anew',
    edits: [
      {
        file: 'mon/core/settle-pgs.ts',
        from: 'if (complete.length === 0) return holders;',
        to: 'if (complete.length === 0) return up;',
      },
    ],
  },
  {
    name: 'R3-below-min-size',
    breaks: 'R3: writes are served below min_size',
    edits: [{ file: 'osd/core/pg.ts', from: 'return (this.mapping?.acting.length ?? 0) >= this.minSize;', to: 'return this.minSize > 0;' }],
  },
  {
    name: 'R4-no-lease',
    breaks: 'R4: an OSD serves on when its lease has run out',
    edits: [
      {
        file: 'osd/running-osd.ts',
        from: 'return this.env.clock.monotonicMs() < this.#leaseUntilMs;',
        to: 'return this.#leaseUntilMs > 0;',
      },
    ],
  },
  {
    name: 'R4-impatient-mon',
    breaks: 'R4: the mon takes an OSD for down before its lease has run out',
    edits: [
      {
        file: 'mon/core/osds.ts',
        from: 'if (lease.untilMs > now.monotonicMs || !known) continue;',
        to: 'if (lease.untilMs - state.settings.leaseMs / 2 > now.monotonicMs || !known) continue;',
      },
    ],
  },
  {
    name: 'R4-heard-too-early',
    breaks: 'R4: an OSD is told of its new lease before the mon has stored that it is no longer silent',
    edits: [{ file: 'mon/lease-keeper.ts', from: 'this.#next.push(resolve);', to: 'resolve();' }],
  },
  {
    name: 'R4-left-too-little',
    breaks: 'R4: a mon that starts waits less for a silent OSD than was left of its lease',
    edits: [
      {
        file: 'mon/core/silences.ts',
        from: 'Math.ceil(untilMs - now.monotonicMs)',
        to: 'Math.ceil((untilMs - now.monotonicMs) / 2)',
      },
    ],
  },
  {
    name: 'R4-last-lease-forgotten',
    breaks: 'R4: a mon that starts knows nothing of leases that were given just before its last life ended',
    edits: [{ file: 'mon/core/silences.ts', from: 'silence === undefined ? leaseMs', to: 'silence === undefined ? leaseMs / 2' }],
  },
  {
    name: 'R4-drops-the-living',
    breaks: 'R4: the mon drops a live primary from the acting set at once',
    edits: [
      {
        file: 'mon/core/settle-pgs.ts',
        from: 'osd !== primary && facts.knownEpoch(osd) >= record.interval',
        to: 'osd !== primary || osd === primary',
      },
    ],
  },
  {
    name: 'rollback-forgotten',
    breaks: 'divergent log entries of a member are not undone',
    edits: [
      { file: 'osd/core/log-diff.ts', from: 'const drop = missingFrom(log, member.runs, lowest);', to: 'const drop: LogRun[] = [];' },
    ],
  },
  {
    name: 'rollback-not-copied',
    breaks: 'objects of which a member has divergent entries only are not copied to it',
    edits: [
      {
        file: 'osd/background/catch-up.ts',
        from: 'recovery.dropsAreKnown(dropped.keys());',
        to: 'recovery.dropsAreKnown([]);',
      },
    ],
  },
  {
    name: 'retry-applied-twice',
    breaks: 'a request that is sent again is applied again',
    edits: [
      {
        file: 'osd/ops/osd-op.ts',
        from: 'if (before !== undefined) {\n    answerRetry',
        to: 'if (before !== undefined && before.version.interval === pg.interval) {\n    answerRetry',
      },
    ],
  },
  {
    name: 'read-of-the-undurable',
    breaks: 'a read is answered with what is not yet durable everywhere',
    edits: [
      {
        file: 'osd/ops/osd-op.ts',
        from: 'if (inFlight !== undefined) {\n    inFlight.waiters.push((durable) => (durable ? answerUnderLease',
        to: 'if (inFlight !== undefined && op.writes) {\n    inFlight.waiters.push((durable) => (durable ? answerUnderLease',
      },
    ],
  },
  {
    name: 'replica-read-unasked',
    breaks: 'a replica answers reads without asking what is settled',
    edits: [
      {
        file: 'osd/ops/replica-read.ts',
        from: 'const version = await askPrimary(ctx, pg, object);',
        to: 'const version = ctx.store.stat(pg.id, object)?.version ?? zeroVersion;',
      },
    ],
  },
  {
    name: 'replica-read-unsettled',
    breaks: 'the primary tells a replica of a version that is not yet durable everywhere',
    edits: [
      {
        file: 'osd/ops/replica-read.ts',
        from: 'if (inFlight === undefined) return',
        to: 'if (inFlight === undefined || pg.isPrimary) return',
      },
      { file: 'osd/ops/replica-read.ts', from: ' || pg.window.newestOf(message.object) !== undefined) throw', to: ') throw' },
    ],
  },
  {
    name: 'split-new-set',
    breaks: 'R2: a part of a PG that is split starts with the OSDs that CRUSH wants',
    edits: [{ file: 'mon/core/settle-pgs.ts', from: 'const record = before.pgs.get(source);', to: 'const record = before.pgs.get(id);' }],
  },
  {
    name: 'split-log-forgotten',
    breaks: 'a part of a PG that is split forgets what has been done to its objects',
    edits: [{ file: 'osd/core/split-pg.ts', from: 'for (const entry of log.entries) child.log.add(entry);', to: '' }],
  },
  {
    name: 'split-late',
    breaks: 'an OSD that was away takes part with a copy that it has not split',
    edits: [{ file: 'osd/running-osd.ts', from: '      this.#split(pool);', to: '      if (this.#leaseUntilMs > 0) this.#split(pool);' }],
  },
  {
    name: 'caps-alone-too-early',
    breaks: 'who is alone before all sessions of the life before are back is given all caps',
    noticedBy: 'filesystem',
    edits: [{ file: 'mds/core/locker.ts', from: 'if (!this.#complete) return;', to: '' }],
  },
  {
    name: 'caps-kept-from-recall',
    breaks: 'a client that answers a recall goes on using what it gave back',
    noticedBy: 'filesystem',
    edits: [
      {
        file: 'fuse-client/vfs/cap-recalls.ts',
        from: 'this.#updates.post(inode, { urgent: true, lockStates });',
        to: 'this.#updates.post(inode, { urgent: true, lockStates });\n    inode.caps |= lost & Cap.attrShared;',
      },
    ],
  },
  {
    name: 'recall-not-waited',
    breaks: 'who was asked to give caps back is taken for having done so',
    noticedBy: 'filesystem',
    edits: [
      { file: 'mds/core/locker.ts', from: "if (waits) throw new Blocked({ kind: 'recall', inode });", to: 'if (waits) return;' },
      {
        file: 'mds/core/locker.ts',
        from: 'if (cap === own) continue;\n      issued |= cap.issued;',
        to: 'if (cap === own) continue;\n      issued |= cap.recall?.keep ?? cap.issued;',
      },
    ],
  },
  {
    name: 'barrier-skipped',
    breaks: 'who comes after an evicted client waits for a map in which the OSDs refuse that one',
    noticedBy: 'filesystem',
    edits: [{ file: 'mds/session-desk.ts', from: 'this.raiseBarrier(epoch);', to: 'void epoch;' }],
  },
  {
    name: 'fsync-unjournaled',
    breaks: 'fsync is answered when the journal has on disk what was changed',
    noticedBy: 'filesystem',
    edits: [
      {
        file: 'mds/request-desk.ts',
        from: 'await journal.flush(message.seq === 0 ? journal.seq : message.seq);\n    return { seq: journal.safeSeq };',
        to: 'return { seq: message.seq === 0 ? journal.seq : message.seq };',
      },
      { file: 'mds/request-desk.ts', from: 'if (request.flush) await journal.flush(journalSeq);', to: '' },
    ],
  },
  {
    name: 'replay-applied-twice',
    breaks: 'a request that is sent again, and is in the journal, is answered as it was',
    noticedBy: 'filesystem',
    edits: [
      {
        file: 'mds/core/operation.ts',
        from: 'this.#head.tid === 0 ? undefined',
        to: 'this.#head.tid === 0 || this.#head.replay ? undefined',
      },
    ],
  },
  {
    name: 'follower-forgets',
    breaks: 'who follows an MDS takes for written back what the journal still has',
    noticedBy: 'filesystem',
    edits: [{ file: 'mds/core/followed-journal.ts', from: 'if (last >= segment) break;', to: 'if (last > segment) break;' }],
  },
  {
    name: 'follower-late',
    breaks: 'who takes a rank over goes on from what it has read before, without the last that was written',
    noticedBy: 'filesystem',
    edits: [
      {
        file: 'mds/rank.ts',
        from: 'await follower.catchUp();',
        to: '',
      },
    ],
  },
  {
    name: 'counts-forgotten',
    breaks: 'a directory counts its names in the step that changes them: one more name is not counted',
    noticedBy: 'filesystem',
    edits: [{ file: 'mds/core/operation.ts', from: 'this.#count(directory, countsOf(inode), 1);', to: '' }],
  },
  {
    name: 'strays-forgotten',
    breaks: 'an unlinked file goes when its last user lets go of it',
    noticedBy: 'filesystem',
    edits: [{ file: 'mds/core/mds-core.ts', from: 'if (inode.nlink === 0) effects.purge(inode);', to: '' }],
  },
  {
    name: 'names-recall-too-early',
    breaks: 'a client gives a directory back before the MDS has answered what it has changed ahead there',
    noticedBy: 'filesystem',
    edits: [
      {
        file: 'fuse-client/vfs/cap-recalls.ts',
        from: 'this.#volume.mds.hurry();\n    return inode.allAnswered();',
        to: 'return inode.unanswered < 0 ? inode.allAnswered() : undefined;',
      },
      // Nor do they go before it.
      {
        file: 'mds/client/mds-client.ts',
        from: 'if (!ahead) {\n      this.hurry();',
        to: 'if (!ahead) {\n      if (!urgent) this.hurry();',
      },
    ],
  },
  {
    name: 'names-shown-too-early',
    breaks: 'the MDS shows a directory while another client changes its names ahead',
    noticedBy: 'filesystem',
    edits: [{ file: 'mds/core/cap.ts', from: '} else keep &= ~exclusiveCaps;', to: '}' }],
  },
  {
    name: 'undurable-shown',
    breaks: 'what one client has changed counts for others when it is durable',
    noticedBy: 'filesystem',
    edits: [
      {
        file: 'mds/core/mds-core.ts',
        from: 'return changedSeq <= this.safeSeq || (changedBy === instance && beneathSeq <= this.safeSeq);',
        to: 'return changedSeq >= 0 || changedBy === instance || beneathSeq <= this.safeSeq;',
      },
      {
        file: 'mds/core/operation.ts',
        from: 'if (seq > this.core.safeSeq) throw',
        to: 'if (seq > this.core.safeSeq + 1e9) throw',
      },
    ],
  },
  {
    name: 'names-out-of-turn',
    breaks: 'a request overtakes one that its session has sent ahead, on which it builds',
    noticedBy: 'filesystem',
    edits: [{ file: 'mds/request-desk.ts', from: 'this.#turns.set(session, turn);', to: '' }],
  },
  {
    name: 'size-not-recovered',
    breaks: 'what a dead client had written and not told is found in the objects',
    noticedBy: 'filesystem',
    edits: [
      {
        file: 'mds/core/mds-core.ts',
        from: 'this.effects.recover(inode);',
        to: 'inode.reach = 0;\n    inode.doubtful = false;\n    this.doubtful.delete(inode);',
      },
    ],
  },
  {
    name: 'size-lost-with-the-mds',
    breaks: 'likewise when the MDS dies with the client',
    noticedBy: 'filesystem',
    edits: [
      {
        file: 'mds/core/mds-core.ts',
        from: 'this.#recordDoubt(inode);\n        this.doubt(inode);',
        to: 'inode.reach = 0;\n        inode.doubtful = false;',
      },
    ],
  },
  {
    name: 'lease-outlived',
    breaks: 'a client uses what it caches only as long as nobody can have been given it',
    noticedBy: 'filesystem',
    edits: [{ file: 'mds/client/session-keeper.ts', from: 'return this.#lease.valid;', to: 'return true;' }],
  },
  {
    name: 'lease-not-waited',
    breaks: 'what an evicted client holds is given to nobody before its lease is over',
    noticedBy: 'filesystem',
    edits: [
      {
        file: 'mds/session-desk.ts',
        from: 'const waitMs = gone ? 0 : Math.max(0, session.leaseEndsMs - this.#env.clock.monotonicMs());',
        to: 'const waitMs = gone || session.leaseEndsMs > 0 ? 0 : 1;',
      },
    ],
  },
  {
    name: 'names-changed-unasked',
    breaks: 'a name is taken away when nobody relies on what it knows of the directory',
    noticedBy: 'filesystem',
    edits: [{ file: 'mds/ops/unlink.ts', from: "op.clear(directory, 'change');\n", to: '' }],
  },
  {
    name: 'fsyncdir-forgotten',
    breaks: 'fsync of a directory waits until its changes are in the journal',
    noticedBy: 'filesystem',
    edits: [{ file: 'fuse-client/vfs/listing.ts', from: 'await this.#volume.journaled(inode);', to: '' }],
  },
  {
    name: 'locks-forgotten',
    breaks: 'file locks are known again when their client has come back after a restart',
    noticedBy: 'filesystem',
    edits: [
      {
        file: 'mds/session-desk.ts',
        from: 'request.locks.map((lock) => ({ ...decodeLock(lock)',
        to: 'request.locks.slice(0, 0).map((lock) => ({ ...decodeLock(lock)',
      },
    ],
  },
  {
    name: 'promises-forgotten',
    breaks: 'what clients have been promised below a quota counts as used',
    noticedBy: 'filesystem',
    edits: [{ file: 'mds/core/quota.ts', from: 'room -= other.sizeLimit - 1 - other.size;', to: 'room -= 0;' }],
  },
  {
    name: 'links-uncounted',
    breaks: 'a file that is linked has one name more',
    noticedBy: 'filesystem',
    edits: [{ file: 'mds/ops/link.ts', from: 'inode.nlink++;', to: 'if (inode.nlink < 2) inode.nlink++;' }],
  },
  {
    name: 'append-unstored',
    breaks: 'what is appended counts when it is on the OSDs',
    noticedBy: 'filesystem',
    edits: [
      {
        file: 'mds/background/shared-appends.ts',
        from: 'await this.#write(inode, from, batch);',
        to: 'void this.#write(inode, from, batch).catch(() => undefined);',
      },
    ],
  },
  {
    name: 'append-same-range',
    breaks: 'one appends at a time',
    noticedBy: 'filesystem',
    edits: [
      {
        file: 'mds/ops/append.ts',
        from: 'if (inode.appenders.some((instance) => instance !== session.instance)) throw',
        to: 'if (inode.appenders.length > 99) throw',
      },
    ],
  },
  {
    name: 'move-while-held',
    breaks: 'a directory goes to another rank only when nobody holds anything of it',
    noticedBy: 'ranks',
    edits: [
      {
        file: 'mds/background/mover.ts',
        from: 'inode.appenders.length > 0) free = false;',
        to: 'inode.appenders.length > 0) free = true;',
      },
    ],
  },
  {
    name: 'move-kept',
    breaks: 'who gives a directory to another rank forgets all that is in it',
    noticedBy: 'ranks',
    edits: [{ file: 'mds/core/mds-core.ts', from: '    this.cache.leave(directory);\n', to: '' }],
  },
  {
    name: 'move-unwritten',
    breaks: 'a directory goes to another rank when all of it is in its objects',
    noticedBy: 'ranks',
    edits: [
      {
        file: 'mds/background/mover.ts',
        from: 'await this.#freeze(root);\n      if (!(await writeBack.settle()))',
        to: 'await this.#freeze(root);\n      if (this.#stopped)',
      },
    ],
  },
  {
    name: 'across-answered-early',
    breaks: 'a change of names between ranks is answered when it has come to all of them',
    noticedBy: 'ranks',
    edits: [{ file: 'mds/across-desk.ts', from: 'await this.settled(incoming);', to: '' }],
  },
  {
    name: 'across-lent-shown',
    breaks: 'what is lent to another rank is not shown or changed until it is back',
    noticedBy: 'ranks',
    edits: [
      {
        file: 'mds/core/operation.ts',
        from: "if (!this.passes && this.core.loans.isLent(inode.ino)) throw new Blocked({ kind: 'between' });",
        to: '',
      },
    ],
  },
  {
    name: 'rank-not-meant',
    breaks: 'a session is opened with the rank that the client means',
    noticedBy: 'ranks',
    edits: [{ file: 'mds/session-desk.ts', from: 'if (request.rank !== core.rank)', to: 'if (request.rank < 0)' }],
  },
];
