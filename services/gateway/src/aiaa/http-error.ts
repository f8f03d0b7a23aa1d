import { type Code, type Reason, SextantError } from '#errors';
import { CallerRefused } from '../callers.ts';
import { jsonBody } from './json-body.ts';

/** An error as the old clients can read it. */
export interface HttpError {
  status: number;
  /** Some clients show nothing but the reason phrase. */
  phrase: string;
  kind: string;
  message: string;
  /** Whether its cause belongs into the log. */
  isInternal: boolean;
}

/** The one way from an error to HTTP. */
export function httpError(error: unknown, requestId: string): HttpError {
  if (error instanceof SextantError) {
    const [status, phrase] = BY_REASON[error.reason] ?? BY_CODE[error.code];
    const isInternal = error.code === 'INTERNAL';
    return { status, phrase, kind: error.reason, message: error.message, isInternal };
  }
  if (error instanceof CallerRefused) {
    const { message } = error;
    return { status: 403, phrase: 'Forbidden', kind: 'CALLER_REFUSED', message, isInternal: false };
  }
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const kind = 'REQUEST_INVALID';
    const phrase = 'Bad Request';
    return { status: statusCode, phrase, kind, message: message ?? phrase, isInternal: false };
  }
  const [status, phrase] = BY_CODE.INTERNAL;
  const words = `internal error; the server's log says more under request ${requestId}`;
  return { status, phrase, kind: 'INTERNAL', message: words, isInternal: true };
}

/** The body of every error. */
export function errorBody(type: string, message: string): Buffer {
  return jsonBody(JSON.stringify({ success: false, error: { type, message } }));
}

const BY_REASON: Partial<Record<Reason, readonly [number, string]>> = {
  MODEL_UNKNOWN: [404, 'Model Not Found'],
  SESSION_UNKNOWN: [440, 'Session Expired'],
  SESSION_EXPIRED: [440, 'Session Expired'],
  VOLUME_TOO_LARGE: [413, 'Payload Too Large'],
};

const BY_CODE: Record<Code, readonly [number, string]> = {
  INVALID_ARGUMENT: [400, 'Bad Request'],
  FAILED_PRECONDITION: [400, 'Bad Request'],
  NOT_FOUND: [404, 'Not Found'],
  RESOURCE_EXHAUSTED: [503, 'Service Unavailable'],
  UNAVAILABLE: [503, 'Service Unavailable'],
  CANCELLED: [503, 'Service Unavailable'],
  DEADLINE_EXCEEDED: [504, 'Gateway Timeout'],
  DATA_LOSS: [500, 'Internal Server Error'],
  INTERNAL: [500, 'Internal Server Error'],
};
