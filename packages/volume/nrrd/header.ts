import { SextantError } from '#errors';
import {
  type Affine,
  affineOfColumns,
  assertInvertible,
  type Grid,
  scaled,
  type Vec3,
} from '#geometry';
import type { Dtype } from '#kernels';
import type { ByteOrder } from '../bytes/byte-order.ts';
import type { Scale, VoxelType, Warning } from '../volume.ts';
import { brokenNrrd, NrrdFields } from './fields.ts';
import { nrrdType } from './types.ts';

export interface NrrdHeader {
  readonly grid: Grid;
  readonly frames: number;
  readonly dtype: VoxelType;
  readonly component: Dtype;
  readonly width: number;
  readonly components: number;
  /** Bytes of the voxels, not compressed. A double, since a header can promise more than memory has. */
  readonly voxelBytes: number;
  /** The component axis is the last and not the first. */
  readonly componentsLast: boolean;
  readonly byteOrder: ByteOrder;
  readonly encoding: 'raw' | 'gzip' | 'ascii';
  /** Name of the file with the voxels; undefined: they follow. */
  readonly dataFile: string | undefined;
  readonly lineSkip: number;
  /** -1: the voxels end with the file. */
  readonly byteSkip: number;
  readonly scale: Scale;
  readonly timeStepSeconds?: number | undefined;
  readonly warnings: readonly Warning[];
}

const ENCODINGS: Readonly<Record<string, NrrdHeader['encoding']>> = {
  raw: 'raw',
  gzip: 'gzip',
  gz: 'gzip',
  ascii: 'ascii',
  text: 'ascii',
  txt: 'ascii',
};

/** What turns a space's axes into RAS; patient spaces by name or initials, with time behind. */
const TO_RAS: Readonly<Record<string, Vec3>> = {
  'right-anterior-superior': [1, 1, 1],
  ras: [1, 1, 1],
  'left-anterior-superior': [-1, 1, 1],
  las: [-1, 1, 1],
  'left-posterior-superior': [-1, -1, 1],
  lps: [-1, -1, 1],
};

/** Kinds of an axis that is no direction in space. */
const RANGE_KINDS =
  /^(rgb-color|rgba-color|3-color|4-color|vector|covariant-vector|list|point|normal|complex|scalar|stub|time|none|[2-4]-vector|3-gradient|3-normal)$/;

/** @throws SextantError VOLUME_CORRUPT, VOLUME_TYPE_UNSUPPORTED, VOLUME_AFFINE_SINGULAR */
export function interpretNrrd(lines: readonly string[]): NrrdHeader {
  const fields = new NrrdFields(lines);
  const sizes = sizesOf(fields);
  const axes = axesOf(fields, sizes);
  const { component, width } = nrrdType(fields.need('type'));
  const encodingName = fields.need('encoding').toLowerCase();
  const encoding = ENCODINGS[encodingName];
  if (encoding === undefined) throw unsupported('encoding', encodingName, 'raw, gzip or ascii');
  const components = axes.component === undefined ? 1 : (sizes[axes.component] ?? 1);
  const [slope, intercept] = [fields.key('rescale_slope'), fields.key('rescale_intercept')];
  return {
    ...axes.placed,
    dtype: voxelType(component, components),
    component,
    width,
    components,
    voxelBytes: sizes.reduce((product, size) => product * size, width),
    componentsLast: axes.component !== undefined && axes.component > 0,
    byteOrder: byteOrderOf(fields, width, encoding),
    encoding,
    dataFile: fields.text('data file', 'datafile'),
    lineSkip: fields.count('line skip', 'lineskip'),
    byteSkip: fields.count('byte skip', 'byteskip'),
    scale: { slope: finite(slope, 1), intercept: finite(intercept, 0) },
  };
}

function finite(text: string | undefined, otherwise: number): number {
  const number = Number(text ?? Number.NaN);
  return Number.isFinite(number) ? number : otherwise;
}

function sizesOf(fields: NrrdFields): number[] {
  const dimension = Number(fields.need('dimension'));
  const sizes = fields.need('sizes').split(/\s+/).map(Number);
  const isCount = (n: number) => Number.isInteger(n) && n >= 1 && n < 2 ** 31;
  if (sizes.length !== dimension || dimension < 2 || dimension > 5 || !sizes.every(isCount)) {
    throw brokenNrrd('sizes', fields.need('sizes'), `${dimension} counts, for 2 to 5 axes`);
  }
  return sizes;
}

function voxelType(component: Dtype, components: number): VoxelType {
  if (components === 1) return component;
  if (component === 'uint8' && components === 3) return 'rgb24';
  if (component === 'uint8' && components === 4) return 'rgba32';
  throw unsupported('kinds', `${components} ${component} a voxel`, 'one number or 8 bit colours');
}

