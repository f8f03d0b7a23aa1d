import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { type CompatServiceDefinition, createServer, type Server } from 'nice-grpc';
import { SextantError } from '#errors';
import { HealthDefinition } from '#proto/grpc/health/v1/health';
import { callLimits } from './call-limits.ts';
import { CallWatch, type EndedCall } from './call-watch.ts';
import { type CallInfo, callMiddleware, type FinishedCall, refusedCall } from './calls.ts';
import { limitConnections } from './connection-limit.ts';
import { holdFewMessages } from './few-messages.ts';
import { HealthState, healthService } from './health.ts';
import {
  CONNECTION_IDLE_MS,
  CONNECTIONS_LIMIT,
  CUT_GRACE_MS,
  CUT_RETRY_MS,
  MESSAGE_BYTES,
  STREAM_IDLE_MS,
  STREAMS_LIMIT,
} from './limits.ts';
import type { Where } from './listens-at.ts';
import { portTaken } from './port-taken.ts';
import { addReflection } from './reflection.ts';
import { renewAfterResets } from './reset-limit.ts';
import { type RunningCall, RunningCalls } from './running-calls.ts';
import { clearSocket } from './socket-file.ts';
import { StreamWatch } from './stream-watch.ts';

export interface RpcServer {
  /** The TCP port; 0 on a unix socket. */
  readonly port: number;
  readonly health: HealthState;
  /** Says NOT_SERVING, takes no new calls and waits for the running ones. */
  drain(): Promise<void>;
  /**
   * Cuts the running calls and says which: each ends with SERVICE_UNAVAILABLE and when to try again.
   * Connections that are not done with it soon after are closed.
   */
  abandon(): RunningCall[];
}

/** Registers one service: `(server) => server.add(Definition, implementation)`. */
export type AddServices = (server: Pick<Server<CallInfo>, 'add'>) => void;

/**
 * Serves gRPC on `host:port` or `unix:/path`, with health and reflection beside the given services.
 * Throws PORT_TAKEN naming the address and `flag` when somebody else listens there.
 *
 * @example
 * const server = await startServer({
 *   address: '127.0.0.1:0', flag: '--grpc-port', services: [ModelServiceDefinition.fullName],
 *   add: (server) => server.add(ModelServiceDefinition, models),
 *   serving: true, onFinished: (call) => log.info(call),
 * });
 */
