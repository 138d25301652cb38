/**
 * Quotas as several hosts meet them: never more than allowed, never refused while there is room; what the filesystem says of itself.
 * @module
 */
import test from 'ava';
import type { PathFile } from '../../fuse-client/client/path-file.ts';
import { codeOf } from '../support/code-of.ts';
import { tell } from '../support/tell.ts';

const mebi = 1 << 20;
const piece = Buffer.alloc(mebi / 4, 7);

/** Writes pieces until one is refused. Returns how many were taken. */
async function fill(file: PathFile, flavour: 'append' | 'write', bytes = piece): Promise<number> {
  for (let pieces = 0; ; pieces++) {
    const outcome = await codeOf(() => (flavour === 'append' ? file.write(bytes) : file.write(bytes, pieces * bytes.length)));
    if (outcome === 'EDQUOT') return pieces;
    if (outcome !== 'done') throw new Error(outcome);
  }
}

test('quota of bytes: writers on several hosts meet at its end → each waits for the other, and neither for ever', async (t) => {
  await tell('meet', async (cluster) => {
    const { paths } = await cluster.connect('a');
    const writers = [paths, paths, (await cluster.connect('b')).paths, (await cluster.connect('c')).paths];
    await paths.mkdir('/q');
    await paths.setXattr('/q', 'nacre.quota.max_bytes', Buffer.from('4000000'));
    const files = await Promise.all(writers.map((host, n) => host.open(`/q/${n}`, 'w')));
    const started = cluster.world.nowMs;
    const small = Buffer.alloc(4_000, 7);
    const counts = await Promise.all(files.map((file) => fill(file, 'write', small)));
    t.true(cluster.world.nowMs - started < 5_000, 'nobody was evicted');
    t.is(
      counts.reduce((sum, count) => sum + count, 0),
      1_000,
      counts.join(' + '),
    );
  });
});

test('quota of bytes: several hosts write as fast as they can → together exactly what is allowed, then EDQUOT', async (t) => {
  await tell('quota', async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/q');
    await a.paths.mkdir('/q/deep');
    const early = await b.paths.open('/q/early', 'w');
    await early.write(piece, 0);
    await a.paths.setXattr('/q', 'nacre.quota.max_bytes', Buffer.from(`${20 * mebi}`));
    t.is(String(await b.paths.getXattr('/q', 'ceph.quota.max_bytes')), `${20 * mebi}`);
    const files = await Promise.all([
      a.paths.open('/q/a', 'w'),
      b.paths.open('/q/deep/b', 'w'),
      a.paths.open('/q/shared', 'w'),
      b.paths.open('/q/shared', 'w'),
    ]);
    const [alone, other, shared, sharedToo] = files;
    const counts = await Promise.all([fill(alone, 'write'), fill(other, 'write'), fill(early, 'write')]);
    const taken = counts.reduce((sum, count) => sum + count, 0);
    t.is(taken, 80, `80 pieces of 256 KiB fit: ${counts.join(' + ')}`);
    t.is(await codeOf(() => shared.write(piece, 0)), 'EDQUOT');
    t.is(await codeOf(() => sharedToo.truncate(1)), 'EDQUOT');
    t.is(await codeOf(() => alone.write(piece, 0)), 'done', 'what is there may be overwritten');
    t.is(await codeOf(() => alone.truncate(2 ** 40)), 'EDQUOT');
    const before = await a.paths.statfs('/q/deep');
    t.deepEqual([before.totalBytes, before.freeBytes], [20 * mebi, 0]);
    t.true((await a.paths.statfs('/')).totalBytes !== 20 * mebi);
    await alone.truncate(0);
    const both = await Promise.all([fill(shared, 'write'), fill(sharedToo, 'write')]);
    t.is(Math.max(...both), counts[0], 'both wrote the same pieces');
    for (const file of [...files, early]) await file.close();
    t.is(String(await b.paths.getXattr('/q', 'nacre.dir.rbytes')), `${20 * mebi}`);
    await a.paths.removeXattr('/q', 'nacre.quota.max_bytes');
    await t.throwsAsync(a.paths.getXattr('/q', 'nacre.quota.max_bytes'), { code: 'ENODATA' });
    const free = await a.paths.open('/q/free', 'w');
    for (let n = 0; n < 8; n++) await free.write(piece, n * piece.length);
    await free.close();
  });
});

