import { status } from '@grpc/grpc-js';
import { type Code, REASONS, type Reason, SextantError } from '#errors';
import { BadRequest, ErrorInfo, RequestInfo, RetryInfo } from '#proto/google/rpc/error_details';
import { Status } from '#proto/google/rpc/status';
import { DETAIL_BYTES } from './limits.ts';

/** Where google.rpc details travel: a trailer that every gRPC library knows. */
export const DETAILS_TRAILER = 'grpc-status-details-bin';

/** Domain of `ErrorInfo`: with it a reason is unique in the world. */
export const ERROR_DOMAIN = 'sextant';

export interface WireStatus {
  code: status;
  message: string;
  /** A serialised google.rpc.Status. */
  details: Uint8Array;
}

/**
 * The one way from an error to the wire: gRPC status, and as details ErrorInfo (reason, and in its
 * metadata subject, got, expected, remedy), BadRequest (the field's path) where the caller's input is
 * wrong, RetryInfo where trying again can help, RequestInfo with the id that the log knows.
 */
export function toWireStatus(error: SextantError, requestId: string): WireStatus {
  const code = status[error.code];
  const message = shortened(error.message);
  const details = [any('ErrorInfo', ErrorInfo.encode(errorInfo(error)).finish())];
  if (error.code === 'INVALID_ARGUMENT') {
    const violation = {
      field: shortened(error.subject),
      description: message,
      reason: error.reason,
      localizedMessage: undefined,
    };
    details.push(any('BadRequest', BadRequest.encode({ fieldViolations: [violation] }).finish()));
  }
  if (error.retryAfterMs !== undefined) {
    details.push(any('RetryInfo', RetryInfo.encode(retryInfo(error.retryAfterMs)).finish()));
  }
  details.push(any('RequestInfo', RequestInfo.encode({ requestId, servingData: '' }).finish()));
  return { code, message, details: Status.encode({ code, message, details }).finish() };
}

/**
 * The way back, on a client. A status that does not come from Sextant (a proxy's, the library's
 * own) becomes the nearest reason.
 */
export function fromWireStatus(
  code: status,
  message: string,
  details: Uint8Array | undefined,
): SextantError {
  const parts = details === undefined ? [] : Status.decode(details).details;
  const info = parts.find(({ typeUrl }) => typeUrl === typeUrlOf('ErrorInfo'));
  const { reason, domain, metadata } =
    info === undefined ? ErrorInfo.fromPartial({}) : ErrorInfo.decode(info.value);
  if (domain !== ERROR_DOMAIN || !isReason(reason)) return foreignStatus(code, message);
  const retry = parts.find(({ typeUrl }) => typeUrl === typeUrlOf('RetryInfo'));
  const { retryDelay } = retry === undefined ? {} : RetryInfo.decode(retry.value);
  const { subject = '', got = '', expected = '', remedy } = metadata;
  return new SextantError(reason, {
    subject,
    got,
    expected,
    ...(remedy === undefined ? {} : { remedy }),
    ...(retryDelay === undefined
      ? {}
      : { retryAfterMs: retryDelay.seconds * 1000 + Math.round(retryDelay.nanos / 1e6) }),
  });
}

/** The answer to a bug: nothing of its cause leaves the process. */
export function internalError(requestId: string): SextantError {
  return new SextantError('INTERNAL', {
    subject: 'server',
    got: 'an internal error',
    expected: 'to answer',
    remedy: `the server's log says more under request ${requestId}`,
  });
}

function errorInfo({ reason, subject, got, expected, remedy }: SextantError): ErrorInfo {
  const metadata: Record<string, string> = {
    subject: shortened(subject),
    got: shortened(got),
    expected: shortened(expected),
  };
  if (remedy !== undefined) metadata.remedy = shortened(remedy);
  return { reason, domain: ERROR_DOMAIN, metadata };
}

function retryInfo(retryAfterMs: number): RetryInfo {
  const seconds = Math.floor(retryAfterMs / 1000);
  return { retryDelay: { seconds, nanos: Math.round((retryAfterMs - seconds * 1000) * 1e6) } };
}

function foreignStatus(code: status, message: string): SextantError {
  const name = status[code] as Code;
  return new SextantError(FOREIGN[name] ?? 'INTERNAL', {
    subject: 'server',
    got: `${status[code]}: ${message}`,
    expected: 'an answer',
  });
}

const FOREIGN: Partial<Record<string, Reason>> = {
  INVALID_ARGUMENT: 'ARGUMENT_INVALID',
  OUT_OF_RANGE: 'ARGUMENT_INVALID',
  RESOURCE_EXHAUSTED: 'LIMIT_EXCEEDED',
  CANCELLED: 'CANCELLED',
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
};

function any(message: string, value: Uint8Array): { typeUrl: string; value: Uint8Array } {
  return { typeUrl: typeUrlOf(message), value };
}

function typeUrlOf(message: string): string {
  return `type.googleapis.com/google.rpc.${message}`;
}

function isReason(reason: string): reason is Reason {
  return Object.hasOwn(REASONS, reason);
}

function shortened(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= DETAIL_BYTES) return text;
  const room = DETAIL_BYTES - Buffer.byteLength('…');
  // A stream keeps back the bytes of a character that is cut in two.
  return `${new TextDecoder().decode(bytes.subarray(0, room), { stream: true })}…`;
}
