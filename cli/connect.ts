import { openChannel, waitUntilConnected } from '#rpc';

/** How long a server may take to accept a connection before it counts as not there. */
const CONNECT_MS = 5000;

/** Calls `work` with a connection to `address`, closed afterwards. Throws SERVICE_UNAVAILABLE. */
export async function withServer<T>(
  address: string,
  work: (channel: ReturnType<typeof openChannel>) => Promise<T>,
): Promise<T> {
  const channel = openChannel(address, '--server');
  try {
    await waitUntilConnected(channel, CONNECT_MS);
    return await work(channel);
  } finally {
    channel.close();
  }
}
