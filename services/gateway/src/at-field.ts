import { SextantError } from '#errors';
import { aboutImage } from '#volume';

/**
 * Runs `work`; what it refuses is told as being about a field of the request. The packages below
 * know the image and its header, not which field of which message brought them.
 *
 * @param fields of the request that `work` names itself: their errors pass as they are
 * @param otherwise the field that stands for everything else
 */
export async function atField<T>(
  { fields, otherwise }: { fields: readonly string[]; otherwise: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toField(error, fields, otherwise);
  }
}

/** The error with its subject as a field's path, when it is about the request at all. */
export function toField(error: unknown, fields: readonly string[], otherwise: string): unknown {
  if (!(error instanceof SextantError) || error.code !== 'INVALID_ARGUMENT') return error;
  const [top = ''] = error.subject.split(/[.[]/);
  if (fields.includes(top)) return error;
  const told = aboutImage(error, otherwise);
  if (told !== error) return told;
  const { reason, subject, got, expected, remedy, retryAfterMs } = error;
  return new SextantError(reason, {
    subject: otherwise,
    got: `${subject}: ${got}`,
    expected,
    ...(remedy === undefined ? {} : { remedy }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: error,
  });
}
