import { syntheticHeader, syntheticNifti } from './synthetic.ts';

/** What mutations start from: one image of every shape of header. A fixed bug leaves its input here. */
export const FUZZ_CORPUS: readonly Uint8Array[] = [
  syntheticNifti(),
  syntheticNifti({ order: 'big', datatype: 4, bitpix: 16, width: 2, voxels: new Uint8Array(48) }),
  syntheticNifti({ version: 2 }),
  syntheticNifti({ version: 2, order: 'big' }),
  syntheticNifti({ extension: Buffer.from('an extension of some bytes') }),
  syntheticNifti({ sformCode: 0, qformCode: 1, quaternion: [0.5, 0.5, 0.5] }),
  syntheticNifti({ sformCode: 0 }),
  syntheticNifti({ dim: [5, 2, 1, 2, 3, 2] }),
  syntheticNifti({ datatype: 128, bitpix: 24, dim: [3, 2, 2, 2], voxels: new Uint8Array(24) }),
  syntheticHeader({ magic: 'ni' }),
  syntheticHeader({ magic: '\0\0' }),
];