/** Which axes are space, colour, time; and the grid of those of space. */
function axesOf(fields: NrrdFields, sizes: readonly number[]) {
  const directions = fields.vectors('space directions');
  const kinds = fields.text('kinds')?.toLowerCase().split(/\s+/) ?? [];
  const isRange = (axis: number) =>
    directions === undefined
      ? RANGE_KINDS.test(kinds[axis] ?? 'domain')
      : directions[axis] === undefined;
  const space = sizes.flatMap((_, axis) => (isRange(axis) ? [] : [axis]));
  const others = sizes.flatMap((_, axis) => (isRange(axis) ? [axis] : []));
  // A fourth axis of a space is time: right-anterior-superior-time, or plain 4D without a space.
  const [spatial, extra] = [space.slice(0, 3), space.slice(3)];
  const time = [
    ...extra,
    ...others.filter((axis) => axis > (spatial.at(-1) ?? 0) && isTime(kinds[axis])),
  ];
  const component = others.find((axis) => !time.includes(axis));
  const rest = others.filter((axis) => axis !== component && !time.includes(axis));
  if (spatial.length < 2 || rest.length > 0 || time.length > 1 || !isConsecutive(spatial)) {
    throw unsupported(
      'kinds',
      `${sizes.length} axes (${kinds.join(' ')})`,
      '2 or 3 axes in space, one of colour and one of time at most',
    );
  }
  const [i = 0, j = 1, k] = spatial;
  const shape: Vec3 = [sizes[i] ?? 1, sizes[j] ?? 1, k === undefined ? 1 : (sizes[k] ?? 1)];
  const { affine, warnings } = affineOf(fields, spatial);
  const [timeAxis] = time;
  return {
    component,
    placed: {
      grid: { shape, affine },
      warnings,
      frames: timeAxis === undefined ? 1 : (sizes[timeAxis] ?? 1),
      timeStepSeconds: timeAxis === undefined ? undefined : timeStep(fields, timeAxis),
    },
  };
}

function isTime(kind: string | undefined): boolean {
  return (
    kind === 'time' || kind === 'list' || kind === 'none' || kind === '???' || kind === undefined
  );
}

function isConsecutive(axes: readonly number[]): boolean {
  return axes.every((axis, n) => n === 0 || axis === (axes[n - 1] ?? 0) + 1);
}

function timeStep(fields: NrrdFields, axis: number): number | undefined {
  const step = Number(
    fields.text('spacings')?.split(/\s+/)[axis] ?? fields.key('time_step_seconds'),
  );
  return Number.isFinite(step) && step > 0 ? step : undefined;
}

function affineOf(
  fields: NrrdFields,
  axes: readonly number[],
): { affine: Affine; warnings: Warning[] } {
  const spaceName = fields
    .text('space')
    ?.toLowerCase()
    .replace(/-time$/, '')
    .replace(/^(ras|las|lps)t$/, '$1');
  const toRas = spaceName === undefined ? undefined : TO_RAS[spaceName];
  if (spaceName !== undefined && toRas === undefined) {
    throw unsupported('space', spaceName, 'a space of the patient: RAS, LAS or LPS');
  }
  const signs = toRas ?? [1, 1, 1];
  const directions = fields.vectors('space directions');
  const spacings = fields.text('spacings')?.split(/\s+/).map(Number);
  const isSpaced = (axis: number) =>
    directions?.[axis] !== undefined || Number.isFinite(spacings?.[axis]);
  const turned = (vector: readonly number[]): Vec3 => [
    (vector[0] ?? 0) * signs[0] + 0,
    (vector[1] ?? 0) * signs[1] + 0,
    (vector[2] ?? 0) * signs[2] + 0,
  ];
  const columns = [0, 1, 2].map((n): Vec3 => {
    const axis = axes[n];
    const direction = axis === undefined ? undefined : directions?.[axis];
    if (direction !== undefined) return turned(direction);
    const unit: Vec3 = [n === 0 ? 1 : 0, n === 1 ? 1 : 0, n === 2 ? 1 : 0];
    const spacing = axis === undefined ? 1 : (spacings?.[axis] ?? 1);
    return turned(scaled(unit, Number.isFinite(spacing) ? spacing : 1));
  }) as [Vec3, Vec3, Vec3];
  const origin = turned(fields.vectors('space origin')?.[0] ?? [0, 0, 0]);
  const affine = affineOfColumns(columns, origin);
  assertInvertible(affine);
  const warnings: Warning[] = [
    ...(spaceName === undefined ? [ORIENTATION_UNKNOWN] : []),
    ...(axes.every(isSpaced) ? [] : [SPACING_UNKNOWN]),
  ];
  return { affine, warnings };
}

const ORIENTATION_UNKNOWN: Warning = {
  reason: 'ORIENTATION_UNKNOWN',
  message: 'the header names no space: its axes were taken for right, front and head',
};

const SPACING_UNKNOWN: Warning = {
  reason: 'SPACING_UNKNOWN',
  message: 'the header has no spacing for an axis: 1 mm was taken',
};

function byteOrderOf(fields: NrrdFields, width: number, encoding: string): ByteOrder {
  const endian = fields.text('endian')?.toLowerCase();
  if (endian === 'big' || endian === 'little') return endian;
  if (width === 1 || encoding === 'ascii') return 'little';
  throw brokenNrrd('endian', endian ?? 'nothing', 'little or big');
}

export function unsupported(field: string, got: string, expected: string): SextantError {
  return new SextantError('VOLUME_TYPE_UNSUPPORTED', {
    subject: `NRRD header: ${field}`,
    got: JSON.stringify(got.slice(0, 100)),
    expected,
    remedy: 'write the image again in such a form',
  });
}
