/**
 * A rule that is broken on purpose: the text that keeps it, and what to put there.
 * @module
 */

export interface Edit {
  /** From the root of the project. */
  readonly file: string;
  /** Once in the file. */
  readonly from: string;
  readonly to: string;
}

export interface Break {
  readonly name: string;
  /** The rule, in words. */
  readonly breaks: string;
  readonly edits: readonly Edit[];
}

export interface Mutant extends Break {
  /** Which simulation is to notice. */
  readonly noticedBy: 'osds' | 'filesystem' | 'ranks';
}

export function edit(file: string, from: string, to: string): Edit {
  return { file, from, to };
}
