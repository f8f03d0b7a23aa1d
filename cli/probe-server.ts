import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { SextantError } from '#errors';

/** With a proxy, what this machine reaches by itself says nothing. */
const PROXY_VARIABLES = ['grpc_proxy', 'https_proxy', 'http_proxy'];

const REFUSALS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOENT: 'no such socket',
  ENOTFOUND: 'no such host',
  EHOSTUNREACH: 'a host that cannot be reached',
  ENETUNREACH: 'a host that cannot be reached',
};

/**
 * Says at once what the gRPC library says only when its patience ends, and without the reason.
 * @throws SextantError SERVICE_UNAVAILABLE; any other trouble is left to the connection itself
 */
export async function assertListening(address: string, timeoutMs: number): Promise<void> {
  if (PROXY_VARIABLES.some((name) => process.env[name])) return;
  const socket = connectTo(address);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    const got = REFUSALS[String((cause as NodeJS.ErrnoException).code)];
    if (got === undefined) return;
    throw new SextantError('SERVICE_UNAVAILABLE', {
      subject: address,
      got,
      expected: 'a running server',
      remedy: 'start it with `sextant serve`, or give the address of another',
      cause,
    });
  } finally {
    discard(socket);
  }
}

/** Whether what listens there answers as a web server does, and gRPC's servers do not. */
export async function speaksHttp1(address: string, timeoutMs: number): Promise<boolean> {
  const socket = connectTo(address);
  try {
    socket.write('HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    // The time limit alone would not keep the process alive.
    socket.once('end', () => socket.destroy(new Error('closed without a word')));
    const [start] = await once(socket, 'data', { signal: AbortSignal.timeout(timeoutMs) });
    return String(start).startsWith('HTTP/1.');
  } catch {
    return false;
  } finally {
    discard(socket);
  }
}

function connectTo(address: string): Socket {
  if (address.startsWith('unix:')) return createConnection(address.slice('unix:'.length));
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  return createConnection(Number(port), host.replace(/^\[|\]$/g, ''));
}

/** An error that comes after this is nobody's. */
function discard(socket: Socket): void {
  socket.on('error', () => undefined).destroy();
}
