import type { Grid } from '#geometry';

/** A file on its way. `offsetBytes` of it are durable. */
export interface UploadRecord {
  readonly sizeBytes: number;
  /** Random, as hexadecimal digits: what a proof of possession is made with. */
  readonly nonce: string;
  /** The address that announced it; a bound counts by it. */
  readonly peer?: string | undefined;
  /** The digest that was announced: other bytes are refused. */
  readonly announcedId?: string | undefined;
  /** The one proof that was tried; a right one may be repeated, another may not be tried. */
  readonly claim?:
    | { readonly volumeId: string; readonly proof: string; readonly failed?: true }
    | undefined;
  readonly offsetBytes: number;
  readonly touchedMs: number;
  /** Written before the part is renamed, so that a crash between the two is finished at opening. */
  readonly committing?: string | undefined;
  /** Set when the upload is complete. */
  readonly done?: { readonly volumeId: string; readonly receipt: string };
}

export interface VolumeRecord {
  readonly sizeBytes: number;
  /** When the volume was last sent or let go by a session. */
  readonly releasedMs: number;
}

export interface ReceiptRecord {
  readonly volumeId: string;
  readonly expiresMs: number;
}

/** A volume that conversion made of another file, or the reason why there is none. */
export interface MadeVolume {
  /** A name to show. */
  readonly name: string;
  readonly modality: string;
  /** Absent when it could not be made. */
  readonly made?:
    | { readonly volumeId: string; readonly grid: Grid; readonly frames: number }
    | undefined;
  readonly warnings: readonly { readonly reason: string; readonly message: string }[];
  readonly failure?: { readonly reason: string; readonly message: string } | undefined;
}

/** What was made of a stored file that is no NIfTI; kept under its digest as long as the file is. */
export interface ConversionRecord {
  readonly volumes: readonly MadeVolume[];
}

export interface SessionRecord {
  readonly volumeId: string;
  /** The address that opened it; a bound counts by it. */
  readonly peer?: string | undefined;
  readonly frame?: number;
  readonly grid: Grid;
  readonly createdMs: number;
  readonly expiresMs: number;
}

export interface Tables {
  readonly uploads: UploadRecord;
  readonly volumes: VolumeRecord;
  readonly receipts: ReceiptRecord;
  readonly sessions: SessionRecord;
  readonly conversions: ConversionRecord;
}

export type Table = keyof Tables;

export const TABLES: readonly Table[] = [
  'uploads',
  'volumes',
  'receipts',
  'sessions',
  'conversions',
];

/** One change: a record to keep under a key, or `undefined` to forget it. */
export type Change = {
  [T in Table]: { readonly table: T; readonly key: string; readonly record: Tables[T] | undefined };
}[Table];

/**
 * What the store remembers besides files. LMDB fills it for one gateway; a database server can for
 * several.
 */
export interface Records {
  get<T extends Table>(table: T, key: string): Promise<Tables[T] | undefined>;
  /** Walks a table. What is changed meanwhile may be seen or not. */
  entries<T extends Table>(table: T): AsyncIterable<readonly [key: string, record: Tables[T]]>;
  /** All changes or none; resolved once they are durable. */
  commit(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}
