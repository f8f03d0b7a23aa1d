import { cross, type Vec3 } from '#geometry';
import type { Frame, Rescale } from '../instance.ts';
import type { Attributes } from './attributes.ts';
import { componentOf } from './component.ts';
import { diffusionOf } from './diffusion.ts';
import { modalityLutOf } from './pixel-layout.ts';
import { UnreadableHeader } from './unreadable-header.ts';

/** Where an attribute of a frame may stand, the nearest first: its own group, the shared one, the object. */
type Places = readonly Attributes[];

/** What is told of a frame, perhaps without how its values are scaled. */
type FrameValues = Omit<Frame, 'rescale'> & { readonly rescale: Rescale | undefined };

const PER_FRAME = 'x52009230';
const SHARED = 'x52009229';

/** What differs from frame to frame (PS3.3 C.7.6.16), the object's own values where no group has them. */
export function framesOf(object: Attributes, frameCount: number): Frame[] {
  const perFrame = object.items(PER_FRAME);
  const shared = object.item(SHARED);
  if (perFrame.length === 0 && shared === undefined) return objectFrames(object, frameCount);
  if (perFrame.length !== 0 && perFrame.length !== frameCount) {
    throw new UnreadableHeader(
      'VOLUME_CORRUPT',
      `expected ${frameCount} items of PerFrameFunctionalGroupsSequence (5200,9230), as NumberOfFrames says, but got ${perFrame.length}`,
    );
  }
  const own = { ...frameOf([object], object), rescale: rescaleOf([object], object) };
  const ofAll = shared === undefined ? [] : macrosOf(shared);
  const merged = (places: Places): Frame => ({ ...own, ...definedIn(frameOf(places, object)) });
  // One object for all: a file may claim a million frames.
  if (perFrame.length === 0) return new Array<Frame>(frameCount).fill(merged(ofAll));
  return perFrame.map((group) => merged([...macrosOf(group), ...ofAll]));
}

/** A frame's own values stand within the sequences of its functional groups. */
function macrosOf(group: Attributes): Places {
  return MACROS.flatMap((tag) => group.item(tag) ?? []);
}

const MACROS = [
  'x00209113', // Plane position
  'x00209116', // Plane orientation
  'x00289110', // Pixel measures
  'x00289145', // Pixel value transformation
  'x00209111', // Frame content
  'x00189114', // MR echo
  'x00189117', // MR diffusion
  'x00189226', // MR image frame type
  'x00189329', // CT image frame type
  'x00189751', // PET frame type
  'x00189732', // PET frame type of the first edition
  'x00189118', // Cardiac synchronization
  'x00209310', // Temporal position
];

