/**
 * Mends the object of a fragment: from memory where all of it is there; else what cannot be read is set aside, as it is, into an object
 * of its own (`damaged.<fragment>`), so that the rest can be read again. What a lost name led to is found by its objects.
 * @module
 */
import { bytesOf, quoted, type ByteString } from '../../../common/maps/ids.ts';
import type { Fragment } from '../../core/directory.ts';
import { systemOperation } from './system-operation.ts';
import type { ScrubRun } from './scrub-run.ts';

/** Names in one journal entry, or one request. */
const namesMax = 100;

/** Returns what has been done, in words; undefined: nothing can be. FsError EIO when the object cannot be read at all. */
export async function mendFragment(run: ScrubRun, fragment: Fragment): Promise<string | undefined> {
  const { core, store } = run.parts;
  const { directory, id, changes } = fragment;
  const damaged: ByteString[] = [];
  const object = { absent: false };
  const onAbsent = (): void => {
    object.absent = true;
  };
  const onDamaged = (name: ByteString): unknown => damaged.push(name);
  for await (const page of store.readFragment(directory.ino, id, { onAbsent, onDamaged })) if (page.length > 0) await run.pace();
  if (!object.absent && damaged.length === 0) return undefined;
  if (fragment.complete && !fragment.retired) {
    const names = object.absent ? [...fragment.dentries.keys()] : damaged;
    for (let at = 0; at < names.length; at += namesMax) {
      const dentries = names.slice(at, at + namesMax).flatMap((name) => fragment.dentries.get(name) ?? []);
      if (dentries.length > 0) core.commit(dentries.map((dentry) => ({ kind: 'set', dentry })));
    }
    return `${names.length} names written again`;
  }
  if (object.absent) {
    if (id.bits > 0) await store.write(changes.object, [], [], true);
    else await forgetMissing(run, fragment);
    return 'its object was missing: names that were in it are lost';
  }
  for (let at = 0; at < damaged.length; at += namesMax) await store.setAside(changes.object, damaged.slice(at, at + namesMax).map(bytesOf));
  const shown = damaged.slice(0, 3).map(quoted);
  return `${damaged.length} names that cannot be read were set aside: ${shown.join(', ')}${damaged.length > 3 ? ', ...' : ''}`;
}

/** The directory has the names that are in memory, and no more. */
async function forgetMissing(run: ScrubRun, { directory, dentries }: Fragment): Promise<void> {
  const { core, runner } = run.parts;
  await runner.run(() => {
    const op = systemOperation(core);
    const inode = op.directory(directory.ino);
    op.clear(inode, 'change');
    inode.entries = dentries.size;
    op.save(inode);
    op.commit([inode]);
  });
}
