import type { VolumeReport } from '#conversion';
import { spacingOf } from '#geometry';
import { columns } from '../columns.ts';
import type { Outcome } from './convert-files.ts';

/** Rows that a terminal is filled with; the reports have all. */
const MOST_ROWS = 200;

/** A table of the volumes, then what was set apart and what failed. */
export function summaryText({ reports, apart, failed }: Outcome): string {
  const rows = reports.slice(0, MOST_ROWS).map(row);
  const more = reports.length - rows.length;
  return [
    columns([['volume', 'size', 'mm', 'type', 'notes'], ...rows]),
    ...(more > 0 ? [`... and ${more} more`] : []),
    ...reports.flatMap(failureLine),
    ...apartLines(apart),
    `${reports.length - failed} converted, ${failed} failed, ${apart.length} files set apart`,
  ].join('\n');
}

/** The volumes' reports and every file set apart, for programs. */
export function jsonText({ reports, apart }: Outcome): string {
  const setApart = apart.map(({ name, kind }) => ({ name, kind }));
  return JSON.stringify({ volumes: reports, setApart });
}

/** The message need not begin with its name again; a file's it keeps, where the line does not say it. */
function failureLine(report: VolumeReport): string[] {
  const { source, place, failure } = report;
  if (failure === undefined) return [];
  const { reason, message } = failure;
  const called = calledAs(report);
  const own = [called, place, source.name].find((name) => message.startsWith(`${name}: `));
  const isSaid = own !== undefined && (own === called || !source.files.includes(own));
  const rest = isSaid ? message.slice(own.length + 2) : message;
  return [`failed: ${called}: ${reason}: ${rest}`];
}

function row(report: VolumeReport): string[] {
  const { output, changes, warnings, failure } = report;
  const notes = [...new Set([...changes, ...warnings].map(({ reason }) => reason))];
  if (output === undefined) {
    const told = ['FAILED', failure?.reason ?? '', ...notes].join(' ');
    return [calledAs(report), '', '', '', told];
  }
  const { grid, frames, voxelType, files } = output;
  return [
    files.at(-1) ?? calledAs(report),
    [...grid.shape, ...(frames > 1 ? [frames] : [])].join(' x '),
    spacingOf(grid.affine)
      .map((mm) => Number(mm.toPrecision(4)))
      .join(' x '),
    voxelType,
    notes.join(' '),
  ];
}

/** Where it would lie says whose it is; what is made of one file is found by that. */
function calledAs({ source: { name, files, series }, place }: VolumeReport): string {
  const [only] = files;
  return series === undefined && files.length === 1 && only !== undefined ? only : (place ?? name);
}

function apartLines(apart: Outcome['apart']): string[] {
  const kinds = new Map<string, string[]>();
  for (const { kind, name } of apart) {
    const names = kinds.get(kind);
    if (names === undefined) kinds.set(kind, [name]);
    else names.push(name);
  }
  return [...kinds].map(([kind, names]) => {
    const shown = names.slice(0, 3).join(', ');
    const rest = names.length > 3 ? `, ... (${names.length}; --json and the reports name all)` : '';
    return `set apart: ${kind}: ${shown}${rest}`;
  });
}
