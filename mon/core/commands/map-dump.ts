import type { MonState } from '../state.ts';

/** `map dump`: the newest map, its keyed parts as objects and its sets as lists. */
export function dumpMap({ map }: MonState): unknown {
  return plain(map);
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, entry]) => [String(key), plain(entry)]));
  if (value instanceof Set) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}
