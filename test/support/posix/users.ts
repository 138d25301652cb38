import { root, type User } from './syscalls.ts';

export const alice: User = { name: 'alice', uid: 1001, gid: 1001, groups: [2001], umask: 0o022 };
export const bob: User = { name: 'bob', uid: 1002, gid: 1002, groups: [2001, 2002], umask: 0o002 };
export const carol: User = { name: 'carol', uid: 1003, gid: 2002, groups: [], umask: 0o077 };
export const users: readonly User[] = [root, alice, bob, carol];
