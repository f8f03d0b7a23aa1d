import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { SextantError } from '#errors';
import { HTTP_BODY_BYTES, HTTP_REQUEST_MS, type Settings } from '#host';
import { type Logger, logCall } from '#host/service';
import { isRequestId, joinAddress, portTaken, REQUEST_ID_KEY } from '#rpc';
import { errorBody, httpError } from './aiaa/http-error.ts';
import { addModelRoutes } from './aiaa/models.ts';
import { allowedNames, assertLocalCaller } from './callers.ts';
import type { Inference } from './inference.ts';
import {
  HTTP_CONNECTIONS_LIMIT,
  HTTP_HEAD_BYTES,
  HTTP_HEAD_MS,
  HTTP_KEEP_ALIVE_MS,
  HTTP_LOOK_MS,
} from './limits.ts';
import type { GatewayMetrics } from './metrics.ts';
import { addMetricsRoute } from './metrics-route.ts';

/** Routes that machines ask every few seconds: their answers stay out of the log. */
const PROBES = new Set<string | undefined>(['/healthz', '/metrics']);

export interface HttpServer {
  readonly port: number;
  drain(): Promise<void>;
  abandon(): void;
}

/** Serves HTTP: the old clients' calls, and /healthz for probes. Throws PORT_TAKEN. */
export async function startHttp({
  settings,
  inference,
  metrics,
  scrape,
  isServing,
  log,
}: {
  settings: Settings<'listen' | 'httpPort' | 'allowHosts'>;
  inference: Inference;
  metrics: Pick<GatewayMetrics, 'countRequest'>;
  scrape: () => Promise<string>;
  isServing: () => boolean;
  log: Logger;
}): Promise<HttpServer> {
  const app = Fastify({
    bodyLimit: HTTP_BODY_BYTES,
    requestTimeout: HTTP_REQUEST_MS,
    keepAliveTimeout: HTTP_KEEP_ALIVE_MS,
    http: {
      maxHeaderSize: HTTP_HEAD_BYTES,
      headersTimeout: HTTP_HEAD_MS,
      connectionsCheckingInterval: HTTP_LOOK_MS,
    },
    // Idle connections are closed at once when the process drains.
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
    genReqId: requestIdOf,
  });
  app.server.maxConnections = HTTP_CONNECTIONS_LIMIT;
  const names = allowedNames(settings);
  app.addHook('onRequest', async (request, reply) => {
    reply.header(REQUEST_ID_KEY, request.id);
    assertLocalCaller(request.raw, names);
  });
  logRequests(app, log);
  countRequests(app, metrics);
  app.setErrorHandler((error, request, reply) => answerError(reply, error, request.id));
  app.setNotFoundHandler((request, reply) => answerMissing(app, request, reply));
  addMetricsRoute(app, scrape);
  app.get('/healthz', async (_request, reply) => {
    const serving = isServing();
    return reply.code(serving ? 200 : 503).send({ serving });
  });
  addModelRoutes(app, inference);
  return { port: await listen(app, settings), ...ending(app) };
}

function ending(app: FastifyInstance) {
  return {
    drain: () => app.close(),
    abandon: () => app.server.closeAllConnections(),
  };
}

async function listen(
  app: FastifyInstance,
  { listen: host, httpPort: port }: Settings<'listen' | 'httpPort'>,
): Promise<number> {
  try {
    await app.listen({ host: host.replace(/^\[|\]$/g, ''), port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const address = joinAddress(host, port);
    if (code === 'EADDRINUSE') throw portTaken({ address, flag: '--http-port', cause });
    throw new SextantError('SERVICE_UNAVAILABLE', {
      subject: '--http-port',
      got: `${address}: ${message}`,
      expected: 'an address of this machine that this user may listen on',
      cause,
    });
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function logRequests(app: FastifyInstance, log: Logger): void {
  app.addHook('onResponse', async (request, reply) => {
    if (PROBES.has(request.routeOptions.url) && reply.statusCode < 500) return;
    logCall(log, {
      method: `${request.method} ${request.routeOptions.url ?? 'unknown path'}`,
      requestId: request.id,
      status: String(reply.statusCode),
      milliseconds: reply.elapsedTime,
      fields: {},
      ...(FAILURES.has(reply) ? { cause: FAILURES.get(reply) } : {}),
    });
  });
}

function countRequests(app: FastifyInstance, metrics: Pick<GatewayMetrics, 'countRequest'>): void {
  app.addHook('onResponse', async (request, reply) => {
    metrics.countRequest({
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      milliseconds: reply.elapsedTime,
    });
  });
}

/** The caller's own id of a request when it is a proper one, as over gRPC. */
function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID_KEY];
  return typeof given === 'string' && isRequestId(given) ? given : randomUUID();
}

/** What was thrown for a request and is not for the caller, until its line is logged. */
const FAILURES = new WeakMap<FastifyReply, unknown>();

function answerError(reply: FastifyReply, error: unknown, requestId: string): FastifyReply {
  const { status, phrase, kind, message, isInternal } = httpError(error, requestId);
  if (isInternal) FAILURES.set(reply, error);
  reply.raw.statusMessage = phrase;
  return reply.code(status).type('application/json').send(errorBody(kind, message));
}

/** A known path under another method is 405, anything else 404. */
function answerMissing(
  app: FastifyInstance,
  request: { method: string; url: string },
  reply: FastifyReply,
): FastifyReply {
  const [url = ''] = request.url.split('?');
  const isGet = request.method === 'GET' || request.method === 'HEAD';
  const known = !isGet && app.hasRoute({ method: 'GET', url: url.replace(/(.)\/$/, '$1') });
  if (known) reply.header('allow', 'GET, HEAD');
  return reply
    .code(known ? 405 : 404)
    .type('application/json')
    .send(
      known
        ? errorBody('METHOD_NOT_ALLOWED', 'this path takes GET')
        : errorBody('NOT_FOUND', 'no such path'),
    );
}
