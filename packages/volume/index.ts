export {
  type CompoundType,
  isScalar,
  type Scale,
  type Volume,
  type VoxelType,
  type Warning,
  type WarningReason,
} from './volume.ts';