test('quota of bytes: hosts that only closed their files → what they were promised is there for others', async (t) => {
  await tell('promises', async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/q');
    await a.paths.setXattr('/q', 'nacre.quota.max_bytes', Buffer.from(`${16 * mebi}`));
    for (let n = 0; n < 8; n++) {
      const file = await a.paths.open(`/q/${n}`, 'w');
      await file.write(piece, 0);
      await file.close();
    }
    const log = await b.paths.open('/q/log', 'a');
    t.is(await fill(log, 'append'), 64 - 8);
    await log.close();
  });
});

test('quota of bytes: the MDS dies while clients write on a promise → still exactly what is allowed', async (t) => {
  await tell('restart', async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/q');
    await a.paths.setXattr('/q', 'nacre.quota.max_bytes', Buffer.from(`${12 * mebi}`));
    const [one, two] = [await a.paths.open('/q/one', 'w'), await b.paths.open('/q/two', 'w')];
    const writing = Promise.all([fill(one, 'write'), fill(two, 'write')]);
    await cluster.world.sleep(20);
    cluster.crash('mds.a');
    await cluster.world.sleep(300);
    cluster.restart('mds.a');
    const [first, second] = await writing;
    t.is(first + second, 48);
    await one.close();
    await two.close();
  });
});

test('quota of bytes: another looks at a file that is being cut, and the MDS dies before it could write that down → no size of long ago, and no quota is in the way (seed 8455013)', async (t) => {
  await tell('cut', async (cluster) => {
    const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
    await a.paths.mkdir('/q');
    await a.paths.setXattr('/q', 'nacre.quota.max_bytes', Buffer.from(`${4 * mebi}`));
    const other = await b.paths.open('/q/other', 'w');
    const file = await a.paths.open('/q/f', 'w');
    // Whole blocks go to the OSDs at once; the MDS hears of the size later.
    await file.write(Buffer.alloc(2 * mebi, 'x'));
    await cluster.world.sleep(500);
    for (const osd of cluster.osdNames) cluster.crash(osd);
    const cutting = file.truncate(mebi);
    // Asks for more than is left beside what the other was promised: that is called back.
    const writing = other.write(Buffer.alloc(2 * mebi, 'y'));
    await cluster.world.sleep(20);
    cluster.crash('mds.a');
    const looking = b.paths.stat('/q/f');
    const filling = codeOf(() => other.write(Buffer.alloc(mebi + 1, 'z'), 2 * mebi));
    // The one that cuts comes back last, and is heard last.
    cluster.world.fabric.partition(['a'], ['mds.a']);
    for (const osd of cluster.osdNames) await cluster.boot(osd);
    const booted = cluster.boot('mds.a');
    await cluster.world.sleep(300);
    cluster.world.fabric.heal();
    await booted;
    const { size } = await looking;
    t.true(size === 2 * mebi || size === mebi, `${size} bytes seen`);
    await Promise.all([cutting, writing]);
    t.is(await filling, 'EDQUOT');
    t.is((await b.paths.stat('/q/f')).size, mebi);
    t.is((await b.paths.readFile('/q/f')).compare(Buffer.alloc(mebi, 'x')), 0);
  });
});

