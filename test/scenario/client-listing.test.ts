import test from 'ava';
import { byteStringOf, printable, type Ino } from '../../common/maps/ids.ts';
import type { ConnectedFilesystem } from '../../fuse-client/client/index.ts';
import type { Credentials, Entry, Filesystem, Handle } from '../../fuse-client/vfs/filesystem.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { tell } from '../support/tell.ts';

const who: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };
const options = { mdsConfig: { fragmentSplitNames: 40, cacheEntriesMax: 64, writeBackMs: 300, journalSegmentBytes: 64 * 1024 } };

interface Seen {
  readonly name: string;
  readonly offset: number;
}

/** Up to `max` entries behind `offset`, as one getdents(2). */
async function some(fs: Filesystem, handle: Handle, offset: number, max: number): Promise<Seen[]> {
  const seen: Seen[] = [];
  await fs.readDirectory(handle, offset, false, (entry) => {
    if (seen.length === max) return false;
    seen.push({ name: printable(entry.name), offset: entry.offset });
    return true;
  });
  return seen;
}

async function all(fs: Filesystem, handle: Handle, from = 0, max = 1000): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (let offset = from; ;) {
    const more = await some(fs, handle, offset, max);
    if (more.length === 0) return seen;
    seen.push(...more);
    offset = more.at(-1)?.offset ?? offset;
  }
}

async function directoryOf({ filesystem }: ConnectedFilesystem, name: string): Promise<{ readonly ino: Ino; readonly handle: Handle }> {
  const { attributes } = (await filesystem.lookup(who, filesystem.root, byteStringOf(name))) as Entry;
  const { handle } = await filesystem.openDirectory(who, attributes.ino, 0);
  return { ino: attributes.ino, handle };
}

async function unlink({ filesystem }: ConnectedFilesystem, directory: Ino, names: readonly string[]): Promise<void> {
  await Promise.all(names.map(async (name) => filesystem.unlink(who, directory, byteStringOf(name))));
}

async function make(client: ConnectedFilesystem, directory: Ino, names: readonly string[]): Promise<void> {
  for (let i = 0; i < names.length; i += 50) {
    await Promise.all(
      names.slice(i, i + 50).map(async (name) => client.filesystem.makeNode(who, directory, byteStringOf(name), 0o100644, 0, 0)),
    );
  }
}

function reshapes(cluster: SimCluster): { readonly divided: number; readonly merged: number } {
  const lines = cluster.world.logs.lines.filter(({ message }) => message === 'directory divided anew');
  const grew = (fields: Record<string, unknown>): boolean => Number(fields['fragments']) > Number(fields['before']);
  const divided = lines.filter(({ fields }) => grew(fields as Record<string, unknown>)).length;
  return { divided, merged: lines.length - divided };
}

test('listing: names come and go on another host, fragments are divided and merged meanwhile → each that stays comes exactly once', async (t) => {
  await tell(
    1,
    async (cluster) => {
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      await a.paths.mkdir('/dir');
      const { ino } = await directoryOf(a, 'dir');
      const stays = Array.from({ length: 60 }, (_, i) => `stays ${i}`);
      const goes = Array.from({ length: 700 }, (_, i) => `goes ${i}`);
      await make(a, ino, [...goes.slice(0, 350), ...stays, ...goes.slice(350)]);
      await cluster.world.sleep(2_000);
      const { handle } = await directoryOf(b, 'dir');
      const before = reshapes(cluster);
      t.true(before.divided > 8, JSON.stringify(before));
      for (const waves of [0, 1]) {
        const seen: Seen[] = [];
        let come = 0;
        for (let offset = 0; ;) {
          const more = await some(b.filesystem, handle, offset, 12);
          if (more.length === 0) break;
          seen.push(...more);
          offset = more.at(-1)?.offset ?? offset;
          // The first time most of it goes, the second time it all comes back.
          if (waves === 0) await unlink(a, ino, goes.splice(-12));
          else
            await make(
              a,
              ino,
              Array.from({ length: 60 }, () => `comes ${come++}`),
            );
          await cluster.world.sleep(200);
        }
        const names = seen.map(({ name }) => name);
        t.is(new Set(names).size, names.length, 'nothing twice');
        t.deepEqual(names.filter((name) => name.startsWith('stays')).sort(), [...stays].sort());
        if (waves === 0) {
          await unlink(a, ino, goes.splice(0));
          await cluster.world.sleep(2_000);
        }
      }
      const after = reshapes(cluster);
      t.true(after.merged > 4 && after.divided > before.divided, JSON.stringify(after));
    },
    options,
  );
});

