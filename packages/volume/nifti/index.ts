export { assertFrame } from './frame.ts';
export type { NiftiHeader } from './header.ts';
export { type NiftiFileOptions, niftiFile } from './nifti-file.ts';
export {
  type NiftiSource,
  type ReadNiftiOptions,
  readNifti,
  readNiftiHeader,
} from './read.ts';
export { type NiftiImage, type WriteNiftiOptions, writeNifti } from './write.ts';
export type { HeaderContent } from './write-header.ts';
