import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { type CallContext, ServerError, type ServerMiddleware } from 'nice-grpc-common';
import { abortError, SextantError } from '#errors';
import { REQUEST_ID } from './limits.ts';
import { DETAILS_TRAILER, internalError, toWireStatus } from './status.ts';

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

/** Gives every call its id, turns what it throws into a status, and reports its end. */
export function callMiddleware(
  onFinished: (call: FinishedCall) => void,
): ServerMiddleware<CallInfo> {
  return async function* (call, context) {
    const started = performance.now();
    const fields: Record<string, unknown> = {};
    const requestId = requestIdOf(context);
    context.header.set(REQUEST_ID_KEY, requestId);
    let outcome: Pick<FinishedCall, 'status' | 'reason' | 'cause'> = { status: 'CANCELLED' };
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
      const milliseconds = performance.now() - started;
      onFinished({ method: call.method.path, requestId, milliseconds, fields, ...outcome });
    }
  };
}

function failed(thrown: unknown, { signal, trailer }: CallContext, requestId: string) {
  if (thrown instanceof ServerError) {
    return { error: thrown, outcome: { status: String(status[thrown.code]) } };
  }
  const meant = thrown instanceof SextantError;
  const aborted = signal.aborted && !meant;
  const error = meant ? thrown : aborted ? abortError(signal) : internalError(requestId);
  const wire = toWireStatus(error, requestId);
  trailer.set(DETAILS_TRAILER, wire.details);
  const secret = error.code === 'INTERNAL' ? { cause: thrown } : {};
  return {
    error: new ServerError(wire.code, wire.message),
    outcome: { status: error.code, reason: error.reason, ...secret },
  };
}

function requestIdOf({ metadata }: CallContext): string {
  const given = metadata.get(REQUEST_ID_KEY);
  return given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
}
