import { type DicomWorkers, startDicomWorkers } from '#dicom/workers';

let started: DicomWorkers | undefined;

/** The threads that read DICOM, the same ones for the whole command. */
export function readingThreads(): DicomWorkers {
  started ??= startDicomWorkers();
  return started;
}

/** Lets them start while the rest of the command is loaded. */
export function warmReadingThreads(): void {
  readingThreads().warm();
}
