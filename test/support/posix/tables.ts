/**
 * Tables of calls: every combination of who calls, on what, with which arguments, where POSIX and the Linux man pages
 * tell them apart. What is right is what ext4 does with the same calls.
 * @module
 */
import { files } from './tables/files.ts';
import { names } from './tables/names.ts';
import { rights } from './tables/rights.ts';
import type { Tables } from './tables/script.ts';

export const tables: Tables = { ...rights, ...names, ...files };
