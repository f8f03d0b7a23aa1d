import { dot, scaled, type Vec3 } from '#geometry';
import { difference, type Plane, planeOf, type Slice } from './slice.ts';

/** Slices of one orientation, by their place along the normal. */
export interface Stack {
  readonly plane: Plane;
  /** One entry a place, in the order of the normal; the slices of a place in the order of time. */
  readonly places: readonly (readonly Slice[])[];
  /** Along the normal, millimetres, of each place. */
  readonly heightsMm: readonly number[];
}

/**
 * Slices nearer than this are at one place: positions are written with three decimals or more, and no
 * scanner has slices this thin.
 */
const SAME_PLACE_MM = 0.005;

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
  const places: Slice[][] = [];
  const heightsMm: number[] = [];
  for (const { slice, height } of placed) {
    const last = heightsMm.at(-1);
    if (last !== undefined && height - last < SAME_PLACE_MM) places.at(-1)?.push(slice);
    else {
      places.push([slice]);
      heightsMm.push(height);
    }
  }
  return { plane, places: places.map(inTime), heightsMm };
}

/** The frames of one place in the order they were taken, as the file tells it. */
function inTime(place: Slice[]): Slice[] {
  if (place.length === 1) return place;
  return place.sort(
    (a, b) =>
      by(a.about.temporalPosition, b.about.temporalPosition) ||
      by(a.instance.instanceNumber, b.instance.instanceNumber) ||
      by(a.about.triggerTimeMs, b.about.triggerTimeMs) ||
      a.frame - b.frame ||
      (a.instance.sopInstanceUid < b.instance.sopInstanceUid ? -1 : 1),
  );
}

function by(a: number | undefined, b: number | undefined): number {
  return a === undefined || b === undefined ? 0 : a - b;
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
    besideMm: Math.max(...beside),
  };
}

function tiltOf(step: Vec3, { normal, downColumn }: Plane): number {
  const up = dot(step, normal);
  const lateral = Math.hypot(...difference(step, scaled(normal, up)));
  const degrees = (Math.atan2(lateral, up) * 180) / Math.PI;
  return dot(step, downColumn) < 0 ? -degrees : degrees;
}
