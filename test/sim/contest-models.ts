/**
 * What calls of several clients on the same names, and on the same file's content, size and owner, must do when each takes effect at one moment:
 * the models that their histories are checked against.
 * @module
 */
import type { Model } from './osds/linearizable.ts';

export type NameCall =
  /** Exclusively; `ino` is the file that came of it. */
  | { readonly kind: 'create'; readonly name: string; ino: number }
  | { readonly kind: 'unlink'; readonly name: string }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string }
  | { readonly kind: 'link'; readonly ino: number; readonly to: string }
  /** Which file it is. */
  | { readonly kind: 'look'; readonly name: string }
  /** Whether a listing has it. */
  | { readonly kind: 'list'; readonly name: string }
  /** How many names the file has. */
  | { readonly kind: 'links'; readonly ino: number };

/** The file behind each name. */
export type NameState = ReadonlyMap<string, number>;

/** What is answered where there is no such name, or no such file any more. */
export const absent = 'ENOENT';

export const nameModel: Model<NameState, NameCall> = {
  initial: new Map(),
  ordersLater: () => false,
  key: (state) => [...state].map(([name, ino]) => `${name}=${ino.toString(16)}`).join(' '),
  show: (op) => Object.values(op).join(' '),
  apply: (state, op) => {
    switch (op.kind) {
      case 'create':
        return state.has(op.name) ? { state, result: 'EEXIST' } : { state: withName(state, op.name, op.ino), result: 'ok' };
      case 'unlink':
        return state.has(op.name) ? { state: withName(state, op.name, undefined), result: 'ok' } : { state, result: absent };
      case 'rename': {
        const ino = state.get(op.name);
        if (ino === undefined) return { state, result: absent };
        // Two names of one file: nothing happens.
        if (state.get(op.to) === ino) return { state, result: 'ok' };
        return { state: withName(withName(state, op.name, undefined), op.to, ino), result: 'ok' };
      }
      case 'link': {
        const refused = linksOf(state, op.ino) === 0 || state.has(op.to);
        return refused ? { state, result: 'refused' } : { state: withName(state, op.to, op.ino), result: 'ok' };
      }
      case 'look':
        return { state, result: state.get(op.name)?.toString(16) ?? absent };
      case 'list':
        return { state, result: state.has(op.name) ? 'there' : absent };
      case 'links':
        return { state, result: String(linksOf(state, op.ino)) };
    }
  },
};

export type ValueCall = { readonly kind: 'set'; readonly value: number } | { readonly kind: 'get' };

export const valueModel: Model<number, ValueCall> = {
  initial: 0,
  ordersLater: () => false,
  key: String,
  show: (op) => Object.values(op).join(' '),
  apply: (state, op) => (op.kind === 'set' ? { state: op.value, result: 'ok' } : { state, result: String(state) }),
};

function linksOf(state: NameState, ino: number): number {
  let links = 0;
  for (const each of state.values()) if (each === ino) links += 1;
  return links;
}

/** In the order of names, so that equal states have equal keys. */
function withName(state: NameState, name: string, ino: number | undefined): NameState {
  const entries = [...state].filter(([each]) => each !== name);
  if (ino !== undefined) entries.push([name, ino]);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