test('listing: a cookie of long ago, on another host, listed here or there → goes on with the same names', async (t) => {
  await tell(
    2,
    async (cluster) => {
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      await a.paths.mkdir('/dir');
      const own = await directoryOf(a, 'dir');
      await make(
        a,
        own.ino,
        Array.from({ length: 300 }, (_, i) => `f${i}`),
      );
      // Here: it has made the directory and knows all of it.
      const here = await all(a.filesystem, own.handle);
      const other = await directoryOf(b, 'dir');
      const there = await all(b.filesystem, other.handle, 0, 7);
      t.deepEqual(there, here);
      for (const at of [0, 1, 2, 150, 299, 300]) {
        const from = here[at]?.offset ?? 0;
        const rest = here.slice(at + 1);
        t.deepEqual(await all(a.filesystem, own.handle, from, 40), rest);
        t.deepEqual(await all(b.filesystem, other.handle, from, 40), rest);
      }
      const middle = here[150]?.offset ?? 0;
      for (let i = 0; i < 250; i++) await b.filesystem.unlink(who, other.ino, byteStringOf(`f${i}`));
      await cluster.world.sleep(3_000);
      const left = here.filter(({ name }) => name.startsWith('.') || Number(name.slice(1)) >= 250);
      const fresh = await directoryOf(a, 'dir');
      t.deepEqual(
        await all(a.filesystem, fresh.handle, middle),
        left.filter(({ offset }) => offset > middle),
      );
      t.deepEqual(await all(a.filesystem, fresh.handle), left);
    },
    options,
  );
});

test('listing: more names than the client may keep → all are listed and found, absent ones are known without asking', async (t) => {
  await tell(
    3,
    async (cluster) => {
      const a = await cluster.connect('a');
      await a.paths.mkdir('/dir');
      const { ino, handle } = await directoryOf(a, 'dir');
      const names = Array.from({ length: 400 }, (_, i) => `f${i}`);
      await make(a, ino, names);
      const sorted = [...names].sort();
      for (let round = 0; round < 2; round++) {
        const listed = (await all(a.filesystem, handle)).map(({ name }) => name).filter((name) => !name.startsWith('.'));
        t.deepEqual(listed.sort(), sorted);
        for (const name of names) t.true('attributes' in (await a.filesystem.lookup(who, ino, byteStringOf(name))), name);
        let asked = 0;
        for (let i = 0; i < 50; i++) {
          const absent = a.filesystem.lookup(who, ino, byteStringOf(`absent ${i}`));
          if (absent instanceof Promise) asked++;
          t.false('attributes' in (await absent));
        }
        t.is(asked, 0);
      }
      for (const name of names.slice(0, 390)) await a.filesystem.unlink(who, ino, byteStringOf(name));
      for (const name of names)
        t.is('attributes' in (await a.filesystem.lookup(who, ino, byteStringOf(name))), Number(name.slice(1)) >= 390, name);
      t.is((await a.paths.readdir('/dir')).length, 10);
    },
    { ...options, clientConfig: { namesMax: 32, inodesMax: 16 } },
  );
});

