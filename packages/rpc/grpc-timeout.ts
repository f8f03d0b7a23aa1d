import type { IncomingHttpHeaders } from 'node:http2';

/** Milliseconds of a `grpc-timeout` header's units. */
const UNITS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/**
 * The protocol allows eight digits.
 * @internal
 */
const MOST_MS = 99_999_999;

/**
 * The longest timer that Node has: with a longer one the server's would fire at once.
 * @internal
 */
const MOST_SECONDS = 2_147_483;

/**
 * A deadline as the `grpc-timeout` header tells it, by which the server ends the call as well.
 * Rounded up, so that the server never gives up before its caller.
 *
 * @example
 * grpcTimeout(1500.2); // '1501m'
 */
export function grpcTimeout(deadlineMs: number): string {
  const ms = Math.max(0, Math.ceil(deadlineMs));
  return ms <= MOST_MS ? `${ms}m` : `${Math.min(MOST_SECONDS, Math.ceil(ms / 1000))}S`;
}

/** What a `grpc-timeout` header says in milliseconds; undefined when there is none, or no proper one. */
export function deadlineAfterMs(header: IncomingHttpHeaders[string]): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(String(header)) ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit] ?? 0);
}
