import { dot, scaled, type Vec3 } from '#geometry';
import { difference, type Plane, planeOf, type Slice } from './slice.ts';
import { byDiffusion, inTime, isInOneTime } from './time.ts';

/** Slices of one orientation, by their place along the normal. */
export interface Stack {
  readonly plane: Plane;
  /** One entry a place, in the order of the normal; the slices of a place in the order of time. */
  readonly places: readonly (readonly Slice[])[];
  /** Along the normal, millimetres, of each place. */
  readonly heightsMm: readonly number[];
}

/**
 * Slices nearer than this are at one place: positions are written with three decimals or more. Of images
 * under the microscope, whose slices may be this thin, a part of a pixel is.
 */
const SAME_PLACE_MM = 0.005;
const SAME_PLACE_PIXELS = 0.05;

/** Sorts slices by place, then by time. Undefined when one of them has no place. */
export function stackOf(slices: readonly Slice[]): Stack | undefined {
  const first = slices[0];
  const plane = first === undefined ? undefined : planeOf(first.about, first.instance.mosaic);
  if (plane === undefined) return undefined;
  const placed: { slice: Slice; height: number }[] = [];
  for (const slice of slices) {
    if (slice.position === undefined) return undefined;
    placed.push({ slice, height: dot(slice.position, plane.normal) });
  }
  placed.sort((a, b) => a.height - b.height);
  const pixelMm = Math.min(...(first?.about.pixelSpacingMm ?? [1]));
  const samePlaceMm = Math.min(SAME_PLACE_MM, SAME_PLACE_PIXELS * pixelMm);
  const places: Slice[][] = [];
  const heightsMm: number[] = [];
  for (const { slice, height } of placed) {
    const last = heightsMm.at(-1);
    if (last !== undefined && height - last < samePlaceMm) places.at(-1)?.push(slice);
    else {
      places.push([slice]);
      heightsMm.push(height);
    }
  }
  const asNumbered = { plane, places: inTime(places), heightsMm };
  if (!isRegular(asNumbered) || isInOneTime(asNumbered.places)) return asNumbered;
  // Instance numbers that count otherwise at each place: what the volumes are of tells them apart.
  return { plane, places: places.map((place) => place.toSorted(byDiffusion)), heightsMm };
}

/** Whether every place has as many slices as the first: then they are volumes in time. */
export function isRegular({ places }: Stack): boolean {
  return places.every(({ length }) => length === places[0]?.length);
}

/** What the geometry of a stack's places is. */
export interface Spread {
  /** From one slice to the next, LPS millimetres: the mean, where they differ. */
  readonly stepLps: Vec3;
  /** Between the step and the normal; with a sign, positive when the step leans down the column. */
  readonly tiltDegrees: number;
  /** Distance of each place from the first along the step; only when they are not even. */
  readonly unevenMm?: readonly number[];
  /** How far a slice lies at most beside the line through the first and the last. */
  readonly besideMm: number;
}

/** A step is even when no slice lies farther from its place on an even grid than this part of it. */
const EVEN_PART = 0.02;
const EVEN_MM = 0.01;

/** Measures places of two slices or more, by the first slice of each. */
export function spreadOf({ plane, places, heightsMm }: Stack): Spread {
  const corners = places.map(([slice]) => slice?.position ?? ([0, 0, 0] as const));
  const first = corners[0] as Vec3;
  const whole = difference(corners.at(-1) as Vec3, first);
  const stepLps = scaled(whole, 1 / (places.length - 1));
  const length = Math.hypot(...stepLps);
  const direction = scaled(stepLps, 1 / length);
  const along = corners.map((corner) => dot(difference(corner, first), direction));
  const height = (heightsMm.at(-1) as number) - (heightsMm[0] as number);
  const perHeight = Math.hypot(...whole) / height;
  const beside = corners.map((corner, n) => {
    const onLine = scaled(
      direction,
      ((heightsMm[n] as number) - (heightsMm[0] as number)) * perHeight,
    );
    return Math.hypot(...difference(difference(corner, first), onLine));
  });
  const tolerance = Math.max(EVEN_MM, EVEN_PART * length);
  const isEven = along.every((distance, n) => Math.abs(distance - n * length) <= tolerance);
  return {
    stepLps,
    tiltDegrees: tiltOf(stepLps, plane),
    ...(isEven ? {} : { unevenMm: along }),
    besideMm: beside.reduce((most, mm) => Math.max(most, mm), 0),
  };
}

function tiltOf(step: Vec3, { normal, downColumn }: Plane): number {
  const up = dot(step, normal);
  const lateral = Math.hypot(...difference(step, scaled(normal, up)));
  const degrees = (Math.atan2(lateral, up) * 180) / Math.PI;
  return dot(step, downColumn) < 0 ? -degrees : degrees;
}
