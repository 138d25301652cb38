/**
 * What is remembered of a PG's scrubs, on every member: when it was scrubbed, and what was found wrong.
 * Stored as JSON in the PG's record `scrub`. Of two, the one with the higher serial is the newer one.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { osdId, type OsdId } from '../../common/maps/ids.ts';
import type { Difference, Finding } from './scrub-compare.ts';

export type ScrubKind =
  /** Lists and metadata. */
  | 'scrub'
  /** Everything is read. */
  | 'deep-scrub'
  /** As deep; and what differs is made equal to a good copy. */
  | 'repair';

export const scrubKinds: readonly ScrubKind[] = ['scrub', 'deep-scrub', 'repair'];

export interface ScrubRecord {
  /** Rises with every change. 0: nothing is known. */
  readonly serial: number;
  /** All times in ms since 1970, 0: never. When the PG was first served: what has never been scrubbed is due from here. */
  readonly sinceMs: number;
  readonly scrubbedMs: number;
  readonly deepScrubbedMs: number;
  /** Wrong copies; `findings` has the first of them. */
  readonly errors: number;
  readonly findings: readonly Finding[];
}

export const noScrubs: ScrubRecord = { serial: 0, sinceMs: 0, scrubbedMs: 0, deepScrubbedMs: 0, errors: 0, findings: [] };

/** Findings that are remembered; of more, the count. */
const findingsMax = 200;
const formatVersion = 1;

export function encodeScrubRecord(record: ScrubRecord): Buffer {
  return Buffer.from(JSON.stringify({ format: formatVersion, ...record }), 'utf8');
}

/** FsError EILSEQ for what {@link encodeScrubRecord} did not write. */
export function decodeScrubRecord(bytes: Uint8Array): ScrubRecord {
  try {
    const value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Record<string, unknown>;
    if (value['format'] !== formatVersion || !Array.isArray(value['findings'])) throw new FsError('EILSEQ', 'another format');
    return {
      serial: natural(value['serial']),
      sinceMs: natural(value['sinceMs']),
      scrubbedMs: natural(value['scrubbedMs']),
      deepScrubbedMs: natural(value['deepScrubbedMs']),
      errors: natural(value['errors']),
      findings: value['findings'].map(findingOf),
    };
  } catch (error) {
    throw new FsError('EILSEQ', 'the record of scrubs cannot be read', { cause: error });
  }
}

/** The record after a scrub that ended at `nowMs` and found `findings`. */
export function scrubbed(record: ScrubRecord, kind: ScrubKind, nowMs: number, findings: readonly Finding[]): ScrubRecord {
  const deep = kind !== 'scrub';
  return withFindings({ ...record, scrubbedMs: nowMs, deepScrubbedMs: deep ? nowMs : record.deepScrubbedMs }, [
    ...findings,
    // A light scrub says nothing about what only a deep one sees.
    ...(deep ? [] : record.findings.filter((old) => needsReading(old) && !findings.some((finding) => sameCopy(finding, old)))),
  ]);
}

/** The record when the copies of `object` on `osds` are right again. */
export function mended(record: ScrubRecord, object: string, osds: readonly OsdId[]): ScrubRecord {
  const left = record.findings.filter((finding) => finding.object !== object || !osds.includes(finding.osd));
  if (left.length === record.findings.length) return record;
  return { ...record, serial: record.serial + 1, findings: left, errors: record.errors - (record.findings.length - left.length) };
}

/** The record with one more finding; the same when it is known. */
export function alsoFound(record: ScrubRecord, finding: Finding): ScrubRecord {
  if (record.findings.some((known) => sameCopy(known, finding))) return record;
  return withFindings(record, [...record.findings, finding]);
}

function withFindings(record: ScrubRecord, findings: readonly Finding[]): ScrubRecord {
  return { ...record, serial: record.serial + 1, errors: findings.length, findings: findings.slice(0, findingsMax) };
}

function sameCopy(a: Finding, b: Finding): boolean {
  return a.object === b.object && a.osd === b.osd;
}

function needsReading({ what }: Finding): boolean {
  return what.some((word) => word === 'data' || word === 'omap' || word === 'unreadable');
}

function findingOf(value: unknown): Finding {
  const { object, osd, what, good, detail } = value as Record<string, unknown>;
  if (typeof object !== 'string' || typeof detail !== 'string' || !Array.isArray(what) || !Array.isArray(good))
    throw new FsError('EILSEQ', 'a finding lacks fields');
  return { object, osd: osdId(natural(osd)), what: what as Difference[], good: good.map((id) => osdId(natural(id))), detail };
}

function natural(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new FsError('EILSEQ', 'a number is none');
  return value;
}
