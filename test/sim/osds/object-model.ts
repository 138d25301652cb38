/**
 * What the workload does to objects, and what that must do: the model that histories are checked against, and the
 * same calls as operations of the object client.
 * @module
 */
import { crc32 } from '@node-rs/crc32';
import type { FsError } from '../../../common/errors/fs-error.ts';
import type { ObjectOperation, ObjectReply } from '../../../osd/client/object-client.ts';
import type { Model } from './linearizable.ts';

export type ObjectCall =
  | { readonly kind: 'append'; readonly text: string }
  /** Replaces data and tag, and sets one key. */
  | { readonly kind: 'put'; readonly tag: string; readonly sizeBytes: number; readonly key: string }
  /** Overwrites some of the data. */
  | { readonly kind: 'patch'; readonly tag: string; readonly offset: number; readonly sizeBytes: number }
  | { readonly kind: 'truncate'; readonly sizeBytes: number }
  /** Sets the tag if it is `expected`. */
  | { readonly kind: 'swap'; readonly expected: string; readonly tag: string }
  | { readonly kind: 'keys'; readonly tag: string; readonly from: number; readonly count: number; readonly remove: boolean }
  | { readonly kind: 'remove' }
  /** All of it. */
  | { readonly kind: 'read' }
  /** Whether it is among the names of its pool. */
  | { readonly kind: 'list' };

interface SimObject {
  readonly data: Buffer;
  readonly tag: string | undefined;
  readonly omap: ReadonlyMap<string, string>;
  /** Tells objects apart. */
  readonly digest: string;
}

export type ObjectState = SimObject | undefined;

const tagName = 'tag';
const absent = 'ENOENT';

export const objectModel: Model<ObjectState, ObjectCall> = {
  initial: undefined,
  // A read, and what may turn out to change nothing, is done anew when it must be sent again, and may then find later writes done.
  ordersLater: ({ kind }) => kind === 'append' || kind === 'put' || kind === 'patch' || kind === 'truncate',
  key: (state) => state?.digest ?? absent,
  show: (op) => Object.values(op).join(' '),
  apply: (state, op) => {
    switch (op.kind) {
      case 'append':
        return {
          state: changed(state, { data: Buffer.concat([dataOf(state), Buffer.from(op.text)]) }),
          result: String(dataOf(state).length),
        };
      case 'put': {
        const omap = new Map(state?.omap).set(op.key, op.tag);
        return { state: changed(state, { data: fill(op), tag: op.tag, omap }), result: 'ok' };
      }
      case 'patch': {
        const data = Buffer.alloc(Math.max(dataOf(state).length, op.offset + op.sizeBytes));
        dataOf(state).copy(data);
        fill(op).copy(data, op.offset);
        return { state: changed(state, { data }), result: 'ok' };
      }
      case 'truncate': {
        const data = Buffer.alloc(op.sizeBytes);
        dataOf(state).copy(data);
        return { state: changed(state, { data }), result: 'ok' };
      }
      case 'swap':
        return state?.tag === op.expected ? { state: changed(state, { tag: op.tag }), result: 'ok' } : { state, result: 'ECANCELED' };
      case 'keys': {
        if (op.remove && state === undefined) return { state, result: 'ok' };
        const omap = new Map(state?.omap);
        for (const key of keysOf(op)) {
          if (op.remove) omap.delete(key);
          else omap.set(key, op.tag);
        }
        return { state: changed(state, { omap }), result: 'ok' };
      }
      case 'remove':
        return state === undefined ? { state, result: absent } : { state: undefined, result: 'ok' };
      case 'read':
        return { state, result: state?.digest ?? absent };
      case 'list':
        return { state, result: isListed(state !== undefined) };
    }
  },
};

/** What a listing says of an object. */
export function isListed(listed: boolean): string {
  return listed ? 'listed' : absent;
}

/** The call for the object client. */
export function operationsOf(op: Exclude<ObjectCall, { kind: 'list' }>): ObjectOperation[] {
  switch (op.kind) {
    case 'append':
      return [{ kind: 'append', data: [Buffer.from(op.text)] }];
    case 'put':
      return [
        { kind: 'write-full', data: [fill(op)] },
        { kind: 'set-xattr', name: tagName, value: Buffer.from(op.tag) },
        { kind: 'omap-set', entries: [{ key: Buffer.from(op.key), value: Buffer.from(op.tag) }] },
      ];
    case 'patch':
      return [{ kind: 'write', offset: op.offset, data: [fill(op)] }];
    case 'truncate':
      return [{ kind: 'truncate', size: op.sizeBytes }];
    case 'swap':
      return [
        { kind: 'compare-xattr', name: tagName, value: Buffer.from(op.expected) },
        { kind: 'set-xattr', name: tagName, value: Buffer.from(op.tag) },
      ];
    case 'keys': {
      const keys = keysOf(op).map((key) => Buffer.from(key));
      if (op.remove) return [{ kind: 'omap-remove', keys }];
      return [{ kind: 'omap-set', entries: keys.map((key) => ({ key, value: Buffer.from(op.tag) })) }];
    }
    case 'remove':
      return [{ kind: 'remove' }];
    case 'read':
      return [
        { kind: 'read', offset: 0, length: 0 },
        { kind: 'get-xattrs' },
        { kind: 'omap-get-range', after: Buffer.alloc(0), maxEntries: 0 },
      ];
  }
}

/** The reply as the model would give it. */
export function resultOf(op: ObjectCall, { results }: ObjectReply): string {
  switch (op.kind) {
    case 'append':
      return String(results[0]?.offset);
    case 'read': {
      const text = ({ key, value }: { key: Uint8Array; value: Uint8Array }): [string, string] => [
        Buffer.from(key).toString(),
        Buffer.from(value).toString(),
      ];
      const xattrs = new Map((results[1]?.entries ?? []).map(text));
      const omap = new Map((results[2]?.entries ?? []).map(text));
      return digestOf(Buffer.concat(results[0]?.data ?? []), xattrs.get(tagName), omap);
    }
    default:
      return 'ok';
  }
}

/** The refusal as the model would give it; undefined when the model knows none such. */
export function refusalOf(op: ObjectCall, error: FsError): string | undefined {
  if (error.code === 'ENOENT' && (op.kind === 'read' || op.kind === 'remove')) return absent;
  if (error.code === 'ECANCELED' && op.kind === 'swap') return 'ECANCELED';
  return undefined;
}

function dataOf(state: ObjectState): Buffer {
  return state?.data ?? noData;
}

const noData = Buffer.alloc(0);

function fill({ tag, sizeBytes }: { readonly tag: string; readonly sizeBytes: number }): Buffer {
  return Buffer.alloc(sizeBytes, `${tag};`);
}

function keysOf({ from, count }: { readonly from: number; readonly count: number }): string[] {
  return Array.from({ length: count }, (_, i) => `key ${from + i}`);
}

function changed(state: ObjectState, change: Partial<SimObject>): SimObject {
  const { data, tag, omap } = { data: dataOf(state), tag: state?.tag, omap: state?.omap ?? new Map<string, string>(), ...change };
  return { data, tag, omap, digest: digestOf(data, tag, omap) };
}

function digestOf(data: Buffer, tag: string | undefined, omap: ReadonlyMap<string, string>): string {
  const entries = [...omap].map(([key, value]) => `${key}=${value}`).sort();
  return `${data.length}:${crc32(data).toString(16)} ${tag ?? '-'} ${entries.length}:${crc32(entries.join(';')).toString(16)}`;
}
