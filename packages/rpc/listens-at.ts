import type { Http2Server } from 'node:http2';

/** Where a server listens: a TCP port or the path of a unix socket. */
export type Where = { readonly port: number } | { readonly path: string };

/** Whether a server is the one that listens there. */
export function listensAt(server: Http2Server, where: Where): boolean {
  const address = server.address();
  if (address === null) return false;
  return typeof address === 'string'
    ? 'path' in where && address === where.path
    : 'port' in where && address.port === where.port;
}
