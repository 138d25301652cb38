/**
 * A directory on ext4, the measure of what a local filesystem does.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ext4Magic = 0xef53;
const imageBytes = '256M';

export interface Ext4 {
  readonly path: string;
  remove(): void;
}

/** Below the temporary directory if that is ext4, else on an image of its own. A string says why there is none. */
export function makeExt4(): Ext4 | string {
  const home = mkdtempSync(join(tmpdir(), 'nacre-ext4-'));
  chmodSync(home, 0o755);
  const remove = (): void => rmSync(home, { recursive: true, force: true });
  if (statfsSync(home).type === ext4Magic) return { path: home, remove };
  const [image, path] = [join(home, 'image'), join(home, 'mnt')];
  mkdirSync(path);
  for (const [program, ...args] of [
    ['truncate', '-s', imageBytes, image],
    ['mkfs.ext4', '-q', image],
    ['mount', '-o', 'loop', image, path],
  ] as const) {
    const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (status === 0) continue;
    remove();
    return `${program}: ${error?.message ?? stderr.trim()}`;
  }
  return {
    path,
    remove: () => {
      spawnSync('umount', [path]);
      remove();
    },
  };
}
