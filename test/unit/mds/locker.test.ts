import test, { type ExecutionContext } from 'ava';
import { ino as inoOf } from '../../../common/maps/ids.ts';
import { Cap, directoryAll, exclusiveCaps, fileAll } from '../../../mds/client/caps.ts';
import { Blocked } from '../../../mds/core/blocked.ts';
import { directoryShared, fileShared, fileThrough } from '../../../mds/core/cap.ts';
import { FileType } from '../../../mds/client/file-mode.ts';
import { Inode } from '../../../mds/core/inode.ts';
import { capOf, Locker } from '../../../mds/core/locker.ts';
import { MdsSession } from '../../../mds/core/session.ts';

const reads = Cap.fileRead | Cap.fileCache;
const writes = Cap.fileWrite | Cap.fileBuffer;

interface Sent {
  readonly kind: 'recall' | 'grant' | 'recalled' | 'unheld';
  readonly to?: number;
  readonly caps?: number;
  readonly seq?: number;
}

function setUp(type: number = FileType.regular): {
  locker: Locker;
  inode: Inode;
  a: MdsSession;
  b: MdsSession;
  c: MdsSession;
  sent: Sent[];
  state: { nowMs: number; isUnlimited: boolean; isUnsafe: boolean };
} {
  const sent: Sent[] = [];
  const state = { nowMs: 0, isUnlimited: true, isUnsafe: false };
  const locker = new Locker(
    {
      recall: (to, _ino, caps, seq) => sent.push({ kind: 'recall', to, caps, seq }),
      grant: (to, { caps, seq }) => sent.push({ kind: 'grant', to, caps, seq }),
      recalled: () => sent.push({ kind: 'recalled' }),
      appended: () => undefined,
      unheld: () => sent.push({ kind: 'unheld' }),
      limit: () => 0,
      isUnlimited: () => state.isUnlimited,
      isUnsafe: () => state.isUnsafe,
      isMoving: () => false,
      nowMs: () => state.nowMs,
    },
    1_000,
  );
  locker.complete([]);
  const [a, b, c] = [1, 2, 3].map((instance) => new MdsSession(instance, `client.${instance}`, '')) as [MdsSession, MdsSession, MdsSession];
  return { locker, inode: new Inode(inoOf(9), type | 0o644), a, b, c, sent, state };
}

/** The request is blocked and stays around, as the runner of requests lets it. */
function waits(
  t: ExecutionContext,
  { locker, inode }: { readonly locker: Locker; readonly inode: Inode },
  session: MdsSession,
  access: 'read' | 'change' | 'cut',
  wanted?: number,
  message?: string,
): void {
  t.throws(() => locker.clear(session, inode, access, wanted), { instanceOf: Blocked }, message);
  inode.contenders = 1;
}

/** What it waited for has come: it is tried again. */
function goesOn(
  { locker, inode }: { readonly locker: Locker; readonly inode: Inode },
  session: MdsSession,
  access: 'read' | 'change' | 'cut',
  wanted?: number,
): void {
  inode.contenders = 0;
  locker.clear(session, inode, access, wanted);
}

test('locker: a lone session → all that fit the type, nobody is asked', (t) => {
  const file = setUp();
  file.locker.clear(file.a, file.inode, 'change');
  t.is(file.locker.grant(file.a, file.inode).caps, fileAll);
  const directory = setUp(FileType.directory);
  t.is(directory.locker.grant(directory.a, directory.inode).caps, directoryAll);
  const link = setUp(FileType.symlink);
  t.is(link.locker.grant(link.a, link.inode).caps, Cap.attrShared);
  t.deepEqual(file.sent, []);
});

test('locker: a second reader → the first gives back what is exclusive, both share', (t) => {
  const all = setUp();
  const { locker, inode, a, b, sent } = all;
  locker.grant(a, inode, reads);
  waits(t, all, b, 'read', reads);
  t.deepEqual(sent, [{ kind: 'recall', to: 1, caps: fileShared, seq: 2 }]);
  waits(t, all, b, 'read', reads, 'still waiting, not asked twice');
  t.is(sent.length, 1);
  locker.update(a, inode, fileShared, reads, 2);
  t.deepEqual(sent[1], { kind: 'recalled' });
  goesOn(all, b, 'read', reads);
  t.is(locker.grant(b, inode, reads).caps, fileShared);
  t.is(capOf(inode, a)?.issued, fileShared);
});

