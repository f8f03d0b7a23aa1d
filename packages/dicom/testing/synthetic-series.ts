import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vec3 } from '#geometry';
import type { Scanned } from '../instance.ts';
import { scanFile } from '../scan/scan-file.ts';
import { dicomFile, type WrittenElement } from './dicom-file.ts';

export interface SliceFields {
  readonly position: Vec3;
  readonly orientation?: readonly number[];
  readonly instanceNumber?: number;
  readonly more?: readonly WrittenElement[];
  /** All voxels of the slice have this value. */
  readonly value?: number;
}

const [ROWS, COLUMNS] = [3, 4];

/** The bytes of one slice of a small series; elements of `more` take the place of others. */
export function sliceFile(fields: SliceFields, number: number): Uint8Array {
  const {
    position,
    orientation = [1, 0, 0, 0, 1, 0],
    instanceNumber = number + 1,
    value = number,
  } = fields;
  const elements: WrittenElement[] = [
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    ['00080018', 'UI', `1.2.3.4.${number}`],
    ['00080060', 'CS', 'CT'],
    ['0020000D', 'UI', '1.2.3'],
    ['0020000E', 'UI', '1.2.3.4'],
    ['00200011', 'IS', 7],
    ['00200013', 'IS', instanceNumber],
    ['00200032', 'DS', position],
    ['00200037', 'DS', orientation],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', ROWS],
    ['00280011', 'US', COLUMNS],
    ['00280030', 'DS', [0.5, 0.75]],
    ['00280100', 'US', 16],
    ['00280101', 'US', 16],
    ['00280102', 'US', 15],
    ['00280103', 'US', 1],
    ['7FE00010', 'OW', new Uint8Array(new Int16Array(ROWS * COLUMNS).fill(value).buffer)],
  ];
  const replaced = new Set(fields.more?.map(([tag]) => tag));
  return dicomFile([...elements.filter(([tag]) => !replaced.has(tag)), ...(fields.more ?? [])]);
}

/** Writes a series and scans it, in the order given; the folder is there until `remove`. */
export function scannedSeries(slices: readonly SliceFields[]): {
  scanned: Scanned[];
  remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-series-'));
  const scanned = slices.map((fields, n) => {
    const path = join(folder, `${n}`);
    writeFileSync(path, sliceFile(fields, n));
    return scanFile(path, `slice ${n}`);
  });
  return { scanned, remove: () => rmSync(folder, { recursive: true }) };
}
