// A CT for benches: 275 slices of 512 x 512, made of the 20 slices of ct_axial_abdomen_j2k with seeded
// noise, since without noise every compressor would look better than it is.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../packages/dicom/fuzz/random.ts';
import { dicomFile, type WrittenElement } from '../../packages/dicom/testing/dicom-file.ts';
import { readInstances } from '../../packages/dicom/testing/read-instances.ts';
import { SHARED } from '../../test/outside-data.ts';

const SIDE = 512;
const SLICES = 275;
/** Standard deviation of the noise, in Hounsfield units: a thin slice of a low dose. */
const NOISE_HU = 8;
const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const UID_ROOT = '1.2.826.0.1.3680043.10.1338';

export interface WrittenCt {
  readonly folder: string;
  readonly shape: readonly [number, number, number];
  /** Of the voxels. */
  readonly bytes: number;
}

/** Writes the slices as explicit little endian, under names that do not tell their order. */
export async function writeCt(folder: string): Promise<WrittenCt> {
  mkdirSync(folder, { recursive: true });
  const sources = await abdomenSlices();
  const random = new Random(20260101);
  for (let slice = 0; slice < SLICES; slice++) {
    const voxels = noisy(blend(sources, (slice / (SLICES - 1)) * (sources.length - 1)), random);
    const name = `${((slice * 101) % SLICES).toString().padStart(6, '0')}.dcm`;
    writeFileSync(join(folder, name), dicomFile(ctSlice({ slice, voxels })));
  }
  return { folder, shape: [SIDE, SIDE, SLICES], bytes: SIDE * SIDE * SLICES * 2 };
}

/** Many series of small slices, all in one folder. */
export function writeSmallFiles(folder: string, files: number): void {
  mkdirSync(folder, { recursive: true });
  const side = 64;
  const perSeries = 200;
  const random = new Random(7);
  const voxels = Int16Array.from({ length: side * side }, () => random.below(2000) - 1000);
  for (let n = 0; n < files; n++) {
    const [series, slice] = [Math.floor(n / perSeries), n % perSeries];
    voxels[n % voxels.length] = n % 1000;
    const bytes = dicomFile(ctSlice({ slice, series, voxels, side }));
    writeFileSync(join(folder, `${((n * 7919) % files).toString().padStart(6, '0')}`), bytes);
  }
}

async function abdomenSlices(): Promise<Int16Array[]> {
  const folder = join(SHARED, 'data/dicom/series/ct_axial_abdomen_j2k');
  const decoded = await readInstances(readdirSync(folder).map((name) => join(folder, name)));
  return decoded
    .sort((a, b) => a.positionLpsMm[2] - b.positionLpsMm[2])
    .map(({ samples }) => Int16Array.from(samples, (stored) => stored - 1024));
}

function blend(sources: readonly Int16Array[], at: number): Float32Array {
  const below = sources[Math.floor(at)] ?? new Int16Array();
  const above = sources[Math.ceil(at)] ?? below;
  const weight = at - Math.floor(at);
  return Float32Array.from(below, (value, n) => value + ((above[n] ?? 0) - value) * weight);
}

/** Normal noise from twelve uniform numbers would be slow: the sum of three is near enough. */
function noisy(values: Float32Array, random: Random): Int16Array {
  return Int16Array.from(values, (value) => {
    const uniform = random.next() + random.next() + random.next() - 1.5;
    return Math.max(-1024, Math.min(3071, Math.round(value + uniform * 2 * NOISE_HU)));
  });
}

interface CtSlice {
  readonly slice: number;
  readonly series?: number;
  readonly voxels: Int16Array;
  readonly side?: number;
}

/** Stored as a scanner stores it: 12 of 16 bits, unsigned, 1024 above Hounsfield. */
function ctSlice({ slice, series = 0, voxels, side = SIDE }: CtSlice): WrittenElement[] {
  const stored = Uint16Array.from(voxels, (value) => value + 1024);
  const uid = `${UID_ROOT}.${series}.${slice}`;
  return [
    ['00080008', 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'],
    ['00080016', 'UI', CT_IMAGE_STORAGE],
    ['00080018', 'UI', uid],
    ['00080020', 'DA', '20260101'],
    ['00080030', 'TM', '120000'],
    ['00080060', 'CS', 'CT'],
    ['00080070', 'LO', 'SEXTANT'],
    ['0008103E', 'LO', `made ${series}`],
    ['00100010', 'PN', 'MADE^CT'],
    ['00100020', 'LO', 'MADE'],
    ['00180050', 'DS', '1.0'],
    ['00180088', 'DS', '1.0'],
    ['00185100', 'CS', 'HFS'],
    ['0020000D', 'UI', `${UID_ROOT}.1`],
    ['0020000E', 'UI', `${UID_ROOT}.2.${series}`],
    ['00200010', 'SH', '1'],
    ['00200011', 'IS', series + 1],
    ['00200012', 'IS', 1],
    ['00200013', 'IS', slice + 1],
    ['00200032', 'DS', `-200.0\\-200.0\\${(-300 + slice).toFixed(1)}`],
    ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
    ['00200052', 'UI', `${UID_ROOT}.3`],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', side],
    ['00280011', 'US', side],
    ['00280030', 'DS', '0.78125\\0.78125'],
    ['00280100', 'US', 16],
    ['00280101', 'US', 12],
    ['00280102', 'US', 11],
    ['00280103', 'US', 0],
    ['00281052', 'DS', '-1024'],
    ['00281053', 'DS', '1'],
    ['7FE00010', 'OW', new Uint8Array(stored.buffer)],
  ];
}
