import test from 'ava';
import type { InodeGrant, InodeRecord } from '../../../common/wire/gen/messages.ts';
import { CapReleases } from '../../../fuse-client/vfs/cap-releases.ts';
import { InodeTable } from '../../../fuse-client/vfs/inode-table.ts';
import type { Volume } from '../../../fuse-client/vfs/volume.ts';
import { allCaps, FileType } from '../../../mds/client/index.ts';

const fileAll = allCaps(FileType.regular);

interface Sent {
  readonly caps: readonly number[];
  readonly answer: () => void;
}

/** Releases of one client, which are sent when asked to and answered when the test says so. */
function setUp(): { inodes: InodeTable; releases: CapReleases; sent: Sent[] } {
  const inodes = new InodeTable();
  const sent: Sent[] = [];
  const rank = {
    releaseCaps: (held: readonly { readonly caps: number }[], answered: () => void) =>
      new Promise<void>((resolve) => {
        const answer = (): void => {
          answered();
          resolve();
        };
        sent.push({ caps: held.map(({ caps }) => caps), answer });
      }),
  };
  const env = { clock: { setTimer: () => ({ cancel: () => undefined }) }, spawn: (_what: string, run: () => Promise<void>) => void run() };
  const volume = { inodes, env, mds: { of: () => rank, isGone: () => false } } as unknown as Volume;
  return { inodes, releases: new CapReleases(volume), sent };
}

test('cap releases: all given back while the word that nothing is left to tell is on its way → an answer from before gives nothing', (t) => {
  const { inodes, releases, sent } = setUp();
  const record = { ino: 9, version: 1, mode: FileType.regular | 0o644, xattrs: [], symlink: new Uint8Array(0), layout: null };
  const grant: InodeGrant = { inode: record as unknown as InodeRecord, caps: fileAll, seq: 7, unsafe: false };
  const inode = inodes.apply(grant, 0);
  t.is(inode?.caps, fileAll);
  if (inode === undefined) return;
  inode.wantedTold = fileAll;
  releases.rest(inode);
  releases.sendNow();
  t.deepEqual(sent[0]?.caps, [fileAll]);
  inodes.remove(inode);
  releases.release({ ino: 9, caps: 0, wanted: 0, seq: 7, dirty: null }, 0);
  sent[0]?.answer();
  t.is(inodes.apply(grant, 0)?.caps, 0);
  releases.sendNow();
  t.deepEqual(sent[1]?.caps, [0]);
  sent[1]?.answer();
  t.is(inodes.apply({ ...grant, seq: 8 }, 0)?.caps, fileAll);
});
