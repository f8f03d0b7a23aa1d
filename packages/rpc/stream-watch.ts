import assert from 'node:assert/strict';
import { constants, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import type { Metadata } from 'nice-grpc-common';
import { SextantError } from '#errors';
import { STALL_GRACE_MS, STREAM_PACE_BYTES, STREAM_WINDOW_BYTES } from './limits.ts';
import { Patience } from './patience.ts';

/** Names a call to its middleware. What a caller sends under this key is replaced. */
const CALL_KEY = 'sextant-stream';

type Listener = Parameters<ServerInterceptingCallInterface['start']>[0];

/**
 * Cuts callers that keep a call waiting: one that sends nothing while the server wants more, one
 * that takes nothing of what the server has for it. Below the handlers, at the HTTP/2 stream, since
 * only there it shows that a slow caller still moves.
 */
export class StreamWatch {
  readonly #idleMs: number;
  readonly #calls = new Map<string, Watched>();
  readonly #widened = new WeakSet<Http2Session>();
  #count = 0;

  constructor({ idleMs }: { idleMs: number }) {
    this.#idleMs = idleMs;
  }

  /** To be the first of a server's interceptors: it needs the library's own call below it. */
  readonly interceptor: ServerInterceptor = ({ requestStream }, call) => {
    const stream = streamOf(call);
    if (requestStream) this.#widen(stream.session);
    this.#count += 1;
    const name = String(this.#count);
    const controller = new AbortController();
    const watched = { name, stream, controller, idleMs: this.#idleMs, isHandled: false };
    this.#calls.set(name, watched);
    stream.once('close', () => this.#calls.delete(name));
    return new WatchedCall(call, watched);
  };

  /** Fires with STREAM_STALLED when the call of this metadata is cut. For the call's own handler. */
  signalOf(metadata: Metadata): AbortSignal | undefined {
    const watched = this.#calls.get(metadata.get(CALL_KEY) ?? '');
    if (watched !== undefined) watched.isHandled = true;
    return watched?.controller.signal;
  }

  /**
   * HTTP/2 lets a peer send 64 KiB before it must wait for leave: too little to keep both ends busy.
   * The library widens this for what a client receives and not for what a server does.
   */
  #widen(session: Http2Session | undefined): void {
    if (session === undefined || session.destroyed || this.#widened.has(session)) return;
    this.#widened.add(session);
    session.settings({ initialWindowSize: STREAM_WINDOW_BYTES });
    session.setLocalWindowSize(STREAM_WINDOW_BYTES);
  }
}

interface Watched {
  readonly name: string;
  readonly stream: ServerHttp2Stream;
  readonly controller: AbortController;
  readonly idleMs: number;
  /** Whether a handler knows of the call, and can end it in order. */
  isHandled: boolean;
}

class WatchedCall extends ServerInterceptingCall {
  readonly #watched: Watched;
  readonly #sender: Patience;
  readonly #reader: Patience;
  #cameBytes = 0;

  constructor(call: ServerInterceptingCallInterface, watched: Watched) {
    super(call);
    this.#watched = watched;
    const { stream, idleMs } = watched;
    this.#sender = new Patience(idleMs, () => this.#cutSender());
    this.#reader = new Patience(idleMs, () => this.#cutReader());
    stream.on('data', (piece: Buffer) => this.#came(piece.length));
    stream.once('close', () => {
      this.#sender.pause();
      this.#reader.pause();
    });
  }

  override start(listener: Listener): void {
    super.start({
      onReceiveMetadata: (metadata) => {
        metadata.set(CALL_KEY, this.#watched.name);
        listener.onReceiveMetadata(metadata);
      },
      onReceiveMessage: (message) => {
        this.#sender.pause();
        listener.onReceiveMessage(message);
      },
      onReceiveHalfClose: () => {
        this.#sender.pause();
        listener.onReceiveHalfClose();
      },
      onCancel: () => listener.onCancel(),
    });
  }

  override startRead(): void {
    this.#sender.wait();
    super.startRead();
  }

  override sendMessage(message: unknown, callback: () => void): void {
    this.#reader.wait();
    super.sendMessage(message, () => {
      this.#reader.pause();
      this.#reader.renew();
      callback();
    });
  }

  /** A trickle is no progress: a byte now and then would hold an upload's place for ever. */
  #came(bytes: number): void {
    this.#cameBytes += bytes;
    if (this.#cameBytes < STREAM_PACE_BYTES) return;
    this.#cameBytes = 0;
    this.#sender.renew();
  }

  /** The handler ends in order, keeping what has come; the sender can still be told why. */
  #cutSender(): void {
    const { controller, stream, idleMs, isHandled } = this.#watched;
    controller.abort(stalled(`no ${STREAM_PACE_BYTES} bytes while waiting`, 'sent', idleMs));
    const graceMs = isHandled ? STALL_GRACE_MS : 0;
    const close = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), graceMs);
    stream.once('close', () => clearTimeout(close));
  }

  /** Who takes no message takes no status either: the stream is reset. */
  #cutReader(): void {
    const { controller, stream, idleMs } = this.#watched;
    controller.abort(stalled('nothing taken of what was ready', 'read', idleMs));
    stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }
}

/** The library's call has its HTTP/2 stream under a private name. */
export function streamOf(call: ServerInterceptingCallInterface): ServerHttp2Stream {
  const { stream } = call as unknown as { stream?: ServerHttp2Stream };
  assert(stream !== undefined, 'the watch is not the first interceptor of its server');
  return stream;
}

function stalled(got: string, verb: string, idleMs: number): SextantError {
  return new SextantError('STREAM_STALLED', {
    subject: 'stream',
    got,
    expected: `a stream that is ${verb} at least every ${idleMs / 1000} s`,
    remedy: 'look at the connection; an upload goes on where GetUpload says',
  });
}