test('quota of bytes: a file that was long and safe is cut and written on, and the MDS dies → what it was long before does not count', async (t) => {
  await tell('long ago', async (cluster) => {
    const { world } = cluster;
    const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
    await a.paths.mkdir('/q');
    await a.paths.setXattr('/q', 'nacre.quota.max_bytes', Buffer.from(`${12 * mebi}`));
    const [one, two] = [await a.paths.open('/q/one', 'w'), await b.paths.open('/q/two', 'w')];
    for (let n = 0; n < 40; n++) await one.write(piece, n * piece.length);
    await one.fsync();
    await one.truncate(0);
    for (let n = 0; n < 40; n++) await two.write(piece, n * piece.length);
    await one.write(piece, 0);
    cluster.crash('mds.a');
    await world.sleep(8_000);
    cluster.restart('mds.a');
    t.is(await fill(one, 'write'), 8);
    for (const file of [one, two]) await file.close();
  });
});

test('quota of bytes: the answer to a cut is lost → the room that it made is given once', async (t) => {
  await tell('unheard cut', async (cluster) => {
    const { world } = cluster;
    const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
    await a.paths.mkdir('/q');
    await a.paths.setXattr('/q', 'nacre.quota.max_bytes', Buffer.from(`${12 * mebi}`));
    const [one, two] = [await a.paths.open('/q/one', 'w'), await b.paths.open('/q/two', 'w')];
    for (let n = 0; n < 24; n++) await one.write(piece, n * piece.length);
    await one.fsync();
    world.fabric.partition(['mds.a'], ['a'], { oneWay: true });
    const cut = one.truncate(0);
    await world.sleep(1_000);
    t.is(await fill(two, 'write'), 48);
    world.fabric.reset('a', 'mds.a');
    world.fabric.heal();
    await cut;
    t.is(await fill(one, 'write'), 0);
    for (const file of [one, two]) await file.close();
  });
});

test('quota of bytes: set while several hosts write to one file, and while one has promises on many → exact from then on', async (t) => {
  await tell('late', async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/q');
    const [one, two] = [await a.paths.open('/q/both', 'w'), await b.paths.open('/q/both', 'w')];
    await one.write(piece, 0);
    await two.write(piece, piece.length);
    await a.paths.setXattr('/q', 'nacre.quota.max_bytes', Buffer.from(`${16 * mebi}`));
    // Neither has heard of the file from the MDS since, but by what the quota itself brought about.
    t.is(await fill(one, 'write'), 64);
    t.is(await codeOf(() => two.write(piece, 64 * piece.length)), 'EDQUOT');
    await one.truncate(0);
    const many = await Promise.all(Array.from({ length: 12 }, (_, n) => a.paths.open(`/q/${n}`, 'w')));
    for (const file of many) await file.write(piece, 0);
    t.is(await fill(two, 'write'), 64 - 12, 'what was promised to those who are still open is called back');
    for (const file of [one, two, ...many]) await file.close();
    t.is(String(await b.paths.getXattr('/q', 'nacre.dir.rbytes')), `${16 * mebi}`);
  });
});

test('quota of bytes: lowered below what is there, while a host has promises → nothing more is let in on any, and less makes room again', async (t) => {
  await tell('lowered', async (cluster) => {
    const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
    await a.paths.mkdir('/q');
    const limit = (bytes: number): Promise<void> => a.paths.setXattr('/q', 'nacre.quota.max_bytes', Buffer.from(String(bytes)));
    await limit(16 * mebi);
    const file = await b.paths.open('/q/file', 'w');
    for (let pieces = 0; pieces < 16; pieces++) await file.write(piece, pieces * piece.length);
    await limit(mebi);
    t.is(await codeOf(() => file.write(piece, 16 * piece.length)), 'EDQUOT');
    t.is(await codeOf(() => file.write(piece, 0)), 'done', 'over what is there');
    t.is(await codeOf(() => a.paths.writeFile('/q/other', piece)), 'EDQUOT');
    await file.truncate(mebi / 2);
    const other = await a.paths.open('/q/other', 'r+');
    t.is(await fill(other, 'write'), 2);
    await Promise.all([file, other].map((each) => each.fsync()));
    for (const each of [file, other]) await each.close();
    t.is(String(await b.paths.getXattr('/q', 'nacre.dir.rbytes')), String(mebi));
  });
});

