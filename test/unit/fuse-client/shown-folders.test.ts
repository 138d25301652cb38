import test from 'ava';
import { byteStringOf, ino } from '../../../common/maps/ids.ts';
import { ShownFolders } from '../../../fuse-client/vfs/shown-folders.ts';

const [root, one, two] = [ino(1), ino(2), ino(3)];
const [a, b] = [byteStringOf('a'), byteStringOf('b')];
const pid = 7;

test('shown folders: what the kernel was told of last by a name → expected there', (t) => {
  const folders = new ShownFolders();
  t.is(folders.expected(pid, root, a), 0);
  folders.show(one, root, a);
  t.is(folders.expected(pid, root, a), one);
  folders.show(two, root, a);
  t.is(folders.expected(pid, root, a), two);
  t.is(folders.expected(pid, one, a), 0);
});

test('shown folders: one that is shown elsewhere, or let go of → not expected where it was, and what came after it there stays', (t) => {
  const folders = new ShownFolders();
  folders.show(one, root, a);
  folders.show(one, root, b);
  t.deepEqual([folders.expected(pid, root, a), folders.expected(pid, root, b)], [0, one]);
  folders.show(two, root, b);
  folders.forget(one);
  t.is(folders.expected(pid, root, b), two);
  folders.forget(two);
  t.is(folders.expected(pid, root, b), 0);
});

test('shown folders: a call is refused → it has its way when it comes again, others do not', (t) => {
  const folders = new ShownFolders();
  folders.show(one, root, a);
  folders.refused(pid, root, a);
  t.deepEqual([folders.expected(pid, root, a), folders.expected(pid + 1, root, a)], [0, one]);
  folders.done();
  t.is(folders.expected(pid, root, a), one);
});
