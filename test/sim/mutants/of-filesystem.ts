/**
 * Rules of coherence, of the journal and of recovery, each with what breaks it: the filesystem with one MDS rank notices.
 * @module
 */
import { edit, type Break } from './mutant.ts';

export const filesystemMutants: readonly Break[] = [
  {
    name: 'record-of-before-kept',
    breaks: 'of an inode that is replayed nobody takes for known what the data pool has of it',
    edits: [
      edit('mds/core/mds-core.ts', 'const { mark } = entry;', 'const { mark } = entry;\n    if (mark !== undefined) this.#made(mark);'),
    ],
  },
  {
    name: 'moves-unrecorded',
    breaks: 'a file that has another name than it was made with has a record',
    edits: [edit('mds/core/record-table.ts', 'known.place.name !== name ||', '')],
  },
  {
    name: 'caps-alone-too-early',
    breaks: 'who is alone before all sessions of the life before are back is given all caps',
    edits: [edit('mds/core/locker.ts', 'if (!this.#complete) return;', '')],
  },
  {
    name: 'caps-kept-from-recall',
    breaks: 'a client that answers a recall goes on using what it gave back',
    edits: [
      edit(
        'fuse-client/vfs/cap-recalls.ts',
        'this.#updates.post(inode, { urgent: true, lockStates });',
        'this.#updates.post(inode, { urgent: true, lockStates });\n    inode.caps |= lost & Cap.attrShared;',
      ),
    ],
  },
  {
    name: 'recall-not-waited',
    breaks: 'who was asked to give caps back is taken for having done so',
    edits: [
      edit('mds/core/locker.ts', "if (waits) throw new Blocked({ kind: 'recall', inode });", 'if (waits) return;'),
      edit(
        'mds/core/locker.ts',
        'if (cap === own) continue;\n      issued |= cap.issued;',
        'if (cap === own) continue;\n      issued |= cap.recall?.keep ?? cap.issued;',
      ),
    ],
  },
  {
    name: 'barrier-skipped',
    breaks: 'who comes after an evicted client waits for a map in which the OSDs refuse that one',
    edits: [edit('mds/evictions.ts', 'this.raiseBarrier(await this.#options.fence(instance));', 'await this.#options.fence(instance);')],
  },
  {
    name: 'fsync-unjournaled',
    breaks: 'fsync is answered when the journal has on disk what was changed',
    edits: [
      edit(
        'mds/request-desk.ts',
        'await journal.flush(message.seq === 0 ? journal.seq : message.seq);\n    return { seq: journal.safeSeq };',
        'return { seq: message.seq === 0 ? journal.seq : message.seq };',
      ),
      edit('mds/request-desk.ts', 'if (request.flush) await journal.flush(journalSeq);', ''),
    ],
  },
  {
    name: 'replay-applied-twice',
    breaks: 'a request that is sent again, and is in the journal, is answered as it was',
    edits: [edit('mds/core/operation.ts', 'this.#head.tid === 0 ? undefined', 'this.#head.tid === 0 || this.#head.replay ? undefined')],
  },
  {
    name: 'follower-forgets',
    breaks: 'who follows an MDS takes for written back what the journal still has',
    edits: [edit('mds/core/followed-journal.ts', 'if (last >= segment) break;', 'if (last > segment) break;')],
  },
  {
    name: 'follower-late',
    breaks: 'who takes a rank over goes on from what it has read before, without the last that was written',
    edits: [edit('mds/rank.ts', 'await follower.catchUp();', '')],
  },
  {
    name: 'counts-forgotten',
    breaks: 'a directory counts its names in the step that changes them: one more name is not counted',
    edits: [edit('mds/core/operation.ts', 'this.#count(directory, countsOf(inode), 1);', '')],
  },
  {
    name: 'strays-forgotten',
    breaks: 'an unlinked file goes when its last user lets go of it',
    edits: [edit('mds/core/mds-core.ts', 'if (inode.nlink === 0) effects.purge(inode);', '')],
  },
  {
    name: 'names-recall-too-early',
    breaks: 'a client gives a directory back before the MDS has answered what it has changed ahead there',
    edits: [
      edit(
        'fuse-client/vfs/cap-recalls.ts',
        'this.#volume.mds.hurry();\n    return inode.allAnswered();',
        'return inode.unanswered < 0 ? inode.allAnswered() : undefined;',
      ),
      // Nor do they go before it.
      edit('mds/client/pending-requests.ts', 'if (!ahead) {\n      this.hurry();', 'if (!ahead) {\n      if (!urgent) this.hurry();'),
    ],
  },
  {
    name: 'names-shown-too-early',
    breaks: 'the MDS shows a directory while another client changes its names ahead',
    edits: [edit('mds/core/cap.ts', '} else keep &= ~exclusiveCaps;', '}')],
  },
  {
    name: 'names-out-of-turn',
    breaks: 'a request overtakes one that its session has sent ahead, on which it builds',
    edits: [edit('mds/request-desk.ts', 'this.#turns.set(session, turn);', '')],
  },
  {
    name: 'size-not-recovered',
    breaks: 'what a dead client had written and not told is found in the objects',
    edits: [
      edit(
        'mds/core/mds-core.ts',
        'this.effects.recover(inode);',
        'inode.reach = 0;\n    inode.doubtful = false;\n    this.doubtful.delete(inode);',
      ),
    ],
  },
  {
    name: 'size-lost-with-the-mds',
    breaks: 'likewise when the MDS dies with the client',
    edits: [
      edit(
        'mds/core/mds-core.ts',
        'this.#recordDoubt(inode);\n        this.doubt(inode);',
        'inode.reach = 0;\n        inode.doubtful = false;',
      ),
    ],
  },
  {
    name: 'lease-outlived',
    breaks: 'a client uses what it caches only as long as nobody can have been given it',
    edits: [edit('mds/client/session-keeper.ts', 'return this.#lease.valid;', 'return true;')],
  },
  {
    name: 'lease-not-waited',
    breaks: 'what an evicted client holds is given to nobody before its lease is over',
    edits: [
      edit(
        'mds/evictions.ts',
        'const waitMs = gone ? 0 : Math.max(0, session.leaseEndsMs - this.#env.clock.monotonicMs());',
        'const waitMs = gone || session.leaseEndsMs > 0 ? 0 : 1;',
      ),
    ],
  },
  {
    name: 'names-changed-unasked',
    breaks: 'a name is taken away when nobody relies on what it knows of the directory',
    edits: [edit('mds/ops/unlink.ts', "op.clear(directory, 'change');\n", '')],
  },
  {
    name: 'fsyncdir-forgotten',
    breaks: 'fsync of a directory waits until its changes are in the journal',
    edits: [edit('fuse-client/vfs/listing.ts', 'await this.#volume.journaled(inode);', '')],
  },
  {
    name: 'locks-forgotten',
    breaks: 'file locks are known again when their client has come back after a restart',
    edits: [
      edit(
        'mds/session-desk.ts',
        'request.locks.map((lock) => ({ ...decodeLock(lock)',
        'request.locks.slice(0, 0).map((lock) => ({ ...decodeLock(lock)',
      ),
    ],
  },
  {
    name: 'promises-forgotten',
    breaks: 'what clients have been promised below a quota counts as used',
    edits: [edit('mds/core/quota.ts', 'room -= other.sizeLimit - 1 - other.size;', 'room -= 0;')],
  },
  {
    name: 'links-uncounted',
    breaks: 'a file that is linked has one name more',
    edits: [edit('mds/ops/link.ts', 'inode.nlink++;', 'if (inode.nlink < 2) inode.nlink++;')],
  },
  {
    name: 'append-unstored',
    breaks: 'what is appended counts when it is on the OSDs',
    edits: [
      edit(
        'mds/background/shared-appends.ts',
        'await this.#write(inode, from, batch);',
        'void this.#write(inode, from, batch).catch(() => undefined);',
      ),
    ],
  },
  {
    name: 'append-same-range',
    breaks: 'one appends at a time',
    edits: [
      edit(
        'mds/ops/append.ts',
        'if (inode.appenders.some((instance) => instance !== session.instance)) throw',
        'if (inode.appenders.length > 99) throw',
      ),
    ],
  },
  {
    name: 'undurable-shown',
    breaks: 'what one client has changed counts for others when it is durable',
    edits: [
      edit(
        'mds/core/mds-core.ts',
        'return changedSeq <= this.safeSeq || (changedBy === instance && beneathSeq <= this.safeSeq);',
        'return changedSeq >= 0 || changedBy === instance || beneathSeq <= this.safeSeq;',
      ),
      edit('mds/core/sight.ts', 'if (seq > this.core.safeSeq) throw', 'if (seq > this.core.safeSeq + 1e9) throw'),
    ],
  },
  {
    name: 'release-overtakes',
    breaks: 'a client that gives an inode back has told before what it changed of it',
    edits: [edit('mds/client/mds-client.ts', "now.kind === 'open' && now.replaying;", "now.kind === 'connecting';")],
  },
];
