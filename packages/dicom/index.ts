export type { DecodedFrames, FrameRequest, SampleType } from './frame-request.ts';
export type { BrokenInstance, Instance, Scanned, SetApart } from './instance.ts';
export { type PiecesOptions, piecesOf } from './series/pieces.ts';
export type { SeriesInfo, SeriesPlan, VolumePlan } from './series/plan.ts';
export { planSeries } from './series/plan-series.ts';
export {
  type OpenedSeries,
  openSeries,
  type ReadSeriesOptions,
  readSeries,
  type UnevenHandling,
} from './series/read-series.ts';
export { withStraysBroken } from './series/strays.ts';
export {
  type DicomWorkers,
  type DicomWorkersOptions,
  type ScannedFile,
  type ScanOptions,
  startDicomWorkers,
} from './workers/index.ts';