test('locker: a writer comes to readers → everyone writes and reads through', (t) => {
  const all = setUp();
  const { locker, inode, a, b, sent } = all;
  locker.grant(a, inode, reads);
  waits(t, all, b, 'read', writes);
  t.deepEqual(sent, [{ kind: 'recall', to: 1, caps: Cap.fileRead, seq: 2 }]);
  locker.update(a, inode, Cap.fileRead, reads, 2);
  goesOn(all, b, 'read', writes);
  t.is(locker.grant(b, inode, writes).caps, Cap.fileWrite);
  t.is(locker.grant(a, inode).caps, Cap.fileRead);
});

test('locker: a file that nobody wants any more → its holder loses all to one who wants to write', (t) => {
  const all = setUp();
  const { locker, inode, a, b, sent } = all;
  locker.grant(a, inode, 0);
  waits(t, all, b, 'read', writes);
  t.is(sent[0]?.caps, 0);
  locker.update(a, inode, 0, 0, 2);
  t.is(a.caps.size, 0);
  goesOn(all, b, 'read', writes);
  t.is(locker.grant(b, inode, writes).caps, fileAll);
});

test('locker: attributes are read beside a writer → the writer gives back what is exclusive and gets it again with its next word', (t) => {
  const all = setUp();
  const { locker, inode, a, b } = all;
  locker.grant(a, inode, writes | reads);
  waits(t, all, b, 'read');
  locker.update(a, inode, fileAll & ~exclusiveCaps, writes | reads, 2);
  goesOn(all, b, 'read');
  t.deepEqual({ ...locker.grant(b, inode), inode: undefined }, { inode: undefined, caps: 0, seq: 0, unsafe: false });
  t.is(locker.grant(a, inode).caps, fileAll);
});

test('locker: attributes change → others lose what they cached of them, the data stays cached', (t) => {
  const all = setUp();
  const { locker, inode, a, b, sent } = all;
  locker.grant(a, inode, reads);
  waits(t, all, b, 'change');
  t.is(sent[0]?.caps, Cap.fileRead | Cap.fileCache);
  const cut = setUp();
  cut.locker.grant(cut.a, cut.inode, reads);
  waits(t, cut, cut.b, 'cut');
  t.is(cut.sent[0]?.caps, Cap.fileRead);
});

test('locker: names change → others lose what they cached of them', (t) => {
  const all = setUp(FileType.directory);
  const { locker, inode, a, b, sent } = all;
  all.state.isUnlimited = false;
  t.is(locker.grant(a, inode).caps, directoryShared, 'below a quota names are asked for, one by one');
  locker.clear(b, inode, 'read');
  t.is(locker.grant(b, inode).caps, directoryShared);
  waits(t, all, b, 'change');
  t.deepEqual(sent, [{ kind: 'recall', to: 1, caps: 0, seq: 2 }]);
});

test('locker: a directory is one client’s alone → others look when it has given that back; it has it again when they have stayed away', (t) => {
  const all = setUp(FileType.directory);
  const { locker, inode, a, b, sent, state } = all;
  t.is(locker.grant(a, inode).caps, directoryAll);
  waits(t, all, b, 'read');
  t.deepEqual(sent, [{ kind: 'recall', to: 1, caps: directoryShared, seq: 2 }]);
  t.is(locker.grant(b, inode).caps, 0, 'nothing before that');
  locker.update(a, inode, directoryShared, 0, 2);
  goesOn(all, b, 'read');
  t.is(locker.grant(b, inode).caps, directoryShared);

  waits(t, all, a, 'change');
  locker.update(b, inode, 0, 0, 2);
  goesOn(all, a, 'change');
  t.is(locker.grant(a, inode).caps, directoryShared, 'others were here just now');
  state.nowMs += 1_000;
  t.is(locker.grant(a, inode).caps, directoryAll);
});

test('locker: an update older than the last recall → only what it wants counts', (t) => {
  const all = setUp();
  const { locker, inode, a, b, sent } = all;
  locker.grant(a, inode, reads);
  waits(t, all, b, 'read', reads);
  locker.update(a, inode, 0, 0, 1);
  t.is(sent.filter(({ kind }) => kind === 'recalled').length, 0);
  t.is(capOf(inode, a)?.issued, fileAll);
  t.is(capOf(inode, a)?.wanted, 0);
});

test('locker: grants while a recall is unanswered → nothing more, under the older seq', (t) => {
  const all = setUp();
  const { locker, inode, a, b } = all;
  locker.grant(a, inode, reads);
  waits(t, all, b, 'read', reads);
  t.deepEqual({ ...locker.grant(a, inode), inode: undefined }, { inode: undefined, caps: fileShared, seq: 1, unsafe: false });
});

