import { once } from 'node:events';
import { createServer } from 'node:net';
import { SextantError } from '#errors';
import { joinAddress } from './address.ts';

/**
 * Throws PORT_TAKEN when somebody listens there, CONFIG_INVALID when this machine has no such
 * address. For before the slow part of a start, so that a second server is told about the port
 * first; listening itself tells it too.
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
  const probe = createServer();
  try {
    probe.listen({ host: host.replace(/^\[|\]$/g, ''), port });
    await once(probe, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw portTaken({ address: joinAddress(host, port), flag, cause });
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw noSuchAddress(host, cause);
    // Any other trouble is told by who listens in earnest.
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

function noSuchAddress(host: string, cause: unknown): SextantError {
  return new SextantError('CONFIG_INVALID', {
    subject: '--listen',
    got: `${host}, which this machine does not have`,
    expected: 'an address of this machine',
    remedy: '127.0.0.1 is always one, and 0.0.0.0 stands for all',
    cause,
  });
}
