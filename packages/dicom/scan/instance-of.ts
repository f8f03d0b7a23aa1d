import { crc32 } from '#volume/gzip';
import type { Instance } from '../instance.ts';
import { MOST_FRAMES } from '../limits.ts';
import type { Attributes } from './attributes.ts';
import { framesOf } from './frames.ts';
import type { Header } from './header.ts';
import { mosaicOf } from './mosaic.ts';
import { pixelLayoutOf } from './pixel-layout.ts';
import { pixelLocationOf } from './pixel-location.ts';
import { UnreadableHeader } from './unreadable-header.ts';

/** Everything of an object that has pixels but its samples. Throws UnreadableHeader. */
export function instanceOf(
  header: Header,
  { path, name }: { path: string; name: string },
): Instance {
  const { attributes } = header;
  const pixels = pixelLayoutOf(header);
  const frameCount = frameCountOf(attributes);
  return {
    path,
    name,
    ...identity(attributes),
    sopClassUid: header.sopClassUid,
    ...acquisition(attributes),
    pixels,
    location: pixelLocationOf(header, pixels, frameCount),
    mosaic: frameCount === 1 ? mosaicOf(attributes) : undefined,
    frames: framesOf(attributes, frameCount),
  };
}

function identity(attributes: Attributes) {
  return {
    sopInstanceUid: attributes.string('x00080018') ?? '',
    patientDigest: patientDigest(attributes),
    studyUid: attributes.string('x0020000d') ?? '',
    seriesUid: attributes.string('x0020000e') ?? '',
    frameOfReferenceUid: attributes.string('x00200052'),
    seriesNumber: attributes.integer('x00200011'),
    seriesDescription: descriptionOf(attributes),
    modality: attributes.string('x00080060') ?? '',
    manufacturer: attributes.string('x00080070'),
    instanceNumber: attributes.integer('x00200013'),
    acquisitionNumber: attributes.integer('x00200012'),
    frameReferenceTimeMs: attributes.decimal('x00541300'),
    acquisitionSeconds: secondsOf(attributes.string('x00080032')),
    contentSeconds: secondsOf(attributes.string('x00080033')),
  };
}

function acquisition(attributes: Attributes) {
  const timing = attributes.item('x52009229')?.item('x00189112');
  return {
    echoNumber: attributes.integer('x00180086'),
    coil: attributes.string('x00181250'),
    sequenceName: attributes.string('x00180024'),
    repetitionTimeMs: attributes.decimal('x00180080') ?? timing?.decimal('x00180080'),
    units: attributes.string('x00541001'),
    dimensionPointers: dimensionPointers(attributes),
  };
}

/** TM: HHMMSS.FFFFFF, of which the later parts may be left out (PS3.5 6.2). */
function secondsOf(time: string | undefined): number | undefined {
  const parts = /^(\d\d)(\d\d)?(\d\d(?:\.\d{1,6})?)?$/.exec(time?.trim() ?? '');
  if (parts === null) return undefined;
  const [, hours, minutes = 0, seconds = 0] = parts;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** No name and no number of a patient leaves the scan. */
function patientDigest(attributes: Attributes): number | undefined {
  const id = attributes.string('x00100020');
  if (id === undefined || id === '') return undefined;
  return crc32(Buffer.from(id, 'latin1'));
}

/** In UTF-8 where the file says so; every other set agrees with Latin-1 in its ASCII part. */
function descriptionOf(attributes: Attributes): string | undefined {
  const isUtf8 = attributes.string('x00080005')?.includes('ISO_IR 192') === true;
  const text = attributes.string('x0008103e');
  if (text === undefined || !isUtf8) return text;
  return Buffer.from(text, 'latin1').toString('utf8');
}

function dimensionPointers(attributes: Attributes): string[] | undefined {
  const items = attributes.items('x00209222');
  return items.length === 0 ? undefined : items.map((item) => item.tag('x00209165') ?? '');
}

function frameCountOf(attributes: Attributes): number {
  const text = attributes.string('x00280008');
  const told = attributes.integer('x00280008');
  // Absent in an object of one frame; some writers say 0.
  if (text === undefined || told === 0) return 1;
  if (told !== undefined && told > 0 && told <= MOST_FRAMES) return told;
  throw new UnreadableHeader(
    'VOLUME_CORRUPT',
    `expected 1 to ${MOST_FRAMES} for NumberOfFrames (0028,0008) but got ${text.slice(0, 20)}`,
  );
}