test('quota of bytes: a file is cut while a write to it has been allowed and not begun → the write asks again', async (t) => {
  await tell('cut beside', async (cluster) => {
    const [a, b, c] = [await cluster.connect('a'), await cluster.connect('b'), await cluster.connect('c')];
    await a.paths.mkdir('/q');
    await a.paths.setXattr('/q', 'nacre.quota.max_bytes', Buffer.from('10000'));
    for (let tenths = 0; tenths < 8; tenths++)
      for (const cutter of [a, b]) {
        const path = `/q/${tenths}${cutter === a ? 'a' : 'b'}`;
        const file = await a.paths.open(path, 'w');
        await file.write(Buffer.alloc(1_000));
        await file.fsync();
        const cuts = await cutter.paths.open(path, 'r+');
        const other = await c.paths.open('/q/other', 'w');
        const writing = codeOf(() => file.write(Buffer.alloc(5_000), 0));
        await cluster.world.sleep(tenths / 10);
        await cuts.truncate(100);
        await fill(other, 'write', Buffer.alloc(500, 7));
        t.true(['done', 'EDQUOT'].includes(await writing));
        await Promise.all([file, cuts, other].map((each) => each.fsync()));
        const used = (await c.paths.stat(path)).size + (await c.paths.stat('/q/other')).size;
        t.true(used <= 10_000, `${used} bytes, cut by ${cutter === a ? 'the same' : 'another'} host 0.${tenths} ms later`);
        await Promise.all([file, cuts, other].map((each) => each.close()));
        await a.paths.unlink(path);
        await c.paths.unlink('/q/other');
      }
  });
});

test('statfs: below several quotas → of bytes and of names each time the one that leaves least, also where only names are limited', async (t) => {
  await tell('statfs', async (cluster) => {
    const { paths } = await cluster.connect('a');
    await paths.mkdir('/q');
    await paths.mkdir('/q/sub');
    const whole = await paths.statfs('/q');
    await paths.setXattr('/q', 'nacre.quota.max_files', Buffer.from('10'));
    const { files, freeFiles, totalBytes, freeBytes } = await paths.statfs('/q/sub');
    t.deepEqual(
      { files, freeFiles, totalBytes, freeBytes },
      { files: 10, freeFiles: 9, totalBytes: whole.totalBytes, freeBytes: whole.freeBytes },
    );
    await paths.setXattr('/q/sub', 'nacre.quota.max_bytes', Buffer.from(`${mebi}`));
    await paths.setXattr('/q/sub', 'nacre.quota.max_files', Buffer.from('100'));
    await paths.writeFile('/q/sub/f', piece);
    const both = await paths.statfs('/q/sub/f');
    t.deepEqual([both.files, both.freeFiles, both.totalBytes, both.freeBytes], [10, 8, mebi, (3 * mebi) / 4]);
    t.deepEqual((await paths.statfs('/q')).totalBytes, whole.totalBytes);
  });
});

test('quota of names: files, directories, links and symlinks count; removing makes room; renames do not cross', async (t) => {
  await tell('names', async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/q');
    await a.paths.mkdir('/q/sub');
    await a.paths.setXattr('/q', 'ceph.quota.max_files', Buffer.from('4'));
    await a.paths.writeFile('/q/sub/1', '');
    await b.paths.symlink('anywhere', '/q/2');
    await a.paths.link('/q/sub/1', '/q/3');
    t.is(await codeOf(() => b.paths.writeFile('/q/sub/4', '')), 'EDQUOT');
    t.is(await codeOf(() => b.paths.mkdir('/q/4')), 'EDQUOT');
    t.is(await codeOf(() => a.paths.link('/q/3', '/q/4')), 'EDQUOT');
    await a.paths.writeFile('/outside', '');
    t.is(await codeOf(() => a.paths.rename('/outside', '/q/4')), 'EXDEV');
    t.is(await codeOf(() => a.paths.rename('/q/2', '/2')), 'EXDEV');
    await a.paths.rename('/q/2', '/q/sub/2');
    await b.paths.unlink('/q/3');
    t.is(await codeOf(() => a.paths.mkdir('/q/4')), 'done');
    t.deepEqual(
      await Promise.all(
        ['rentries', 'rfiles', 'rsubdirs', 'entries', 'files', 'subdirs'].map(async (name) =>
          String(await b.paths.getXattr('/q', `nacre.dir.${name}`)),
        ),
      ),
      ['4', '2', '2', '2', '0', '2'],
    );
  });
});

