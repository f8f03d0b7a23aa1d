import { unlessAborted } from '#errors';
import { openChannel, waitUntilConnected } from '#rpc';

/** How long a server may take to accept a connection before it counts as not there. */
const CONNECT_MS = 3000;

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
    await unlessAborted(waitUntilConnected(channel, CONNECT_MS), signal);
    return await work(channel);
  } finally {
    channel.close();
  }
}