test('locker: what is in no journal yet → is said so, with whatever is told of it', (t) => {
  const { locker, inode, a, sent, state } = setUp();
  state.isUnsafe = true;
  t.true(locker.held(a, inode).unsafe);
  t.true(locker.grant(a, inode, reads).unsafe);
  state.isUnsafe = false;
  t.false(locker.grant(a, inode).unsafe);
  t.deepEqual(sent, []);
});

test('locker: a recall gets stricter while it is unanswered → asked once more, the last word counts', (t) => {
  const all = setUp();
  const { locker, inode, a, b, c, sent } = all;
  locker.grant(a, inode, reads);
  waits(t, all, b, 'read', reads);
  waits(t, all, c, 'read', writes);
  t.deepEqual(
    sent.map(({ caps, seq }) => [caps, seq]),
    [
      [fileShared, 2],
      [Cap.fileRead, 3],
    ],
  );
  locker.update(a, inode, fileShared, reads, 2);
  t.is(capOf(inode, a)?.recall?.keep, Cap.fileRead);
  locker.update(a, inode, Cap.fileRead, reads, 3);
  t.is(capOf(inode, a)?.recall, undefined);
});

test('locker: contended → nobody is given more until the one who waits has had its turn', (t) => {
  const all = setUp();
  const { locker, inode, a, b } = all;
  locker.grant(a, inode, reads | writes);
  waits(t, all, b, 'read', reads);
  locker.update(a, inode, fileThrough, reads | writes, 2);
  t.is(capOf(inode, a)?.issued, locker.grant(a, inode).caps);
  t.is(locker.grant(a, inode).caps & exclusiveCaps, 0);
});

test('locker: the other user goes → the one left gets everything, unasked', (t) => {
  const all = setUp();
  const { locker, inode, a, b, sent } = all;
  locker.grant(a, inode, reads);
  waits(t, all, b, 'read', writes);
  locker.update(a, inode, Cap.fileRead, reads, 2);
  goesOn(all, b, 'read', writes);
  locker.grant(b, inode, writes);
  sent.length = 0;
  locker.revoke(b, inode);
  t.deepEqual(sent, [{ kind: 'grant', to: 1, caps: fileAll, seq: 3 }]);
  locker.revoke(a, inode);
  t.deepEqual(sent.at(-1), { kind: 'unheld' });
});

test('locker: one that no longer wants a file beside a writer → is asked for what it has left', (t) => {
  const all = setUp();
  const { locker, inode, a, b, sent } = all;
  locker.grant(a, inode, reads);
  waits(t, all, b, 'read', writes);
  locker.update(a, inode, Cap.fileRead, reads, 2);
  goesOn(all, b, 'read', writes);
  locker.grant(b, inode, writes);
  sent.length = 0;
  locker.update(a, inode, Cap.fileRead, 0, 2);
  t.deepEqual(sent, [{ kind: 'recall', to: 1, caps: 0, seq: 3 }]);
  locker.update(a, inode, 0, 0, 3);
  t.deepEqual(sent.at(-1), { kind: 'grant', to: 2, caps: fileAll, seq: 2 });
});

test('locker: restored after a restart → what fits is kept, what does not is asked for', (t) => {
  const all = setUp();
  const { locker, inode, a, b, sent } = all;
  locker.restore(a, inode, fileAll, writes, 7);
  t.is(capOf(inode, a)?.issued, fileAll);
  locker.restore(b, inode, fileAll, reads, 4);
  t.deepEqual(sent, [{ kind: 'recall', to: 2, caps: 0, seq: 5 }]);
});

test('locker: restored as held, for what has to be told again, beside what another still holds → nothing is given until that has come back (seed 92906)', (t) => {
  const all = setUp();
  const { locker, inode, a, b, sent } = all;
  const telling = Cap.attrExclusive | Cap.fileWrite | Cap.fileExclusive;
  locker.restore(a, inode, telling, 0, 0);
  locker.restore(b, inode, fileThrough, writes | reads, 9);
  t.deepEqual(sent, [{ kind: 'recall', to: 2, caps: 0, seq: 10 }]);
  locker.complete([inode]);
  t.like(locker.grant(a, inode, writes | reads), { caps: telling, seq: 0 }, 'no newer word');
  locker.update(b, inode, 0, writes | reads, 10);
  t.like(locker.grant(a, inode), { caps: telling | fileThrough, seq: 1 });
});