test('layouts: set on a directory and on an empty file → new data lies in such objects; refused once there is data', async (t) => {
  await tell('layouts', async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/d');
    await t.throwsAsync(a.paths.getXattr('/d', 'ceph.dir.layout'), { code: 'ENODATA' });
    await a.paths.setXattr('/d', 'ceph.dir.layout', Buffer.from('stripe_unit=65536 stripe_count=2 object_size=131072'));
    const data = Buffer.from(Array.from({ length: 700_000 }, (_, n) => n % 251));
    await b.paths.writeFile('/d/f', data);
    t.regex(String(await a.paths.getXattr('/d/f', 'nacre.file.layout')), /^stripe_unit=65536 stripe_count=2 object_size=131072 pool=/);
    t.true(data.equals(await a.paths.readFile('/d/f')));
    await t.throwsAsync(a.paths.setXattr('/d/f', 'ceph.file.layout.stripe_count', Buffer.from('3')), { code: 'ENOTEMPTY' });
    for (const wrong of ['0', '65535', 'x', '-1', ''.padStart(30, '9')])
      t.is(await codeOf(() => a.paths.setXattr('/d', 'ceph.dir.layout.object_size', Buffer.from(wrong))), 'EINVAL', wrong);
    await t.throwsAsync(a.paths.setXattr('/d', 'ceph.dir.layout.pool', Buffer.from('elsewhere')), { code: 'EINVAL' });
    await t.throwsAsync(a.paths.setXattr('/d', 'ceph.dir.rbytes', Buffer.from('1')), { code: 'EOPNOTSUPP' });
    const file = await a.paths.open('/own', 'w');
    for (const part of ['stripe_unit', 'object_size']) await a.paths.setXattr('/own', `nacre.file.layout.${part}`, Buffer.from(`${mebi}`));
    await file.write(Buffer.alloc(3 * mebi, 5), 0);
    await t.throwsAsync(a.paths.setXattr('/own', 'nacre.file.layout.object_size', Buffer.from('65536')), { code: 'ENOTEMPTY' });
    await file.close();
    t.true(Buffer.alloc(3 * mebi, 5).equals(await b.paths.readFile('/own')));
  });
});

test('space: written and not told to anybody yet → counted by df and the statistics on this host at once, on others soon', async (t) => {
  await tell('untold', async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/q');
    await a.paths.mkdir('/q/deep');
    await a.paths.mkdir('/else');
    await a.paths.setXattr('/q', 'nacre.quota.max_bytes', Buffer.from(`${16 * mebi}`));
    const seen = async ({ paths }: typeof a): Promise<(number | string)[]> => [
      (await paths.statfs('/q')).freeBytes,
      String(await paths.getXattr('/q', 'nacre.dir.rbytes')),
      String(await paths.getXattr('/', 'nacre.dir.rbytes')),
    ];
    const [inside, outside] = [await a.paths.open('/q/deep/f', 'w'), await a.paths.open('/else/f', 'w')];
    for (let n = 0; n < 8; n++) await inside.write(piece, n * piece.length);
    await outside.write(piece, 0);
    t.deepEqual(await seen(a), [14 * mebi, `${2 * mebi}`, `${2.25 * mebi}`]);
    t.deepEqual(await seen(b), [16 * mebi, '0', '0']);
    await inside.fsync();
    t.deepEqual(await seen(b), [14 * mebi, `${2 * mebi}`, `${2 * mebi}`]);
    await inside.write(piece, 8 * piece.length);
    await inside.truncate(piece.length);
    t.deepEqual(await seen(a), [15.75 * mebi, `${0.25 * mebi}`, `${0.5 * mebi}`]);
    for (const file of [inside, outside]) await file.close();
    await cluster.world.sleep(6_000);
    for (const host of [a, b]) t.deepEqual(await seen(host), [15.75 * mebi, `${0.25 * mebi}`, `${0.5 * mebi}`]);
  });
});

