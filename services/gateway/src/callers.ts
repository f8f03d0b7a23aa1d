import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Settings } from '#host';
import { isLoopback } from '#rpc';

/** A request from a page or under a name that this server is not known by. */
export class CallerRefused extends Error {}

/** Names that HTTP may be asked under besides localhost and addresses. */
export function allowedNames({ allowHosts }: Settings<'allowHosts'>): ReadonlySet<string> {
  const given = allowHosts?.split(',').map((name) => name.trim().toLowerCase()) ?? [];
  return new Set([hostname().toLowerCase(), ...given]);
}

/**
 * Keeps web pages of strangers out. A page whose name was made to point here (DNS rebinding) sends
 * that name as Host; a page that calls from elsewhere sends its Origin. Programs send neither a
 * foreign Host nor an Origin.
 */
export function assertLocalCaller(
  { host, origin }: IncomingHttpHeaders,
  names: ReadonlySet<string>,
): void {
  const asked = host === undefined ? undefined : nameOf(`http://${host}`);
  if (host !== undefined && (asked === undefined || !isOwn(asked, names))) {
    throw new CallerRefused('this server is not known by that Host; --allow-hosts adds names');
  }
  if (origin === undefined) return;
  const page = nameOf(origin);
  if (page === undefined || !(isLoopback(page) || page === asked || names.has(page))) {
    throw new CallerRefused(
      'pages of that Origin may not ask this server; --allow-hosts adds names',
    );
  }
}

function isOwn(name: string, names: ReadonlySet<string>): boolean {
  return isLoopback(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0 || names.has(name);
}

function nameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() || undefined : undefined;
}
