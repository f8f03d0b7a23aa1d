import { once } from 'node:events';
import { createServer } from 'node:net';
import { SextantError } from '#errors';
import { joinAddress } from './address.ts';

/**
 * Throws PORT_TAKEN when somebody listens there. For before the slow part of a start, so that a
 * second server is told about the port first; listening itself tells it too.
 */
export async function assertPortFree({
  host,
  port,
  flag,
}: {
  host: string;
  port: number;
  flag: string;
}): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    probe.listen({ host: host.replace(/^\[|\]$/g, ''), port });
    await once(probe, 'listening');
  } catch (cause) {
    // Any other trouble is told by who listens in earnest.
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') return;
    throw portTaken({ address: joinAddress(host, port), flag, cause });
  } finally {
    probe.close();
  }
}

/** The error for an address that somebody else listens on: it names the address and the flag. */
export function portTaken(taken: { address: string; flag: string; cause?: unknown }): SextantError {
  return new SextantError('PORT_TAKEN', {
    subject: taken.flag,
    got: `${taken.address}, which is taken by another process`,
    expected: 'a free one',
    remedy: `end the other process, or give ${taken.flag} another value`,
    cause: taken.cause,
  });
}
