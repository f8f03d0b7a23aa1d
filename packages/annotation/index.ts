export { type AnnotateOptions, annotate } from './annotate.ts';
export type { Annotation, AnnotationWarning, OnStage, Stage, StageTime } from './annotation.ts';
export { type Clicked, type ClickOptions, click } from './click.ts';
export { encodeNiftiGzip, encodeRunLengths, wholeMask } from './encode.ts';
export { type PreparedVolume, prepareVolume } from './prepare-volume.ts';
export { type LoadVolume, VolumeCache, type VolumeLease } from './volume-cache.ts';