export async function startServer(options: {
  address: string;
  flag: string;
  /** Full names, for health and reflection. */
  services: readonly string[];
  add: AddServices;
  /** Whether health says SERVING from the start. */
  serving: boolean;
  /** Hears of every call of the services that were given, for the log. */
  onFinished: (call: FinishedCall) => void;
  /** Hears of every call at all, also of those that the library refuses by itself, for metrics. */
  onEnded?: (call: EndedCall) => void;
  /** A caller that keeps a stream waiting this long is cut; a peer that is gone, noticed. */
  streamIdleMs?: number;
  /** For tests: `CONNECTION_IDLE_MS` and `CONNECTIONS_LIMIT` otherwise. */
  connectionIdleMs?: number;
  connections?: number;
}): Promise<RpcServer> {
  holdFewMessages();
  const health = new HealthState(options.services, { serving: options.serving });
  const { streamIdleMs = STREAM_IDLE_MS, connectionIdleMs = CONNECTION_IDLE_MS } = options;
  const watch = new StreamWatch({ idleMs: streamIdleMs });
  const server = createServer({
    'grpc.max_receive_message_length': MESSAGE_BYTES,
    'grpc.max_send_message_length': MESSAGE_BYTES,
    // Two processes on one port would each get half of the calls.
    'grpc.so_reuseport': 0,
    // A peer that went without a word (a cable, a laptop's lid) answers no ping.
    'grpc.keepalive_time_ms': streamIdleMs / 2,
    'grpc.keepalive_timeout_ms': streamIdleMs / 2,
    'grpc.max_concurrent_streams': STREAMS_LIMIT,
    'grpc.max_connection_idle_ms': connectionIdleMs,
    interceptors: [callLimits(), watch.interceptor],
  });
  const methods = new Set<string>();
  const calls = new CallWatch(methods, (call) => {
    options.onEnded?.(call);
    if (isForTheLog(call, options.services)) options.onFinished(refusedCall(call));
  });
  // Health and reflection stay out of the log: probes ask every few seconds.
  const plain = namingMethods(server, methods);
  plain.add(HealthDefinition, healthService(health));
  addReflection(plain, [...options.services, HealthDefinition.fullName]);
  const running = new RunningCalls();
  const middleware = callMiddleware(options.onFinished, { running, watch, calls });
  options.add(namingMethods(server.with(middleware), methods));
  const port = await listen(server, options);
  const stopWatching = calls.begin(whereOf(options.address, port));
  const stopRenewing = renewAfterResets(whereOf(options.address, port));
  const unlimit = limitConnections({ port, limit: options.connections ?? CONNECTIONS_LIMIT });
  let cutAll = () => {};
  const isCut = new Promise<void>((resolve) => {
    cutAll = resolve;
  });
  return {
    port,
    health,
    async drain() {
      health.close();
      // The library counts the sessions that close, and has missed one whose peer had gone: once all
      // are destroyed there is nothing to wait for, whatever it counts.
      await Promise.race([server.shutdown(), isCut]);
      unlimit();
      stopRenewing();
      stopWatching();
    },
    abandon() {
      setTimeout(() => {
        server.forceShutdown();
        cutAll();
      }, CUT_GRACE_MS).unref();
      return running.cut(cutOff());
    },
  };
}

/** Takes down the full names of the methods that are added. */
function namingMethods<Ext>(
  server: Pick<Server<Ext>, 'add'>,
  methods: Set<string>,
): Pick<Server<Ext>, 'add'> {
  return {
    add(definition, implementation) {
      for (const name of methodNames(definition)) methods.add(name);
      server.add(definition, implementation);
    },
  };
}

/** As `sextant.v1.ModelService/ListModels`, of a definition by ts-proto or by gRPC's own library. */
function methodNames(definition: CompatServiceDefinition): string[] {
  if (typeof definition.fullName === 'string' && 'methods' in definition) {
    const { fullName } = definition;
    return Object.values(definition.methods as Record<string, { name: string }>).map(
      ({ name }) => `${fullName}/${name}`,
    );
  }
  return Object.values(definition as Record<string, { path: string }>).map(({ path }) =>
    path.slice(1),
  );
}

/** What a handler has seen is logged with what the handler noted. */
function isForTheLog({ handled, method }: EndedCall, services: readonly string[]): boolean {
  const isProbe = method !== undefined && !services.includes(method.split('/')[0] ?? '');
  return !handled && !isProbe;
}

function whereOf(address: string, port: number): Where {
  return address.startsWith('unix:') ? { path: address.slice('unix:'.length) } : { port };
}

function cutOff(): SextantError {
  return new SextantError('SERVICE_UNAVAILABLE', {
    subject: 'server',
    got: 'a call that was still running when the server had to end',
    expected: 'a server that is not about to end',
    remedy: 'try again when it is back; an upload goes on where GetUpload says',
    retryAfterMs: CUT_RETRY_MS,
  });
}

async function listen(
  server: Server,
  { address, flag }: { address: string; flag: string },
): Promise<number> {
  // The library prints what it also throws.
  setLogVerbosity(logVerbosity.NONE);
  if (address.startsWith('unix:')) await clearSocket(address.slice('unix:'.length), flag);
  try {
    return await server.listen(address);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    if (text.includes('EADDRINUSE')) throw portTaken({ address, flag, cause });
    throw new SextantError('SERVICE_UNAVAILABLE', {
      subject: flag,
      got: `${address}: ${text}`,
      expected: 'an address of this machine that this user may listen on',
      cause,
    });
  }
}
