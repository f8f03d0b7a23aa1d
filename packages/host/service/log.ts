import pino, { type Logger } from 'pino';
import { loggedError } from './logged-error.ts';

export type { Logger };

/** One finished call, as the log tells it. */
export interface CallRecord {
  method: string;
  requestId: string;
  /** gRPC status name, or the HTTP status. */
  status: string;
  milliseconds: number;
  /** The SextantError's reason, when the call failed. */
  reason?: string;
  /** session, model, volume, stage times: never file names, never values of a patient. */
  fields: Readonly<Record<string, unknown>>;
  /** Asked by a machine every few seconds: of no interest unless it fails. */
  routine?: boolean;
  /** Present when something other than a SextantError was thrown: it stays in the log. */
  cause?: unknown;
}

/**
 * The log of a process: JSON lines on stderr, so that stdout stays free for results.
 * `service` stands in every line.
 */
export function openLog({ service, level }: { service: string; level: string }): Logger {
  const stderr = pino.destination({ fd: 2, sync: true });
  // A terminal that was closed takes no lines any more: no reason to break the drain off.
  stderr.on('error', () => {});
  return pino(
    {
      level,
      base: { service },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    stderr,
  );
}

/** Writes the one line of a call: a bug is an error, a probe is for debugging, all else information. */
export function logCall(log: Logger, { cause, fields, routine, ...record }: CallRecord): void {
  const line = { ...record, milliseconds: Math.round(record.milliseconds * 10) / 10, ...fields };
  if (routine === true) log.debug(line, 'call');
  else if (cause === undefined) log.info(line, 'call');
  else log.error({ ...line, err: loggedError(cause) }, 'call failed for an internal reason');
}

/** Writes the one line of a drain that had to cut calls: how many of which method, and their ids. */
export function logCut(
  log: Logger,
  cut: readonly Pick<CallRecord, 'method' | 'requestId'>[],
): void {
  if (cut.length === 0) return;
  const methods: Record<string, number> = {};
  for (const { method } of cut) methods[method] = (methods[method] ?? 0) + 1;
  const requestIds = cut.map(({ requestId }) => requestId);
  log.warn({ calls: cut.length, methods, requestIds }, 'calls were cut: the time to drain is over');
}