test('listing: more names are made than the client may keep, and the kernel has them all → it is asked for many at once; what is in use stays known', async (t) => {
  const namesMax = 300;
  await tell(
    4,
    async (cluster) => {
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      const { filesystem } = a;
      const inKernel = new Map<Ino, string>();
      const inUse = new Set<Ino>();
      const asked: number[] = [];
      const told: string[] = [];
      filesystem.setInvalidator({
        invalidateInode: () => Promise.resolve(),
        invalidateEntry: (_parent, name) => {
          told.push(printable(name));
          return Promise.resolve();
        },
        prune: (inodes) => {
          asked.push(inodes.length);
          const gone = inodes.filter((ino) => !inUse.has(ino));
          // References come back as requests of their own.
          void cluster.world.sleep(2).then(() => {
            for (const ino of gone) if (inKernel.delete(ino)) filesystem.forget(ino, 1);
          });
          return Promise.resolve('asked');
        },
      });
      await a.paths.mkdir('/dir');
      const { ino: directory } = await directoryOf(a, 'dir');
      let most = 0;
      for (let i = 0; i < 1_500; i++) {
        const name = `f${i}`;
        const { attributes } = await filesystem.makeNode(who, directory, byteStringOf(name), 0o100644, 0, 0);
        inKernel.set(attributes.ino, name);
        if (i % 200 === 0) inUse.add(attributes.ino);
        most = Math.max(most, inKernel.size);
      }
      const used = [...inUse].map((ino) => inKernel.get(ino) ?? 'gone');
      t.true(most <= namesMax + 64, `${most} names in the kernel at once`);
      t.true(asked.length > 3 && asked.length < 12 && Math.max(...asked) <= 256, asked.join());
      t.deepEqual(told, []);
      await b.paths.unlink('/dir/f0');
      t.deepEqual(
        used.filter((name) => !told.includes(name)),
        [],
      );
      t.deepEqual([...told].sort(), [...inKernel.values()].sort());
    },
    { ...options, clientConfig: { namesMax, inodesMax: 16 } },
  );
});

test('listing: the kernel cannot do what it is asked for, some of the time → it is asked again; the limit of names holds', async (t) => {
  const namesMax = 300;
  await tell(
    5,
    async (cluster) => {
      const client = await cluster.connect('a');
      const { filesystem, paths } = client;
      const inKernel = new Set<Ino>();
      const answers: string[] = [];
      filesystem.setInvalidator({
        invalidateInode: () => Promise.resolve(),
        invalidateEntry: () => Promise.resolve(),
        prune: (inodes) => {
          const answer = answers.length % 4 === 3 ? 'asked' : 'failed';
          answers.push(answer);
          if (answer === 'asked') {
            void cluster.world.sleep(2).then(() => {
              for (const ino of inodes) if (inKernel.delete(ino)) filesystem.forget(ino, 1);
            });
          }
          return Promise.resolve(answer);
        },
      });
      await paths.mkdir('/dir');
      const { ino: directory } = await directoryOf(client, 'dir');
      let most = 0;
      for (let i = 0; i < 1_500; i++) {
        const { attributes } = await filesystem.makeNode(who, directory, byteStringOf(`f${i}`), 0o100644, 0, 0);
        inKernel.add(attributes.ino);
        most = Math.max(most, inKernel.size);
      }
      t.true(answers.includes('failed'));
      t.true(most <= namesMax + 64, `${most} names in the kernel at once`);
    },
    { ...options, clientConfig: { namesMax, inodesMax: 16 } },
  );
});

for (const [situation, others] of [
  ['by a host that has the directory to itself', 0],
  ['in a directory that others use', 1],
] as const) {
  test(`listing: names are made ${situation}, the MDS dies before it has written that down → they keep their places`, async (t) => {
    await tell(
      4,
      async (cluster) => {
        const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
        await a.paths.mkdir('/dir');
        const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
        const { ino, handle } = await directoryOf(a, 'dir');
        if (others > 0) await b.paths.writeFile('/dir/other', 'x');
        await make(a, ino, [...names, 'source']);
        const old = await all(a.filesystem, handle);
        await unlink(a, ino, names);
        await a.paths.fsyncDirectory('/dir');
        // Their former places, which no journal has.
        await make(a, ino, names);
        await a.paths.rename('/dir/source', '/dir/renamed');
        await a.paths.link('/dir/n0', '/dir/link');
        const before = await all(a.filesystem, (await directoryOf(a, 'dir')).handle);
        for (const { name, offset } of old)
          if (name !== 'source') t.true(before.some((seen) => seen.name === name && seen.offset === offset));
        const unsafe = cluster.world.logs.lines.length;
        cluster.crash('mds.a');
        await cluster.boot('mds.a');
        const seen = await all(b.filesystem, (await directoryOf(b, 'dir')).handle);
        t.deepEqual(seen, before);
        const sent = cluster.world.logs.lines.slice(unsafe).filter(({ message }) => message === 'session resumed');
        t.true(sent.some(({ fields }) => Number((fields as Record<string, unknown>)['replays']) >= 20));
      },
      { mdsConfig: { journalDelayMs: 1_000 } },
    );
  });
}
