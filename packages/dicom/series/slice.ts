import { cross, dot, scaled, type Vec3 } from '#geometry';
import type { Frame, Instance, Mosaic } from '../instance.ts';

/** One plane of voxels: a frame, or a tile of one. */
export interface Slice {
  readonly instance: Instance;
  readonly frame: number;
  /** Of a mosaic: which tile, counted along the rows. */
  readonly tile?: number | undefined;
  readonly rows: number;
  readonly columns: number;
  /** Centre of the first voxel, LPS millimetres; undefined where the file does not place it. */
  readonly position?: Vec3 | undefined;
  readonly about: Frame;
}

/** A frame's plane as unit vectors: along a row, down a column, and across. */
export interface Plane {
  readonly alongRow: Vec3;
  readonly downColumn: Vec3;
  readonly normal: Vec3;
}

/**
 * Undefined where the frame has no orientation. The tiles of a mosaic follow each other along the normal
 * that its own header has, which may be the other one.
 */
export function planeOf({ orientation }: Frame, mosaic?: Mosaic): Plane | undefined {
  if (orientation === undefined) return undefined;
  const [alongRow, downColumn] = orientation;
  const across = cross(alongRow, downColumn);
  const isBackwards = mosaic?.normalLps !== undefined && dot(mosaic.normalLps, across) < 0;
  const normal = scaled(across, (isBackwards ? -1 : 1) / Math.hypot(...across));
  return { alongRow, downColumn, normal };
}

/** The planes of an instance: its frames, or the tiles of its mosaic. */
export function slicesOf(instance: Instance): Slice[] {
  const { mosaic, frames, pixels } = instance;
  if (mosaic !== undefined) return tilesOf(instance);
  const stepMm = stackStep(instance);
  return frames.map((about, frame) => ({
    instance,
    frame,
    rows: pixels.rows,
    columns: pixels.columns,
    position: stepMm === undefined ? about.positionLpsMm : stacked(about, frame * stepMm),
    about,
  }));
}

/**
 * The distance of frames that have one position for all of them and nothing that sets them apart in time:
 * they are a stack along the normal (nuclear medicine, multi-frame objects without functional groups).
 */
function stackStep({ frames, modality }: Instance): number | undefined {
  const [first] = frames;
  if (first === undefined || frames.length === 1) return undefined;
  const { positionLpsMm: position, dimensionIndex } = first;
  const isOnePlace = frames.every(
    ({ positionLpsMm }) => String(positionLpsMm) === String(position),
  );
  const time = dimensionIndex ?? first.temporalPosition ?? first.temporalOffsetSeconds;
  if (!isOnePlace || time !== undefined || position === undefined) return undefined;
  const thickness = modality === 'NM' ? first.sliceThicknessMm : undefined;
  return first.spacingBetweenSlicesMm ?? thickness;
}

function stacked(about: Frame, alongMm: number): Vec3 | undefined {
  const plane = planeOf(about);
  if (plane === undefined || about.positionLpsMm === undefined) return about.positionLpsMm;
  return sum(about.positionLpsMm, scaled(plane.normal, alongMm));
}

function tilesOf(instance: Instance): Slice[] {
  const { mosaic, pixels, frames } = instance;
  const about = frames[0];
  if (mosaic === undefined || about === undefined) return [];
  // Siemens leaves as many rows of tiles as columns, United Imaging as many as there are tiles for.
  const perColumn =
    mosaic.vendor === 'SIEMENS' ? mosaic.tilesPerRow : Math.ceil(mosaic.tiles / mosaic.tilesPerRow);
  const columns = Math.floor(pixels.columns / mosaic.tilesPerRow);
  const rows = Math.floor(pixels.rows / perColumn);
  return Array.from({ length: mosaic.tiles }, (_, tile) => ({
    instance,
    frame: 0,
    tile,
    rows,
    columns,
    position: mosaic.positionsLpsMm?.[tile] ?? tilePosition(instance, { tile, rows, columns }),
    about,
  }));
}

/**
 * Siemens gives the corner that a plane of the mosaic's size would have around the centre of the first
 * slice; the slice's own corner lies inwards by half of what the mosaic is larger. Tiles follow each other
 * along the slice normal of the CSA header.
 */
function tilePosition(
  { pixels, frames, mosaic }: Instance,
  { tile, rows, columns }: { tile: number; rows: number; columns: number },
): Vec3 | undefined {
  const about = frames[0];
  const plane = about === undefined ? undefined : planeOf(about, mosaic);
  const { positionLpsMm: corner, pixelSpacingMm } = about ?? {};
  if (plane === undefined || corner === undefined || pixelSpacingMm === undefined) return undefined;
  const spacing = about === undefined ? undefined : tileSpacing(about, mosaic);
  if (spacing === undefined) return undefined;
  const [betweenColumns, betweenRows] = pixelSpacingMm;
  const right = ((pixels.columns - columns) / 2) * betweenColumns;
  const down = ((pixels.rows - rows) / 2) * betweenRows;
  const along = tile * spacing.mm;
  return sum(
    corner,
    scaled(plane.alongRow, right),
    scaled(plane.downColumn, down),
    scaled(plane.normal, along),
  );
}

/**
 * The distance of a mosaic's slices, which no positions tell: what the vendor's header says, else
 * SpacingBetweenSlices, else the thickness, which is a guess.
 */
export function tileSpacing(
  { spacingBetweenSlicesMm: between, sliceThicknessMm: thickness }: Frame,
  mosaic: Mosaic | undefined,
): { mm: number; isThickness: boolean } | undefined {
  const told = mosaic?.spacingMm ?? positive(between);
  if (told !== undefined) return { mm: told, isThickness: false };
  const guessed = positive(thickness);
  return guessed === undefined ? undefined : { mm: guessed, isThickness: true };
}

function positive(mm: number | undefined): number | undefined {
  return mm !== undefined && mm > 0 ? mm : undefined;
}

export function sum(...vectors: readonly Vec3[]): Vec3 {
  const total: [number, number, number] = [0, 0, 0];
  for (const [x, y, z] of vectors) {
    total[0] += x;
    total[1] += y;
    total[2] += z;
  }
  return total;
}

export function difference(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}
