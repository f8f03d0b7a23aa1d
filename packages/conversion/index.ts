export { type ArchiveEntry, type UnpackOptions, unpackArchive } from './archive/unpack.ts';
export {
  type ConversionOptions,
  type Converted,
  type FoundVolume,
  type InputFile,
  OUTPUT_FORMATS,
  type OutputFormat,
  type VolumeHeader,
  type VolumeReport,
} from './conversion.ts';
export {
  assertImages,
  type FindOptions,
  type Found,
  findVolumes,
} from './find-volumes.ts';
export { flatNames } from './flat-names.ts';
export { LARGEST_UNPACKED_BYTES, LONGEST_NAME_BYTES, MOST_FILES } from './limits.ts';
export { memoryNeed } from './memory-need.ts';
export { type OpenOptions, openVolume } from './open-volume.ts';
export { type OutputOptions, outputFiles } from './output-files.ts';
export { readImageHeader } from './read-image.ts';
export { failureReport, reportOf } from './report.ts';
export { SPACING_EXPECTED, spacingOfNumbers } from './spacing.ts';