test('space of a file with several names: each counts, its bytes once, wherever one is left; also after the MDS has died', async (t) => {
  await tell('several names', async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const { paths } = a;
    for (const name of ['/x', '/y', '/z']) await paths.mkdir(name);
    const seen = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const name of ['/x', '/y', '/z', '/'])
        found.push(
          `${String(await b.paths.getXattr(name, 'nacre.dir.rbytes'))} ${String(await b.paths.getXattr(name, 'nacre.dir.rfiles'))}`,
        );
      return found;
    };
    await paths.writeFile('/x/f', Buffer.alloc(1000));
    await paths.link('/x/f', '/y/g');
    await paths.writeFile('/y/g', Buffer.alloc(3000), { fsync: true });
    t.deepEqual(await seen(), ['3000 1', '0 1', '0 0', '3000 2']);
    await b.paths.truncate('/y/g', 500);
    await b.paths.rename('/y/g', '/z/h');
    await paths.link('/x/f', '/y/i');
    t.deepEqual(await seen(), ['500 1', '0 1', '0 1', '500 3']);
    await paths.unlink('/x/f');
    t.deepEqual(await seen(), ['0 0', '0 1', '500 1', '500 2']);
    cluster.crash('mds.a');
    await cluster.boot('mds.a');
    t.deepEqual(await seen(), ['0 0', '0 1', '500 1', '500 2']);
    await paths.writeFile('/y/j', Buffer.alloc(70), { fsync: true });
    await paths.rename('/y/j', '/z/h');
    t.deepEqual(await seen(), ['0 0', '500 1', '70 1', '570 2']);
    await paths.unlink('/y/i');
    t.deepEqual(await seen(), ['0 0', '0 0', '70 1', '70 1']);
  });
});

test('quota of bytes: a file with several names below it → bound by it as any other; one name may not be elsewhere', async (t) => {
  await tell('linked', async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    for (const name of ['/q', '/q/deep', '/else']) await a.paths.mkdir(name);
    await a.paths.writeFile('/else/late', '');
    await a.paths.link('/else/late', '/q/late');
    await a.paths.setXattr('/q', 'nacre.quota.max_bytes', Buffer.from(`${8 * mebi}`));
    await a.paths.writeFile('/q/f', '');
    await a.paths.link('/q/f', '/q/deep/g');
    t.is(await codeOf(() => a.paths.link('/q/f', '/else/f')), 'EXDEV');
    t.is(await codeOf(() => a.paths.link('/else/late', '/q/later')), 'EXDEV');
    const [one, two] = [await a.paths.open('/q/deep/g', 'w'), await b.paths.open('/q/other', 'w')];
    const counts = await Promise.all([fill(one, 'write'), fill(two, 'write')]);
    t.is(counts[0] + counts[1], 32);
    await one.truncate(0);
    t.is(await fill(two, 'write'), 32, 'what it had is free again');
    await two.truncate(0);
    // Whose bytes counted outside comes under the quota as its other name goes, with a client that may write as much as it likes.
    const late = await b.paths.open('/else/late', 'w');
    await late.write(piece, 0);
    await a.paths.unlink('/else/late');
    t.is(await fill(late, 'write'), 32);
    for (const file of [one, two, late]) await file.close();
    t.is(String(await b.paths.getXattr('/q', 'nacre.dir.rbytes')), `${8 * mebi}`);
  });
});
