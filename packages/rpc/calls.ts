import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { type CallContext, ServerError, type ServerMiddleware } from 'nice-grpc-common';
import { abortError, SextantError } from '#errors';
import { REQUEST_ID } from './limits.ts';
import type { RunningCalls } from './running-calls.ts';
import { DETAILS_TRAILER, internalError, toWireStatus } from './status.ts';
import type { StreamWatch } from './stream-watch.ts';

/** What a handler knows of its call besides the request. */
export interface CallInfo {
  /** Names the call in logs and errors; the caller's `x-request-id` when it sent a proper one. */
  readonly requestId: string;
  /** Adds facts to the call's log line: session, model, stage times. Never patient data. */
  note(fields: Readonly<Record<string, unknown>>): void;
}

export type ServerCall = CallContext & CallInfo;

/** A call that has ended, for the log. */
export interface FinishedCall {
  method: string;
  requestId: string;
  status: string;
  reason?: string;
  milliseconds: number;
  fields: Record<string, unknown>;
  /** What was thrown, when it was not meant for the caller. */
  cause?: unknown;
}

/** Metadata key of the request id, both ways. */
export const REQUEST_ID_KEY = 'x-request-id';

/**
 * Gives every call its id, turns what it throws into a status, and reports its end. The signal that
 * handlers get fires when the caller is gone, and when the server cuts the call.
 */
export function callMiddleware(
  onFinished: (call: FinishedCall) => void,
  { running, watch }: { running: RunningCalls; watch: StreamWatch },
): ServerMiddleware<CallInfo> {
  return async function* (call, outer) {
    const started = performance.now();
    const fields: Record<string, unknown> = {};
    const requestId = requestIdOf(outer);
    outer.header.set(REQUEST_ID_KEY, requestId);
    const { cut, end } = running.begin({ method: call.method.path, requestId });
    const signals = [outer.signal, cut, watch.signalOf(outer.metadata) ?? []].flat();
    const context = { ...outer, signal: AbortSignal.any(signals) };
    let outcome: Pick<FinishedCall, 'status' | 'reason' | 'cause'> | undefined;
    try {
      const result = yield* call.next(
        call.request,
        Object.assign(context, {
          requestId,
          note: (more: Readonly<Record<string, unknown>>) => void Object.assign(fields, more),
        }),
      );
      outcome = { status: 'OK' };
      return result;
    } catch (thrown) {
      const failure = failed(thrown, context, requestId);
      outcome = failure.outcome;
      throw failure.error;
    } finally {
      end();
      const milliseconds = performance.now() - started;
      outcome ??= abandoned(context.signal);
      onFinished({ method: call.method.path, requestId, milliseconds, fields, ...outcome });
    }
  };
}

function failed(thrown: unknown, { signal, trailer }: CallContext, requestId: string) {
  if (thrown instanceof ServerError) {
    return { error: thrown, outcome: { status: String(status[thrown.code]) } };
  }
  const error = errorFor(thrown, signal) ?? internalError(requestId);
  const wire = toWireStatus(error, requestId);
  trailer.set(DETAILS_TRAILER, wire.details);
  const secret = error.code === 'INTERNAL' ? { cause: thrown } : {};
  return {
    error: new ServerError(wire.code, wire.message),
    outcome: { status: error.code, reason: error.reason, ...secret },
  };
}

/** What is meant for the caller; of a call that was ended from outside, why it was. */
function errorFor(thrown: unknown, signal: AbortSignal): SextantError | undefined {
  const meant = thrown instanceof SextantError ? thrown : undefined;
  const ended = signal.aborted && (meant === undefined || meant.code === 'CANCELLED');
  return ended ? abortError(signal) : meant;
}

/** A caller that takes no more of a stream: it has gone, or was cut for taking too long. */
function abandoned(signal: AbortSignal): Pick<FinishedCall, 'status' | 'reason'> {
  const { code, reason } = abortError(signal);
  return reason === 'CANCELLED' ? { status: code } : { status: code, reason };
}

function requestIdOf({ metadata }: CallContext): string {
  const given = metadata.get(REQUEST_ID_KEY);
  return given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
}
