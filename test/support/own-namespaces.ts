/**
 * Runs a program inside network, mount and process namespaces of its own (unshare(1)). Whatever it starts, mounts or
 * plugs together there is invisible to the rest of the machine, and the kernel takes it away when the program ends,
 * in whatever way: no process, mount or interface can be left behind.
 * @module
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { mounts } from '../../cli/cluster/mounts.ts';

/** Set for the program's second life, inside. */
const insideMark = 'OWN_NAMESPACES';
/** A pipe from the life outside: it closes when that is interrupted or ends. */
const outsideFd = 3;
const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Why it cannot be done here; undefined when it can. */
export function noNamespacesReason(): string | undefined {
  const { status, error, stderr } = spawnSync('unshare', [...namespaces, 'ip', 'netns', 'list'], { encoding: 'utf8' });
  if (error !== undefined) return `unshare(1) does not run: ${error.message}`;
  return status === 0 ? undefined : stderr.trim();
}

/**
 * Called first by a program: outside, runs the program again inside, with the same arguments, and ends with its exit
 * code; inside, makes the namespaces ready and goes on. The signal aborts at Ctrl-C, SIGTERM, or when the life outside
 * has ended.
 */
export async function enterOwnNamespaces(): Promise<AbortSignal> {
  if (process.env[insideMark] !== undefined) return inside();
  const reason = noNamespacesReason();
  if (reason !== undefined) {
    console.error(`network, mount and process namespaces of its own cannot be made here: ${reason}`);
    process.exit(1);
  }
  // The first process of the namespace only waits: it takes in whatever daemons leave, and ends everything by ending.
  const again = ['sh', '-c', '"$@"; exit $?', 'sh', process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('unshare', [...namespaces, ...again], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, [insideMark]: '1' },
  });
  const close = (): void => void (child.stdio[outsideFd] as Socket).destroy();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, close);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? 1));
  });
  process.exit(code);
}

function inside(): AbortSignal {
  const interrupt = new AbortController();
  const end = (): void => interrupt.abort(new Error('interrupted'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  const outside = new Socket({ fd: outsideFd });
  outside.on('close', end);
  outside.on('error', end);
  outside.resume();
  outside.unref();
  // A second view of somebody else's mount would keep it alive after they have unmounted it.
  for (const { mountpoint } of mounts().filter(({ fstype }) => fstype.startsWith('fuse'))) execFileSync('umount', ['-l', mountpoint]);
  // ip-netns(8) keeps its names below /run.
  execFileSync('mount', ['-t', 'tmpfs', 'own', '/run']);
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  return interrupt.signal;
}
