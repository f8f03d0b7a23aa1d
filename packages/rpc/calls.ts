import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { type CallContext, ServerError, type ServerMiddleware } from 'nice-grpc-common';
import { abortError, type Reason, SextantError } from '#errors';
import type { CallWatch, EndedCall, WatchedCall } from './call-watch.ts';
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
  /** Milliseconds until the caller's deadline, for calls made on its behalf; undefined without one. */
  leftMs(): number | undefined;
  /** Says that a machine asks this every few seconds: the call's line is for debugging only. */
  isRoutine(): void;
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
  /** A call that is of no interest unless it fails. */
  routine?: boolean;
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
  { running, watch, calls }: { running: RunningCalls; watch: StreamWatch; calls: CallWatch },
): ServerMiddleware<CallInfo> {
  return async function* (call, outer) {
    const started = performance.now();
    const fields: Record<string, unknown> = {};
    let routine = false;
    const watched = calls.handled(outer.metadata);
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
          leftMs: () => watched?.leftMs(),
          isRoutine() {
            routine = true;
          },
        }),
      );
      outcome = { status: 'OK' };
      return result;
    } catch (thrown) {
      const failure = failed(thrown, context, { requestId, watched });
      outcome = failure.outcome;
      throw failure.error;
    } finally {
      end();
      const milliseconds = performance.now() - started;
      outcome ??= abandoned(context.signal, watched);
      onFinished({
        method: call.method.path,
        requestId,
        milliseconds,
        fields,
        ...(routine && outcome.status === 'OK' ? { routine } : {}),
        ...outcome,
      });
    }
  };
}

/** A call that no handler has seen, for the log. */
export function refusedCall({ method, status, milliseconds, requestId }: EndedCall): FinishedCall {
  const named = method === undefined ? 'unknown method' : `/${method}`;
  const reason = reasonOf(status);
  return {
    method: named,
    requestId,
    status,
    ...(reason === undefined ? {} : { reason }),
    milliseconds,
    fields: {},
  };
}

function failed(
  thrown: unknown,
  { signal, trailer }: CallContext,
  { requestId, watched }: { requestId: string; watched: WatchedCall | undefined },
) {
  if (thrown instanceof ServerError) {
    return { error: thrown, outcome: { status: String(status[thrown.code]) } };
  }
  const error = errorFor(thrown, signal) ?? internalError(requestId);
  const wire = toWireStatus(error, requestId);
  trailer.set(DETAILS_TRAILER, wire.details);
  const secret = error.code === 'INTERNAL' ? { cause: thrown } : {};
  return {
    error: new ServerError(wire.code, wire.message),
    outcome: { ...truly(error, { signal, watched }), ...secret },
  };
}

/** What is meant for the caller; of a call that was ended from outside, why it was. */
function errorFor(thrown: unknown, signal: AbortSignal): SextantError | undefined {
  const meant = thrown instanceof SextantError ? thrown : undefined;
  const ended = signal.aborted && (meant === undefined || meant.code === 'CANCELLED');
  return ended ? abortError(signal) : meant;
}

/** A caller that takes no more of a stream: it has gone, or was cut for taking too long. */
function abandoned(
  signal: AbortSignal,
  watched: WatchedCall | undefined,
): Pick<FinishedCall, 'status' | 'reason'> {
  return truly(abortError(signal), { signal, watched });
}

/**
 * To a handler the end of its caller is a cancellation, or a stream that is too short; the caller may
 * have been told otherwise: that its time is over, or that its message is too large.
 */
function truly(
  { code, reason }: SextantError,
  { signal, watched }: { signal: AbortSignal; watched: WatchedCall | undefined },
): Pick<FinishedCall, 'status' | 'reason'> {
  const byCaller = signal.aborted && abortError(signal).reason === 'CANCELLED';
  if (!byCaller || watched === undefined) return { status: code, reason };
  const ended = watched.endedAs();
  const why = reasonOf(ended);
  return { status: ended, ...(why === undefined ? {} : { reason: why }) };
}

/** Why the library ends calls by itself. */
function reasonOf(name: string): Reason | undefined {
  return LIBRARY_REASONS[name];
}

const LIBRARY_REASONS: Readonly<Partial<Record<string, Reason>>> = {
  CANCELLED: 'CANCELLED',
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
  RESOURCE_EXHAUSTED: 'LIMIT_EXCEEDED',
  INTERNAL: 'ARGUMENT_INVALID',
};

/** Whether a caller's id of its call can be taken over. */
export function isRequestId(given: string): boolean {
  return REQUEST_ID.test(given);
}

function requestIdOf({ metadata }: CallContext): string {
  const given = metadata.get(REQUEST_ID_KEY);
  return given !== undefined && isRequestId(given) ? given : randomUUID();
}
