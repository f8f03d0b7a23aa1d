import { REASONS, type Reason, SextantError } from '#errors';

/** A C++ exception (addon/errors.cpp) as the error that the rest of Sextant knows. */
export function toSextantError(failure: unknown): SextantError {
  if (failure instanceof SextantError) return failure;
  const fields = (failure ?? {}) as Record<string, unknown>;
  const { reason, subject, got, expected } = fields;
  if (isReason(reason)) {
    return new SextantError(reason, {
      subject: String(subject),
      got: String(got),
      expected: String(expected),
      cause: failure,
    });
  }
  return new SextantError('INTERNAL', {
    subject: 'the native addon',
    got: failure instanceof Error ? failure.message : String(failure),
    expected: 'no exception',
    cause: failure,
  });
}

function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && Object.hasOwn(REASONS, value);
}
