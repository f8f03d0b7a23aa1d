import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server, Socket } from 'node:net';

/** Where Node tells of every connection that a server of this process takes. */
const CONNECTIONS = 'net.server.socket';

/**
 * Bounds the connections of the server on a TCP port; Node closes each one beyond at once. The gRPC
 * library makes its server by itself and hands it to nobody, but a connection knows its server.
 *
 * @returns what to call when the server is gone
 */
export function limitConnections({ port, limit }: { port: number; limit: number }): () => void {
  const onConnection = (message: unknown): void => {
    const { socket } = message as { socket: Socket & { server?: Server } };
    if (socket.localPort !== port || socket.server === undefined) return;
    socket.server.maxConnections = limit;
    unsubscribe(CONNECTIONS, onConnection);
  };
  subscribe(CONNECTIONS, onConnection);
  return () => void unsubscribe(CONNECTIONS, onConnection);
}
