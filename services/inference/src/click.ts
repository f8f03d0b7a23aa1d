import {
  type Annotation,
  annotate,
  encodeNiftiGzip,
  encodeRunLengths,
  type Stage,
} from '#annotation';
import type { Space, Vec3 } from '#geometry';
import type { Model } from '#models';
import { MaskEncoding } from '#proto/sextant/v1/annotation';
import type { ResidentVolumes, VolumeKey } from './resident-volumes.ts';

/** What is left of a click once its tensors are gone. */
export interface Clicked
  extends Pick<Annotation, 'grid' | 'labels' | 'box' | 'voxels' | 'stageTimes' | 'warnings'> {
  readonly mask: Uint8Array;
}

/** One click on a stored volume: decode it unless it is resident, annotate, encode. */
export async function click(work: {
  model: Model;
  points: readonly Vec3[];
  space: Space;
  encoding: MaskEncoding;
  volumes: ResidentVolumes;
  key: VolumeKey;
  signal: AbortSignal;
  onStage: (stage: Stage) => void;
}): Promise<Clicked> {
  const { model, points, space, encoding, volumes, key, signal, onStage } = work;
  onStage('decode');
  const started = performance.now();
  using lease = await volumes.lease(key, signal);
  const decode = { stage: 'decode' as const, ms: performance.now() - started };
  const { volume } = lease;
  const annotation = await annotate({ model, volume, points, space, signal, onStage });
  try {
    onStage('encode');
    const encode =
      encoding === MaskEncoding.MASK_ENCODING_NIFTI_GZIP ? encodeNiftiGzip : encodeRunLengths;
    const mask = await encode(annotation, signal);
    const { grid, labels, box, voxels, stageTimes, warnings } = annotation;
    return { grid, labels, box, voxels, warnings, mask, stageTimes: [decode, ...stageTimes] };
  } finally {
    annotation.dispose();
  }
}
