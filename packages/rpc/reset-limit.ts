import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { constants, type Http2Server, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { RENEWED_CLOSE_MS, RESETS_BURST, RESETS_PER_SECOND } from './limits.ts';
import { listensAt, type Where } from './listens-at.ts';

/** Where Node tells of every connection that a server of this process takes. */
const CONNECTIONS = 'net.server.socket';

/** "Whatever you have opened until you read this": the largest number of a stream. */
const LAST_STREAM = 2 ** 31 - 1;

/**
 * Lets callers cancel as often as they like. Node's HTTP/2 (nghttp2) takes a connection with more than
 * a thousand resets at once, or 33 a second for long, for an attack and ends it with an error, and with
 * it the calls of everybody who shares it: the gateway's one connection to the inference service
 * carries those of all clients. Before that comes about, the connection is given up in order: calls
 * that run on it go on to their end, the next ones open another.
 *
 * @param where the TCP port or the path of the unix socket that the server listens on. The gRPC library
 *   makes its server by itself and hands it to nobody, but a connection knows its server.
 * @returns what to call when the server is gone
 */
export function renewAfterResets(where: Where): () => void {
  const onConnection = (message: unknown): void => {
    const { server } = (message as { socket: Socket & { server?: Http2Server } }).socket;
    if (server === undefined || !listensAt(server, where)) return;
    unsubscribe(CONNECTIONS, onConnection);
    const sessions = new WeakMap<Http2Session, Resets>();
    server.on('stream', (stream) => watch(stream, sessions));
  };
  subscribe(CONNECTIONS, onConnection);
  return () => void unsubscribe(CONNECTIONS, onConnection);
}

function watch(stream: ServerHttp2Stream, sessions: WeakMap<Http2Session, Resets>): void {
  const { session } = stream;
  if (session === undefined) return;
  const resets = sessions.get(session) ?? new Resets();
  sessions.set(session, resets);
  stream.once('close', () => {
    if (stream.rstCode === constants.NGHTTP2_NO_ERROR || !resets.isOneTooMany()) return;
    giveUp(session);
  });
}

/** Resets that a connection has left: so many at once, and more as time passes. */
class Resets {
  #left = RESETS_BURST;
  #at = performance.now();
  #spent = false;

  /** Counts one; true once, when there are too many. */
  isOneTooMany(): boolean {
    const now = performance.now();
    this.#left += ((now - this.#at) / 1000) * RESETS_PER_SECOND;
    this.#left = Math.min(RESETS_BURST, this.#left) - 1;
    this.#at = now;
    if (this.#spent || this.#left > 0) return false;
    this.#spent = true;
    return true;
  }
}

function giveUp(session: Http2Session): void {
  if (session.destroyed || session.closed) return;
  session.goaway(constants.NGHTTP2_NO_ERROR, LAST_STREAM);
  // By then its client has read that, and opens no more streams on it.
  setTimeout(() => session.close(), RENEWED_CLOSE_MS).unref();
}
