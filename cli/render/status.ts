/**
 * `nacre status` for people: the whole truth on one screen.
 * @module
 */
import type { FsScrubReport } from '../../mon/client/reports.ts';

/** Of one health check, so many places are listed. */
const detailLinesMax = 5;

/** What the mon answers to `status`, as far as it is shown. */
export interface StatusReport {
  readonly fsid: string;
  readonly epoch: number;
  readonly health: HealthReport;
  readonly flags: readonly string[];
  readonly mons: readonly { readonly name: string; readonly address: string }[];
  readonly osds: readonly OsdStatus[];
  readonly pgs: {
    readonly total: number;
    readonly byState: Readonly<Record<string, number>>;
    readonly copies: number;
    readonly degradedCopies: number;
    readonly misplacedCopies: number;
  };
  readonly recovery: {
    readonly copiesLeft: number;
    /** Of all copies, those that are where they should be: 0 to 1. */
    readonly share: number;
    readonly objectsPerSecond: number;
    readonly bytesPerSecond: number;
    readonly secondsLeft: number | null;
  };
  readonly filesystems: readonly {
    readonly name: string;
    readonly maxMds: number;
    readonly ranks: number;
    /** The rank that is stopping, with what it waits for; null: none is. */
    readonly stopping: { readonly rank: number; readonly waitsFor: string } | null;
  }[];
  readonly mds: readonly MdsStatus[];
  /** Of the filesystem. */
  readonly scrub: FsScrubReport['status'];
  readonly clients: readonly { readonly name: string; readonly instance: number; readonly mountpoint: string; readonly host: string }[];
  readonly usage: { readonly usedBytes: number; readonly totalBytes: number; readonly storedBytes: number; readonly objects: number };
}

export interface HealthReport {
  readonly status: string;
  /** By code: what is wrong, and each place where it is, with what to do. */
  readonly checks: Readonly<Record<string, HealthCheck>>;
}

interface HealthCheck {
  readonly severity: string;
  readonly summary: string;
  readonly detail: readonly string[];
  readonly remedy: string;
}

interface OsdStatus {
  readonly id: number;
  readonly up: boolean;
  readonly in: boolean;
  readonly host: string;
  readonly pgs: number;
  readonly usedBytes: number;
  readonly totalBytes: number;
}

interface MdsStatus {
  readonly name: string;
  readonly state: string;
  /** That it holds or follows; -1: none. */
  readonly rank: number;
  /** How much of the journal it has read. */
  readonly replay: { readonly readBytes: number; readonly totalBytes: number } | null;
}

/** A daemon's process on this machine. */
export interface LocalProcess {
  readonly name: string;
  readonly pid: number | undefined;
  readonly residentBytes: number | undefined;
}

/** The page, without a newline at its end. */
export function renderStatus(report: StatusReport, processes: readonly LocalProcess[]): string {
  const processOf = (name: string): string => {
    const found = processes.find((each) => each.name === name);
    if (found === undefined) return '';
    return found.pid === undefined
      ? '  not running here'
      : `  pid ${found.pid}${found.residentBytes === undefined ? '' : `, ${bytes(found.residentBytes)}`}`;
  };
  const up = report.osds.filter((osd) => osd.up).length;
  const within = report.osds.filter((osd) => osd.in).length;
  return [
    `cluster  ${report.fsid}, epoch ${report.epoch}${report.flags.map((flag) => `, ${flag}`).join('')}`,
    ...renderHealth(report.health),
    ...rows(
      'mon',
      report.mons.map(({ name, address }) => `${name}  ${address}${processOf(name)}`),
      'none',
    ),
    `osd      ${up} of ${report.osds.length} up, ${within} in`,
    ...report.osds.map((osd) => {
      const used = osd.totalBytes > 0 ? `  ${bytes(osd.usedBytes)} of ${bytes(osd.totalBytes)}` : '';
      return `           osd.${osd.id}  ${osd.up ? 'up' : 'DOWN'} ${osd.in ? 'in' : 'OUT'}  ${osd.host}  ${osd.pgs} pgs${used}${processOf(`osd.${osd.id}`)}`;
    }),
    ...rows(
      'mds',
      report.mds.map((mds) => `${mds.name}  ${renderMds(mds)}${processOf(mds.name)}`),
      'none',
    ),
    ...report.filesystems.flatMap(renderStopping),
    ...(report.scrub === null ? [] : [`scrub    ${scrubLine(report.scrub)}`]),
    `pgs      ${renderPgs(report)}`,
    ...renderRecovery(report.recovery),
    ...rows(
      'clients',
      report.clients.map((client) => `${client.name}  ${client.mountpoint || 'no mount'} on ${client.host}${processOf(client.name)}`),
      'none',
    ),
    `usage    ${renderUsage(report.usage)}`,
  ].join('\n');
}