function frameOf(places: Places, object: Attributes): FrameValues {
  const first = <T>(read: (place: Attributes) => T | undefined): T | undefined => {
    for (const place of places) {
      const value = read(place);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const decimal = (tag: string) => first((place) => place.decimal(tag));
  const double = (tag: string) => first((place) => place.double(tag));
  const imageType = first((place) => nonEmpty(place.strings('x00089007')));
  return {
    positionLpsMm: first((place) => place.vector('x00200032')),
    orientation: first(orientationOf),
    pixelSpacingMm: first(pixelSpacingOf),
    sliceThicknessMm: decimal('x00180050'),
    spacingBetweenSlicesMm: decimal('x00180088'),
    rescale: lineOf(places),
    dimensionIndex: first((place) => nonEmpty(place.uint32s('x00209157'))),
    stackId: first((place) => place.string('x00209056')),
    temporalPosition: first(
      (place) => place.uint32s('x00209128')?.[0] ?? place.integer('x00200100'),
    ),
    temporalOffsetSeconds: double('x0020930d'),
    echoTimeMs: double('x00189082') ?? decimal('x00180081'),
    triggerTimeMs: double('x00209153') ?? decimal('x00181060'),
    ...first(diffusionOf),
    component: first((place) => componentOf(place, imageType ?? object.strings('x00080008'))),
    imageType: imageType ?? object.strings('x00080008'),
  };
}

function definedIn(frame: object): Partial<Frame> {
  return Object.fromEntries(Object.entries(frame).filter(([, value]) => value !== undefined));
}

function nonEmpty<T>(values: T[] | undefined): T[] | undefined {
  return values === undefined || values.length === 0 || values[0] === '' ? undefined : values;
}

/** ImageOrientationPatient, as the file has it. */
function orientationOf(place: Attributes): readonly [Vec3, Vec3] | undefined {
  const cosines = place.decimals('x00200037');
  if (cosines?.length !== 6) return undefined;
  const [a, b, c, d, e, f] = cosines as [number, number, number, number, number, number];
  const normal = cross([a, b, c], [d, e, f]);
  // Two directions that are one span no plane.
  if (Math.hypot(...normal) < 1e-3) return undefined;
  return [
    [a, b, c],
    [d, e, f],
  ];
}

/**
 * Between columns, then between rows: the attribute has them the other way round (PS3.3 10.7.1.3).
 * Projections have only the spacing at their detector.
 */
function pixelSpacingOf(place: Attributes): readonly [number, number] | undefined {
  for (const tag of ['x00280030', 'x00181164', 'x00182010']) {
    const [betweenRows, betweenColumns] = place.decimals(tag) ?? [];
    if (betweenRows === undefined || betweenColumns === undefined) continue;
    if (betweenRows > 0 && betweenColumns > 0) return [betweenColumns, betweenRows];
  }
  return undefined;
}

/** RescaleSlope and RescaleIntercept. */
function lineOf(places: Places): Rescale | undefined {
  for (const place of places) {
    const slope = numberIn(place, 'x00281053', 'RescaleSlope (0028,1053)');
    const intercept = numberIn(place, 'x00281052', 'RescaleIntercept (0028,1052)') ?? 0;
    if (slope === undefined && !place.has('x00281052')) continue;
    // A slope of 0 would make every voxel the same: no scanner means that.
    if (slope === 0) return { slope: 1, intercept, isSlopeZero: true };
    return { slope: slope ?? 1, intercept };
  }
  return undefined;
}

/** What a value is measured with is never guessed: undefined when absent or empty, else it has to be a number. */
function numberIn(place: Attributes, tag: string, name: string): number | undefined {
  const number = place.decimal(tag);
  const text = place.string(tag);
  if (number !== undefined || text === undefined) return number;
  throw new UnreadableHeader(
    'VOLUME_CORRUPT',
    `expected a number for ${name} but got ${text.slice(0, 20)}`,
  );
}

/** The line, else the table, else the scaling of a dose. */
function rescaleOf(places: Places, object: Attributes): Rescale {
  const line = lineOf(places);
  if (line !== undefined) return line;
  const lut = modalityLutOf(object);
  if (lut !== undefined) return { slope: 1, intercept: 0, lut };
  const doseScaling = object.decimal('x3004000e');
  return { slope: doseScaling !== undefined && doseScaling > 0 ? doseScaling : 1, intercept: 0 };
}

/** Several frames without functional groups: RT dose says where each lies, others that they are a stack. */
function objectFrames(object: Attributes, frameCount: number): Frame[] {
  const own = withDetector(
    { ...frameOf([object], object), rescale: rescaleOf([object], object) },
    object,
  );
  if (frameCount === 1) return [own];
  const offsets = object.decimals('x3004000c');
  const { positionLpsMm, orientation } = own;
  if (offsets?.length !== frameCount || positionLpsMm === undefined || orientation === undefined) {
    return new Array<Frame>(frameCount).fill(own);
  }
  const normal = cross(...orientation);
  return offsets.map((offset) => {
    const distance = offset - (offsets[0] ?? 0);
    const position: Vec3 = [
      positionLpsMm[0] + normal[0] * distance,
      positionLpsMm[1] + normal[1] * distance,
      positionLpsMm[2] + normal[2] * distance,
    ];
    return { ...own, positionLpsMm: position };
  });
}

/** Nuclear medicine keeps position and orientation with the detector (PS3.3 C.8.4.11). */
function withDetector(frame: Frame, object: Attributes): Frame {
  const detector = object.item('x00540022');
  if (detector === undefined) return frame;
  return {
    ...frame,
    positionLpsMm: frame.positionLpsMm ?? detector.vector('x00200032'),
    orientation: frame.orientation ?? orientationOf(detector),
  };
}
