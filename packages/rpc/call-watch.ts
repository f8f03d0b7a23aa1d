import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { status } from '@grpc/grpc-js';
import type { Metadata } from 'nice-grpc-common';
import { REQUEST_ID_KEY } from './calls.ts';
import { deadlineAfterMs } from './grpc-timeout.ts';
import { DEADLINE_SLACK_MS, DEADLINE_SLACK_PART, REQUEST_ID } from './limits.ts';
import { listensAt, type Where } from './listens-at.ts';

/** A call that is over, as its caller saw it end. */
export interface EndedCall {
  /** `sextant.v1.ModelService/ListModels`; undefined when this server has no such method. */
  readonly method: string | undefined;
  /** Name of the gRPC status. */
  readonly status: string;
  readonly milliseconds: number;
  readonly requestId: string;
  /** Whether a handler got to see it: the library refuses some calls by itself. */
  readonly handled: boolean;
}

/** A call as it is seen beside its handler. */
export interface WatchedCall {
  readonly requestId: string;
  /** The status that the caller was sent, or what the end of its call without one means. */
  endedAs(): string;
  /** Until the caller's deadline; undefined when it has none. */
  leftMs(): number | undefined;
}

/** Where Node tells of every connection that a server of this process takes. */
const CONNECTIONS = 'net.server.socket';

/** Under this name a call's number is put among its headers; what a caller sends there is lost. */
const CALL_KEY = 'x-sextant-call';

/**
 * Sees every call of a server from its first header to the end of its stream. The library itself
 * refuses calls before any interceptor or handler (an unknown method) or behind their back (a message
 * that is too large, a deadline that passes), so the streams of HTTP/2 are the one place where no
 * outcome is missed. The library keeps its HTTP/2 server to itself: Node's own channel of accepted
 * connections leads to it.
 */
export class CallWatch {
  readonly #methods: ReadonlySet<string>;
  readonly #onEnded: (call: EndedCall) => void;
  readonly #calls = new Map<string, Watched>();
  readonly #servers = new WeakSet<Http2Server>();
  #count = 0;

  /** @param methods as `sextant.v1.ModelService/ListModels`: others are not named, callers make them up */
  constructor(methods: ReadonlySet<string>, onEnded: (call: EndedCall) => void) {
    this.#methods = methods;
    this.#onEnded = onEnded;
  }

  /** Watches who listens on this TCP port or unix socket, until the function that is returned is called. */
  begin(where: Where): () => void {
    const onSocket = (message: unknown) => {
      const { server } = (message as { socket: Socket & { server?: Http2Server } }).socket;
      if (server === undefined || this.#servers.has(server) || !listensAt(server, where)) return;
      this.#servers.add(server);
      // Before the library's own listener, which takes the headers as they are then.
      server.prependListener('stream', (stream, headers) => this.#see(stream, headers));
    };
    subscribe(CONNECTIONS, onSocket);
    return () => void unsubscribe(CONNECTIONS, onSocket);
  }

  /** The call that a handler was given this metadata of. It counts as handled from now on. */
  handled(metadata: Metadata): WatchedCall | undefined {
    const call = this.#calls.get(String(metadata.get(CALL_KEY)));
    if (call !== undefined) call.handled = true;
    return call;
  }

  #see(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const key = String(++this.#count);
    const call = new Watched(stream, headers);
    headers[CALL_KEY] = key;
    headers[REQUEST_ID_KEY] = call.requestId;
    this.#calls.set(key, call);
    const path = String(headers[':path'] ?? '').slice(1);
    const method = this.#methods.has(path) ? path : undefined;
    stream.once('close', () => {
      this.#calls.delete(key);
      const { requestId, handled, milliseconds } = call;
      this.#onEnded({ method, status: call.endedAs(), milliseconds, requestId, handled });
    });
  }
}

class Watched implements WatchedCall {
  readonly requestId: string;
  handled = false;
  readonly #stream: ServerHttp2Stream;
  readonly #startedMs = performance.now();
  readonly #deadlineMs: number | undefined;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    this.#stream = stream;
    this.#deadlineMs = deadlineAfterMs(headers['grpc-timeout']);
    const given = headers[REQUEST_ID_KEY];
    const proper = typeof given === 'string' && REQUEST_ID.test(given);
    this.requestId = proper ? given : randomUUID();
  }

  get milliseconds(): number {
    return performance.now() - this.#startedMs;
  }

  endedAs(): string {
    const { sentHeaders, sentTrailers } = this.#stream;
    const sent = sentTrailers?.['grpc-status'] ?? sentHeaders?.['grpc-status'];
    if (sent !== undefined) return status[Number(sent)] ?? 'UNKNOWN';
    // HTTP's own refusal, of what is no gRPC at all.
    if (Number(sentHeaders?.[':status'] ?? 200) !== 200) return 'UNKNOWN';
    return this.#deadlinePassed() ? 'DEADLINE_EXCEEDED' : 'CANCELLED';
  }

  leftMs(): number | undefined {
    return this.#deadlineMs === undefined ? undefined : this.#deadlineMs - this.milliseconds;
  }

  /** A caller's own clock began before ours, so its reset may come a little early. */
  #deadlinePassed(): boolean {
    if (this.#deadlineMs === undefined) return false;
    const slackMs = Math.min(DEADLINE_SLACK_MS, this.#deadlineMs * DEADLINE_SLACK_PART);
    return this.milliseconds >= this.#deadlineMs - slackMs;
  }
}