test('locker: restored as held, for what has to be told again → nobody is given more before that has come, he too (seed 100520)', (t) => {
  const all = setUp();
  const { locker, inode, a, sent } = all;
  const telling = Cap.attrExclusive | Cap.fileWrite | Cap.fileExclusive;
  locker.restore(a, inode, telling, writes, 10, 260);
  locker.complete([inode]);
  t.deepEqual(sent, []);
  t.like(locker.grant(a, inode, writes), { caps: telling, seq: 10 }, 'no newer word');
  locker.told(a, inode, 259);
  t.deepEqual(sent, []);
  locker.told(a, inode, 260);
  t.deepEqual(sent, [{ kind: 'grant', to: 1, caps: fileAll, seq: 11 }]);
});

test('locker: a connection was lost with a grant on its way → the client holds what it says', (t) => {
  const all = setUp();
  const { locker, inode, a } = all;
  locker.grant(a, inode, reads);
  locker.confirm(a, inode, fileShared, reads, 1);
  t.is(capOf(inode, a)?.issued, fileShared);
  t.is(locker.grant(a, inode).caps, fileAll);
});

test('locker: a connection was lost with a recall on its way, the client tells newer numbers → it is asked under a number above them', (t) => {
  const all = setUp();
  const { locker, inode, a, b, sent } = all;
  locker.restore(a, inode, fileAll, reads, 40);
  waits(t, all, b, 'read');
  t.is(sent.at(-1)?.seq, 41);
  locker.confirm(a, inode, fileAll, reads, 44);
  t.deepEqual(sent.at(-1), { kind: 'recall', to: 1, caps: fileShared, seq: 45 });
  locker.update(a, inode, fileShared, reads, 45);
  goesOn(all, b, 'read');
});

test('locker: no last name and no user → nothing is given for it', (t) => {
  const all = setUp();
  const { locker, inode, a } = all;
  inode.nlink = 0;
  t.is(locker.grant(a, inode).caps, 0);
  t.is(a.caps.size, 0);
  t.is(locker.grant(a, inode, reads).caps, fileAll);
});

/** Whatever two sessions do, what they hold never contradicts. */
test('locker: random users → never an exclusive cap beside another, never a cached byte beside a writer', (t) => {
  const all = setUp();
  const { locker, inode, a, b, c } = all;
  const sessions = [a, b, c];
  let state = 1;
  const random = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
  let grants = 0;
  for (let step = 0; step < 20_000; step++) {
    const session = sessions[random(3)] as MdsSession;
    const wanted = [0, reads, writes, reads | writes][random(4)] as number;
    const cap = capOf(inode, session);
    if (cap?.recall !== undefined && random(2) === 0)
      locker.update(session, inode, cap.recall.keep, random(3) === 0 ? wanted : cap.wanted, cap.seq);
    else if (cap !== undefined && random(6) === 0) locker.update(session, inode, 0, 0, cap.seq);
    else {
      try {
        locker.clear(session, inode, (['read', 'change', 'cut'] as const)[random(3)] ?? 'read', wanted);
        locker.grant(session, inode, wanted);
        grants++;
      } catch (error) {
        if (!(error instanceof Blocked)) throw error;
      }
    }
    for (const one of inode.caps) {
      for (const other of inode.caps) {
        if (one === other) continue;
        if ((one.issued & exclusiveCaps) !== 0) t.is(other.issued, 0, `step ${step}: ${one.issued} beside ${other.issued}`);
        if ((one.issued & Cap.fileWrite) !== 0)
          t.is(other.issued & (Cap.fileCache | Cap.fileBuffer), 0, `step ${step}: ${one.issued} beside ${other.issued}`);
      }
    }
  }
  t.true(grants > 1000);
});

test('locker: caps given back and taken anew → a late release of the old ones does not take the new ones', (t) => {
  const { locker, inode, a, b } = setUp();
  const old = locker.grant(a, inode, reads);
  t.true(waitsFor(locker, b, inode));
  // The release was on its way when the recall came; the recall is answered for an inode that is forgotten.
  const recalled = capOf(inode, a)?.seq ?? 0;
  locker.update(a, inode, 0, 0, recalled);
  t.is(capOf(inode, a), undefined);
  const anew = locker.grant(a, inode, reads);
  t.true(anew.seq > recalled);
  locker.update(a, inode, 0, reads, old.seq);
  t.is(capOf(inode, a)?.issued, anew.caps);
});

/** Whether what `session` wants to change must wait for others. */
function waitsFor(locker: Locker, session: MdsSession, inode: Inode): boolean {
  try {
    locker.clear(session, inode, 'change', writes);
    return false;
  } catch (error) {
    if (error instanceof Blocked) return true;
    throw error;
  }
}
