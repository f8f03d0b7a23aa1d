import { type Reason, SextantError } from '#errors';

const ABOUT_AN_IMAGE: ReadonlySet<Reason> = new Set<Reason>([
  'VOLUME_CORRUPT',
  'VOLUME_TRUNCATED',
  'VOLUME_FORMAT_UNKNOWN',
  'VOLUME_TYPE_UNSUPPORTED',
  'VOLUME_AFFINE_SINGULAR',
  'VOLUME_TOO_LARGE',
  'VOLUME_CONSTANT',
  'VOLUME_NOT_SCALAR',
]);

/** Subjects that stand for the image as a whole: readers', and the fields that brought it. */
const WHOLE: ReadonlySet<string> = new Set([
  'image',
  'volume',
  'gzip stream',
  'receipt',
  'session_id',
]);

/**
 * An error about an image, told by what its reader knows it as: a path as it was typed, a field of
 * a request. Which part of the image is wrong stays in what was got. Other errors pass.
 */
export function aboutImage(error: unknown, subject: string): unknown {
  if (!(error instanceof SextantError) || !ABOUT_AN_IMAGE.has(error.reason)) return error;
  const { reason, expected, remedy, retryAfterMs } = error;
  const isWhole = WHOLE.has(error.subject) || error.subject === subject;
  const got = isWhole ? error.got : `${error.subject}: ${error.got}`;
  return new SextantError(reason, {
    ...{ subject, got, expected, cause: error },
    ...(remedy === undefined ? {} : { remedy }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
