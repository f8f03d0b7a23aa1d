import { once } from 'node:events';
import { lstatSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { SextantError } from '#errors';
import { SOCKET_PATH_BYTES, SOCKET_PROBE_MS } from './limits.ts';
import { portTaken } from './port-taken.ts';

/**
 * Makes way for a unix socket: removes one that a killed process left behind, and nothing else. Throws
 * PORT_TAKEN when somebody may be there, CONFIG_INVALID when another kind of file lies there or the
 * path is too long for a socket.
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
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isSocket()) {
    throw new SextantError('CONFIG_INVALID', {
      subject: flag,
      got: `${path}, which is not a socket`,
      expected: 'a path where nothing lies yet, or an old socket',
    });
  }
  if (await isAnswered(path)) throw portTaken({ address: path, flag });
  rmSync(path, { force: true });
}

/**
 * Whether a process may listen at the unix socket `path`: only a refused connection, or no file, says
 * that none does. One that is slow to answer, or closed to this user, is there.
 */
export async function isAnswered(path: string): Promise<boolean> {
  const socket = connect({ path });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(SOCKET_PROBE_MS) });
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code !== 'ECONNREFUSED' && code !== 'ENOENT';
  } finally {
    socket.destroy();
  }
}
