import { type Code, REASONS, type Reason } from './reasons.ts';

export interface SextantErrorDetails {
  /** Which thing is wrong, as the caller knows it: a field path (`points[2]`), a flag, a file's key. */
  subject: string;
  /** The value found, already made short and free of patient data. */
  got: string;
  /** What would have been right. */
  expected: string;
  /** What to do about it. */
  remedy?: string;
  /** When trying again can help: after how long. */
  retryAfterMs?: number;
  cause?: unknown;
}

/**
 * The one error that Sextant reports on purpose: the caller's input, the state of things, or the
 * world. Anything else that is thrown is a bug and leaves a process as `INTERNAL`.
 *
 * @example
 * throw new SextantError('POINTS_TOO_FEW', {
 *   subject: 'points', got: '5 points', expected: '6 or more',
 *   remedy: 'click the outermost places: left, right, front, back, top, bottom',
 * });
 */
export class SextantError extends Error {
  override readonly name = 'SextantError';
  readonly reason: Reason;
  readonly code: Code;
  readonly subject: string;
  readonly got: string;
  readonly expected: string;
  readonly remedy: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(reason: Reason, details: SextantErrorDetails) {
    super(sentence(details), details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = reason;
    this.code = REASONS[reason];
    this.subject = details.subject;
    this.got = details.got;
    this.expected = details.expected;
    this.remedy = details.remedy;
    this.retryAfterMs = details.retryAfterMs;
  }
}

function sentence({ subject, got, expected, remedy }: SextantErrorDetails): string {
  const what = `${subject}: expected ${expected}, got ${got}`;
  return remedy === undefined ? what : `${what}; ${remedy}`;
}

/** The error for a signal that has fired: `CANCELLED`, or `DEADLINE_EXCEEDED` when its reason says so. */
export function abortError(signal: AbortSignal): SextantError {
  if (signal.reason instanceof SextantError) return signal.reason;
  return new SextantError('CANCELLED', {
    subject: 'request',
    got: 'a cancellation',
    expected: 'to run to its end',
    cause: signal.reason,
  });
}
