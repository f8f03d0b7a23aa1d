import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
} from 'node:http2';
import { SextantError } from '#errors';
import { DETAILS_TRAILER, fromWireStatus } from '../status.ts';

/** A gRPC call as frames of HTTP/2, without a library that keeps to the rules. */
export interface RawCall {
  readonly stream: ClientHttp2Stream;
  /** The first headers of the answer. */
  readonly headers: Promise<IncomingHttpHeaders>;
  /** How the call ended: undefined for OK. */
  readonly error: Promise<SextantError | undefined>;
}

/** A connection of its own; the library shares one among all channels to an address. */
export async function openSession(port: number): Promise<ClientHttp2Session> {
  const session = connect(`http://127.0.0.1:${port}`).on('error', () => {});
  await once(session, 'remoteSettings');
  return session;
}

/** Begins a call of `/service/Method`; `body` is sent as it is, and the call half-closed after it. */
export function rawCall(
  session: ClientHttp2Session,
  path: string,
  { body, headers = {} }: { body?: Uint8Array; headers?: Record<string, string> } = {},
): RawCall {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  stream.on('error', () => {}).resume();
  if (body !== undefined) stream.end(body);
  const first = once(stream, 'response').then(([sent]) => sent as IncomingHttpHeaders);
  first.catch(() => {});
  return { stream, headers: first, error: endOf(stream) };
}

/** The five bytes before a message, and the message. */
export function framed(message: Uint8Array, { compressed = false } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed ? 1 : 0, 0);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function endOf(stream: ClientHttp2Stream): Promise<SextantError | undefined> {
  return new Promise((resolve) => {
    let told: IncomingHttpHeaders = {};
    const note = (headers: IncomingHttpHeaders) => {
      if (headers['grpc-status'] !== undefined) told = headers;
    };
    stream.on('response', note).on('trailers', note);
    stream.once('close', () => resolve(errorOf(told, stream.rstCode)));
  });
}

function errorOf(told: IncomingHttpHeaders, rstCode: number | undefined): SextantError | undefined {
  const code = told['grpc-status'];
  if (code === undefined) return reset(rstCode);
  if (code === '0') return undefined;
  const details = told[DETAILS_TRAILER];
  const bytes = typeof details === 'string' ? Buffer.from(details, 'base64') : undefined;
  return fromWireStatus(Number(code), String(told['grpc-message'] ?? ''), bytes);
}

function reset(rstCode: number | undefined): SextantError {
  const got = `a reset with ${rstCode}`;
  return new SextantError('CANCELLED', { subject: 'stream', got, expected: 'a status' });
}
