import { isIPv4 } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { METRICS_TYPE } from '#host/service';
import { isLoopback } from '#rpc';
import type { GatewayMetrics } from './metrics.ts';

/**
 * /metrics, for programs of this machine alone, whatever --listen is: it tells how busy a reading room
 * is, and there is no authentication yet. To anybody else the path is not there: a refusal would tell
 * that it is.
 */
export function addMetricsRoute(
  app: FastifyInstance,
  scrape: () => ReturnType<GatewayMetrics['scrape']>,
): void {
  app.get('/metrics', async (request, reply) => {
    if (!isOfThisMachine(request)) return reply.callNotFound();
    return reply
      .type(METRICS_TYPE)
      .header('cache-control', 'no-store')
      .send(await scrape());
  });
}

/**
 * The connection's own address decides. A proxy on this machine connects from it as well, for callers
 * that may be anywhere, and says so in a header.
 */
export function isOfThisMachine({
  headers,
  socket,
}: Pick<FastifyRequest, 'headers' | 'socket'>): boolean {
  const { remoteAddress = '' } = socket;
  const plain = remoteAddress.replace(/^::ffff:/, '');
  const isForwarded = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
  return !isForwarded && isLoopback(isIPv4(plain) ? plain : remoteAddress);
}
