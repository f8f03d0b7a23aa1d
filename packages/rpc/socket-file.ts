import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { SextantError } from '#errors';
import { SOCKET_PATH_BYTES, SOCKET_PROBE_MS } from './limits.ts';
import { portTaken } from './port-taken.ts';

/**
 * Makes way for a unix socket: removes one that a killed process left behind. Throws PORT_TAKEN when
 * somebody answers there, CONFIG_INVALID when the path is too long for a socket.
 */
export async function clearSocket(path: string, flag: string): Promise<void> {
  const length = Buffer.byteLength(path);
  if (length > SOCKET_PATH_BYTES) {
    throw new SextantError('CONFIG_INVALID', {
      subject: flag,
      got: `a path of ${length} bytes`,
      expected: `at most ${SOCKET_PATH_BYTES}, which is what a unix socket can have`,
    });
  }
  if (!existsSync(path)) return;
  if (await isAnswered(path)) throw portTaken({ address: path, flag });
  rmSync(path, { force: true });
}

/** Whether a process accepts connections at the unix socket `path`. */
export async function isAnswered(path: string): Promise<boolean> {
  const socket = connect({ path });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(SOCKET_PROBE_MS) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