function renderStopping({ ranks, maxMds, stopping }: StatusReport['filesystems'][number]): string[] {
  if (stopping === null) return [];
  const { rank, waitsFor } = stopping;
  const then = maxMds < ranks - 1 ? ` (of ${ranks} ranks ${maxMds} are to be left)` : '';
  return [`           rank ${rank} is stopping${then}${waitsFor === '' ? '' : `: it waits for ${waitsFor}`}`];
}

/** Health with its reasons, one line each, and what to do. */
export function renderHealth(health: HealthReport): string[] {
  return [
    `health   ${health.status}`,
    ...Object.entries(health.checks).flatMap(([code, { summary, detail }]) => [
      `           ${code}: ${summary}`,
      ...detail.slice(0, detailLinesMax).map((line) => `             ${line}`),
      ...(detail.length > detailLinesMax ? [`             and ${detail.length - detailLinesMax} more (nacre health detail)`] : []),
    ]),
  ];
}

/** Health with every place where something is wrong, and what to do about it. */
export function renderHealthDetail(health: HealthReport): string[] {
  return [
    health.status,
    ...Object.entries(health.checks).flatMap(([code, { severity, summary, detail, remedy }]) => [
      '',
      `${code} (${severity}): ${summary}`,
      ...detail.map((line) => `  ${line}`),
      `  → ${remedy}`,
    ]),
  ];
}

/** In one line: how far a scrub is, or what came of it. */
export function scrubLine(status: NonNullable<FsScrubReport['status']>): string {
  const { state, path, repair, phase, directories, names, objects, errors, repaired, leftovers, leftoverBytes, unsettled } = status;
  const what = `${repair ? 'repair' : 'scrub'} of ${path} ${state}${phase === '' ? '' : ` (${phase})`}`;
  const parts = [
    `${directories} directories`,
    `${names} names`,
    ...(objects > 0 ? [`${objects} objects`] : []),
    ...(errors > 0 ? [`${errors} wrong`] : state === 'failed' ? [] : ['nothing wrong']),
    ...(repaired > 0 ? [`${repaired} mended`] : []),
    ...(leftovers > 0 ? [`${leftovers} objects of nothing, ${bytes(leftoverBytes)}`] : []),
    ...(unsettled > 0 ? [`${unsettled} not compared, in use all the time`] : []),
  ];
  return `${what}: ${parts.join(', ')}`;
}

/** A number of bytes with a unit. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

function renderPgs({ pgs }: StatusReport): string {
  const states = Object.entries(pgs.byState).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  const copies = [
    pgs.degradedCopies > 0 ? `${pgs.degradedCopies} of ${pgs.copies} object copies missing` : '',
    pgs.misplacedCopies > 0 ? `${pgs.misplacedCopies} not where they should be` : '',
  ].filter((text) => text !== '');
  return [`${pgs.total}: ${states.map(([state, count]) => `${count} ${state}`).join(', ') || 'none'}`, ...copies].join('; ');
}

function renderMds({ state, rank, replay }: MdsStatus): string {
  if (rank < 0) return state;
  if (state === 'standby-replay') return `${state}, follows rank ${rank}`;
  const progress = replay === null ? '' : `, ${bytes(replay.readBytes)} of ${bytes(replay.totalBytes)} of the journal read`;
  return `${state}, rank ${rank}${progress}`;
}

const barWidth = 30;

/** `           [=====>      ]  45.0 %, 120 objects/s, 3.1 MiB/s, 2 min left` */
function renderRecovery({ copiesLeft, share, objectsPerSecond, bytesPerSecond, secondsLeft }: StatusReport['recovery']): string[] {
  if (copiesLeft === 0) return [];
  const done = Math.floor(share * barWidth);
  const bar = `${'='.repeat(done)}${'>'.padEnd(barWidth - done)}`.slice(0, barWidth);
  const rate =
    secondsLeft === null
      ? 'nothing is copied now'
      : `${objectsPerSecond} objects/s, ${bytes(bytesPerSecond)}/s, ${duration(secondsLeft)} left`;
  // Not 100 % while something is left.
  const percent = (Math.floor(share * 1_000) / 10).toFixed(1);
  return [`           [${bar}] ${percent} % of the copies in place, ${rate}`];
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}

function renderUsage({ usedBytes, totalBytes, storedBytes, objects }: StatusReport['usage']): string {
  return `${bytes(storedBytes)} in ${objects} objects, all copies; ${bytes(usedBytes)} used of ${bytes(totalBytes)}`;
}

function rows(title: string, lines: readonly string[], none: string): string[] {
  return (lines.length === 0 ? [none] : lines).map((line, index) => `${(index === 0 ? title : '').padEnd(9)}${line}`);
}
