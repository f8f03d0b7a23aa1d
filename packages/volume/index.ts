export { aboutImage } from './about-image.ts';
export { folderOf, withinBytes } from './folder-of.ts';
export type { ImageFile } from './image-file.ts';
export { type ImageKind, imageKindOf, isUntakenArchive } from './image-kind.ts';
export { imageKindByName } from './image-kind-by-name.ts';
export { imageStem, withoutImageEnding } from './image-stem.ts';
export { UniqueNames } from './unique-names.ts';
export {
  type CompoundType,
  isScalar,
  type Placement,
  type Qform,
  type Scale,
  type Volume,
  type VoxelType,
  type Warning,
  type WarningReason,
} from './volume.ts';
export { voxelPieces } from './voxel-pieces.ts';
