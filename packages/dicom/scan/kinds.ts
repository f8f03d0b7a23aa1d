import type { Attributes } from './attributes.ts';

/** SOP classes (PS3.4 annex B) that are no image a volume can be made of. The longest prefix counts. */
const KINDS: readonly (readonly [prefix: string, kind: string])[] = [
  ['1.2.840.10008.1.3.10', 'DICOMDIR'],
  // Siemens' data without an image.
  ['1.3.12.2.1107.5.9.1', 'RAW_DATA'],
  ['1.2.840.10008.5.1.4.1.1.4.2', 'SPECTROSCOPY'],
  ['1.2.840.10008.5.1.4.1.1.9.', 'WAVEFORM'],
  ['1.2.840.10008.5.1.4.1.1.11.', 'PRESENTATION_STATE'],
  ['1.2.840.10008.5.1.4.1.1.66', 'RAW_DATA'],
  ['1.2.840.10008.5.1.4.1.1.66.1', 'REGISTRATION'],
  ['1.2.840.10008.5.1.4.1.1.66.2', 'FIDUCIALS'],
  ['1.2.840.10008.5.1.4.1.1.66.3', 'REGISTRATION'],
  ['1.2.840.10008.5.1.4.1.1.66.4', 'SEG'],
  ['1.2.840.10008.5.1.4.1.1.66.5', 'SURFACE_SEGMENTATION'],
  ['1.2.840.10008.5.1.4.1.1.66.6', 'TRACTOGRAPHY'],
  ['1.2.840.10008.5.1.4.1.1.66.7', 'SEG'],
  ['1.2.840.10008.5.1.4.1.1.66.8', 'SEG'],
  ['1.2.840.10008.5.1.4.1.1.67', 'REAL_WORLD_VALUE_MAPPING'],
  ['1.2.840.10008.5.1.4.1.1.68.', 'SURFACE'],
  ['1.2.840.10008.5.1.4.1.1.77.1.6', 'WHOLE_SLIDE'],
  ['1.2.840.10008.5.1.4.1.1.78.', 'OPHTHALMIC_MEASUREMENT'],
  ['1.2.840.10008.5.1.4.1.1.79.1', 'OPHTHALMIC_MEASUREMENT'],
  ['1.2.840.10008.5.1.4.1.1.80.1', 'OPHTHALMIC_MEASUREMENT'],
  ['1.2.840.10008.5.1.4.1.1.88.', 'SR'],
  ['1.2.840.10008.5.1.4.1.1.88.59', 'KEY_OBJECT'],
  ['1.2.840.10008.5.1.4.1.1.91.', 'ANNOTATIONS'],
  ['1.2.840.10008.5.1.4.1.1.104.', 'ENCAPSULATED_DOCUMENT'],
  ['1.2.840.10008.5.1.4.1.1.481.3', 'RTSTRUCT'],
  ['1.2.840.10008.5.1.4.1.1.481.4', 'RTRECORD'],
  ['1.2.840.10008.5.1.4.1.1.481.5', 'RTPLAN'],
  ['1.2.840.10008.5.1.4.1.1.481.6', 'RTRECORD'],
  ['1.2.840.10008.5.1.4.1.1.481.7', 'RTRECORD'],
  ['1.2.840.10008.5.1.4.1.1.481.8', 'RTPLAN'],
  ['1.2.840.10008.5.1.4.1.1.481.9', 'RTRECORD'],
  ['1.2.840.10008.5.1.4.1.1.481.10', 'RTPLAN'],
];

/** Where the SOP class says nothing. */
const KIND_OF_MODALITY: Readonly<Record<string, string>> = {
  SR: 'SR',
  SEG: 'SEG',
  KO: 'KEY_OBJECT',
  PR: 'PRESENTATION_STATE',
  RTSTRUCT: 'RTSTRUCT',
  RTPLAN: 'RTPLAN',
  REG: 'REGISTRATION',
  DOC: 'ENCAPSULATED_DOCUMENT',
  SM: 'WHOLE_SLIDE',
};

/** DICOM, and nothing else that has a name here. */
export const NO_IMAGE = 'NO_IMAGE';

/** DICOM that does not say what it is. */
export const NOT_TOLD = 'NOT_TOLD';

const ROWS = 'x00280010';
const COLUMNS = 'x00280011';

/** What an object is that is no image; undefined for an image. */
export function kindApart(attributes: Attributes, sopClassUid: string): string | undefined {
  const kindOfClass = kindOfSopClass(sopClassUid);
  if (kindOfClass !== undefined) return kindOfClass;
  // A DICOMDIR's data set has no SOP class of its own.
  if (attributes.has('x00041220')) return 'DICOMDIR';
  const modality = attributes.string('x00080060') ?? '';
  const kind = KIND_OF_MODALITY[modality];
  if (kind !== undefined) return kind;
  const hasMatrix = attributes.has(ROWS) && attributes.has(COLUMNS);
  // An image whose header ends early is no other thing: its series is not complete without it.
  if (hasMatrix || isImageStorage(sopClassUid)) return undefined;
  return sopClassUid === '' ? NOT_TOLD : NO_IMAGE;
}

/** Undefined for an image's, and for one that is not known. */
function kindOfSopClass(uid: string): string | undefined {
  let kind: string | undefined;
  let longest = 0;
  for (const [prefix, named] of KINDS) {
    const fits = prefix.endsWith('.') ? uid.startsWith(prefix) : uid === prefix;
    if (fits && prefix.length > longest) [kind, longest] = [named, prefix.length];
  }
  return kind;
}

/** CT, MR, ultrasound, secondary capture, X-ray, nuclear medicine, PET, RT image and dose. */
function isImageStorage(sopClassUid: string): boolean {
  const [, storage = ''] = sopClassUid.split('1.2.840.10008.5.1.4.1.1.');
  return /^(1|2|4|6|7|12|13|20|77|128|130|481\.[12])(\.|$)/.test(storage);
}
