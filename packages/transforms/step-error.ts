import { SextantError } from '#errors';

/** A transform as a message names it. */
export interface StepNames {
  readonly name: string;
  /** The fields that it reads. */
  readonly fields: readonly string[];
}

/**
 * An error of a transform that names it and its fields: what is below knows a tensor's shape or a file
 * alone. A cancellation, and what is no error of Sextant's own, stays as it is.
 */
export function inStep(error: unknown, { name, fields }: StepNames): unknown {
  if (!(error instanceof SextantError) || isStop(error)) return error;
  const { reason, subject, got, expected, remedy, retryAfterMs } = error;
  const where = `${name} of ${fields.join(', ')}`;
  return new SextantError(reason, {
    subject: fields.length === 1 && subject === fields[0] ? where : `${where}: ${subject}`,
    ...{ got, expected, cause: error },
    ...(remedy !== undefined && { remedy }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function isStop({ reason }: SextantError): boolean {
  return reason === 'CANCELLED' || reason === 'DEADLINE_EXCEEDED';
}
