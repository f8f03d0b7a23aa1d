export {
  type DicomWorkers,
  type DicomWorkersOptions,
  type ScanOptions,
  startDicomWorkers,
} from './dicom-workers.ts';
export type { ScannedFile } from './messages.ts';
