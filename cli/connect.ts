import { SextantError, unlessAborted } from '#errors';
import { openChannel, waitUntilConnected } from '#rpc';
import { CONNECT_MS } from './limits.ts';
import { assertListening, speaksHttp1 } from './probe-server.ts';

type Channel = ReturnType<typeof openChannel>;

/**
 * Calls `work` with a connection to `address`, closed afterwards.
 * @throws SextantError SERVICE_UNAVAILABLE, CANCELLED, CONFIG_INVALID for what is no address
 */
export async function withServer<T>(
  address: string,
  signal: AbortSignal,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  const channel = openChannel(address, '--server');
  try {
    await unlessAborted(connected(channel, address), signal);
    return await work(channel);
  } finally {
    channel.close();
  }
}

async function connected(channel: Channel, address: string): Promise<void> {
  await assertListening(address, CONNECT_MS);
  try {
    await waitUntilConnected(channel, CONNECT_MS);
  } catch (error) {
    if (await speaksHttp1(address, CONNECT_MS)) throw notGrpc(address, error);
    throw error;
  }
}

function notGrpc(address: string, cause: unknown): SextantError {
  return new SextantError('SERVICE_UNAVAILABLE', {
    subject: address,
    got: 'a server that speaks HTTP/1, not gRPC',
    expected: 'the gRPC port of a running server',
    remedy: '`sextant serve` shows both, 50051 and 5000 unless told otherwise',
    cause,
  });
}
