const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MIB = 1024 * 1024;

/**
 * Bounds of one store. The gateway's settings stand above the first three and say how much all
 * volumes may take; the others are the same everywhere.
 */
export const STORE_LIMITS = {
  /** A session that nobody calls for a day belongs to somebody who has gone home. */
  sessionMs: DAY_MS,
  /** Long enough to open another session on the same image the next morning. */
  volumeMs: DAY_MS,
  /** An interrupted upload is taken up within the working day or never. */
  uploadMs: DAY_MS,
  /** An expired session is remembered as expired, not as unknown, while its user may ask why. */
  expiredSessionMs: 30 * DAY_MS,
  /** One file as sent. What it inflates to has a limit of its own where it is decoded. */
  uploadLimitBytes: 4 * 1024 * MIB,
  /** Unfinished uploads at once: each costs a file and a reservation. */
  openUploads: 1024,
  /** When one of them may have ended. */
  retryUploadMs: MINUTE_MS,
  /** What a power cut may cost an upload: bytes between two fsyncs. */
  syncBytes: 64 * MIB,
  /** One message of the wire. */
  chunkBytes: MIB,
  /** How often retention looks for what has gone stale. */
  sweepMs: 10 * MINUTE_MS,
  /** A sliding expiry is written when it has moved this far: clicks do not wait for a disk. */
  slideMs: MINUTE_MS,
  /** Disk space left to the rest of the machine. */
  diskReserveBytes: 256 * MIB,
} as const;
