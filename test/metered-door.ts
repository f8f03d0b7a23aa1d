import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** A way to a server that counts what clients send through it, and holds or cuts it when told. */
export interface MeteredDoor {
  /** host:port, for a client to use instead of the server's own. */
  readonly address: string;
  /** Bytes from clients since the last `reset`. */
  inBytes(): number;
  reset(): void;
  /** From `bytes` on nothing goes through; what comes waits in the client's own buffers. */
  holdAfter(bytes: number): void;
  /** Resolves when something is held. */
  held(): Promise<void>;
  /** Ends every connection, and takes no new ones until `open`, as a server that is down. */
  cut(): void;
  /** Lets everything through, also what was held. */
  open(): void;
  close(): void;
}

/** For tests: a TCP relay to `target` on a free port of loopback. */
export async function meteredDoor(target: { port: number }): Promise<MeteredDoor> {
  const clients = new Map<Socket, Socket>();
  let total = 0;
  let bound = Number.POSITIVE_INFINITY;
  let tellHeld = () => {};
  let held = new Promise<void>((resolve) => {
    tellHeld = resolve;
  });
  const server = createServer((client) => {
    const inside = createConnection(target.port, '127.0.0.1');
    clients.set(client, inside);
    const end = () => {
      clients.delete(client);
      client.destroy();
      inside.destroy();
    };
    for (const socket of [client, inside]) socket.on('error', end).on('close', end);
    inside.pipe(client);
    inside.on('drain', () => total < bound && client.resume());
    client.on('data', (chunk) => {
      total += chunk.length;
      const isFull = !inside.write(chunk);
      if (total >= bound) tellHeld();
      if (isFull || total >= bound) client.pause();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    server.close();
    for (const [client, inside] of clients) {
      client.destroy();
      inside.destroy();
    }
  };
  return {
    address: `127.0.0.1:${port}`,
    inBytes: () => total,
    reset() {
      total = 0;
    },
    holdAfter(bytes) {
      bound = total + bytes;
      held = new Promise((resolve) => {
        tellHeld = resolve;
      });
    },
    held: () => held,
    cut,
    open() {
      if (!server.listening) server.listen(port, '127.0.0.1');
      bound = Number.POSITIVE_INFINITY;
      for (const client of clients.keys()) client.resume();
    },
    close: cut,
  };
}
