/**
 * Node's flag for a process of a test that runs TypeScript sources (../sources.mjs).
 * @module
 */
import { join } from 'node:path';

export const sourceFlag = `--import=${join(import.meta.dirname, '../sources.mjs')}`;
