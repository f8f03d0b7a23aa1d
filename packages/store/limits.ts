const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MIB = 1024 * 1024;

/**
 * Bounds of one store. The gateway's settings stand above the first three and say how much all
 * volumes may take; the others are the same everywhere.
 */
export const STORE_LIMITS = {
  /**
   * A session that nobody calls for a day belongs to somebody who has gone home.
   * @beyond SESSION_EXPIRED
   * @flag --session-hours
   */
  sessionMs: DAY_MS,
  /**
   * Long enough to open another session on the same image the next morning.
   * @beyond VOLUME_UNKNOWN
   * @flag --volume-hours
   */
  volumeMs: DAY_MS,
  /**
   * An interrupted upload is taken up within the working day or never.
   * @beyond UPLOAD_UNKNOWN
   * @flag --upload-hours
   */
  uploadMs: DAY_MS,
  /**
   * An expired session is remembered as expired, not as unknown, while its user may ask why.
   * @beyond SESSION_UNKNOWN
   */
  expiredSessionMs: 30 * DAY_MS,
  /**
   * One file as sent. What it inflates to has a limit of its own where it is decoded.
   * @beyond LIMIT_EXCEEDED
   */
  uploadLimitBytes: 4 * 1024 * MIB,
  /**
   * Unfinished uploads at once: each costs a file and a reservation.
   * @beyond LIMIT_EXCEEDED, with a delay
   */
  openUploads: 1024,
  /**
   * Unfinished uploads of one address: a reading room behind one proxy is one address.
   * @beyond LIMIT_EXCEEDED, with a delay
   * @flag --uploads-per-peer
   */
  uploadsPerPeer: 256,
  /**
   * Sessions of one address that have not expired: a day's work of a reading room behind one proxy.
   * @beyond LIMIT_EXCEEDED
   * @flag --sessions-per-peer
   */
  sessionsPerPeer: 10_000,
  /**
   * When one of them may have ended.
   * @internal
   */
  retryUploadMs: MINUTE_MS,
  /**
   * What of an upload may wait for the disk, and what a power cut may cost it.
   * @internal
   */
  syncBytes: 64 * MIB,
  /**
   * Pieces of an upload that wait for the disk beside those being written, before its sender must:
   * a disk or a core that is busy for some milliseconds then stops nobody.
   * @internal
   */
  waitingChunks: 4,
  /**
   * An fsync runs beside an upload as soon as so much is new: what is left to it at the end is short.
   * @internal
   */
  flushBytes: 16 * MIB,
  /**
   * One message of the wire.
   * @internal
   */
  chunkBytes: MIB,
  /**
   * How often retention looks for what has gone stale.
   * @internal
   */
  sweepMs: 10 * MINUTE_MS,
  /**
   * Records read between two turns of the event loop: about a millisecond.
   * @internal
   */
  walkRecords: 100,
  /**
   * Between two sweeps that a refused upload asks for: a client that asks again and again would
   * keep the store walking its records.
   * @internal
   */
  sweepPauseMs: 1000,
  /**
   * A sliding expiry is written when it has moved this far: clicks do not wait for a disk.
   * @internal
   */
  slideMs: MINUTE_MS,
  /**
   * Proofs of possession that are computed at once: each reads a file and digests it.
   * @internal
   */
  proofsAtOnce: 2,
  /**
   * Bytes digested between two turns of the event loop: about 0.2 ms.
   * @internal
   */
  proofPieceBytes: MIB / 4,
  /**
   * What a large commit of records writes: with less room left, a write that was cut short was cut
   * by the full disk.
   * @internal
   */
  commitBytes: MIB,
  /**
   * Disk space left to the rest of the machine.
   * @beyond STORE_FULL
   */
  diskReserveBytes: 256 * MIB,
} as const;
