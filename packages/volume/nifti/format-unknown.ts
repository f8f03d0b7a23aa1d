import { SextantError } from '#errors';

/** Files that people send in place of a NIfTI image, by their first bytes. */
const OTHERS: readonly { name: string; at: number; magic: string }[] = [
  { name: 'DICOM', at: 128, magic: 'DICM' },
  { name: 'NRRD', at: 0, magic: 'NRRD' },
  { name: 'MetaImage', at: 0, magic: 'ObjectType' },
  { name: 'a zip archive', at: 0, magic: 'PK\x03\x04' },
  { name: 'HDF5 (MINC 2)', at: 0, magic: '\x89HDF' },
  { name: 'PNG', at: 0, magic: '\x89PNG' },
  { name: 'JPEG', at: 0, magic: '\xff\xd8\xff' },
  { name: 'bzip2', at: 0, magic: 'BZh' },
  { name: 'xz', at: 0, magic: '\xfd7zXZ' },
  { name: 'zstd', at: 0, magic: '\x28\xb5\x2f\xfd' },
  { name: 'gzip within gzip', at: 0, magic: '\x1f\x8b\x08' },
];

/** The error for bytes that begin like no NIfTI header, naming what they are where that is known. */
export function formatUnknown(start: Uint8Array): SextantError {
  const text = Buffer.from(start).toString('latin1');
  const other = OTHERS.find(({ at, magic }) => text.startsWith(magic, at));
  const first = [...start.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
  return new SextantError('VOLUME_FORMAT_UNKNOWN', {
    subject: 'image',
    got: start.length === 0 ? 'an empty file' : (other?.name ?? `bytes ${first.join(' ')} …`),
    expected: 'NIfTI-1 or NIfTI-2 (.nii, .nii.gz, .hdr with .img)',
    remedy: start.length === 0 ? 'copy or download the file again' : 'convert the image to NIfTI',
  });
}
