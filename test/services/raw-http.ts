import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** The bytes that a server answers to exactly these lines, until it closes or `waitMs` have passed. */
export async function rawHttp(
  port: number,
  lines: readonly string[],
  { waitMs = 5000 }: { waitMs?: number } = {},
): Promise<string> {
  const socket = await openSocket(port);
  // Latin-1, as HTTP/1 has headers: a test may send any byte.
  socket.write(Buffer.from([...lines, '', ''].join('\r\n'), 'latin1'));
  const timer = setTimeout(() => socket.end(), waitMs);
  try {
    return await text(socket);
  } catch {
    return '';
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** A connection to a port of this machine; what goes wrong with it later is no test's failure. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket.on('error', () => {});
}

export function statusOf(answer: string): number | undefined {
  const [, status] = /^HTTP\/1\.[01] (\d{3}) /.exec(answer) ?? [];
  return status === undefined ? undefined : Number(status);
}
