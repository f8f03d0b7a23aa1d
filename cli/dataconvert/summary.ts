import type { VolumeReport } from '#conversion';
import { spacingOf } from '#geometry';
import { folderOf } from '#volume';
import { columns } from '../columns.ts';
import type { Outcome } from './convert-folders.ts';

/** Rows that a terminal is filled with; the reports have all. */
const MOST_ROWS = 200;

/** A table of the volumes, then what was set apart and what failed. */
export function summaryText({ reports, apart, failed }: Outcome): string {
  const rows = reports.slice(0, MOST_ROWS).map(row);
  const more = reports.length - rows.length;
  return [
    columns([['volume', 'size', 'mm', 'type', 'notes'], ...rows]),
    ...(more > 0 ? [`... and ${more} more`] : []),
    ...reports.flatMap(({ source, failure }) =>
      failure === undefined
        ? []
        : [`failed: ${calledAs(source)}: ${failure.reason}: ${failure.message}`],
    ),
    ...apartLines(apart),
    `${reports.length - failed} converted, ${failed} failed, ${apart.length} files set apart`,
  ].join('\n');
}

/** The same for a program. */
export function jsonText({ reports, apart }: Outcome): string {
  const setApart = apart.map(({ name, kind }) => ({ name, kind }));
  return JSON.stringify({ volumes: reports, setApart });
}

function row({ source, output, changes, warnings, failure }: VolumeReport): string[] {
  if (output === undefined)
    return [calledAs(source), '', '', '', `FAILED ${failure?.reason ?? ''}`];
  const { grid, frames, voxelType, files } = output;
  const notes = [...new Set([...changes, ...warnings].map(({ reason }) => reason))];
  return [
    files.at(-1) ?? calledAs(source),
    [...grid.shape, ...(frames > 1 ? [frames] : [])].join(' x '),
    spacingOf(grid.affine)
      .map((mm) => Number(mm.toPrecision(4)))
      .join(' x '),
    voxelType,
    notes.join(' '),
  ];
}

/** What has no file yet, with its folder: others may have its name. What is made of one file is found by that. */
function calledAs({ name, files, series }: VolumeReport['source']): string {
  const [only] = files;
  if (series === undefined && files.length === 1 && only !== undefined) return only;
  const folder = folderOf(files);
  return folder === '' ? name : `${folder}/${name}`;
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
    const rest = names.length > 3 ? `, ... (${names.length})` : '';
    return `set apart: ${kind}: ${shown}${rest}`;
  });
}
