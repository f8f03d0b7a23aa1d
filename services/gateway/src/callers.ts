import type { IncomingMessage } from 'node:http';
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
  request: Pick<IncomingMessage, 'headers' | 'headersDistinct' | 'url'>,
  names: ReadonlySet<string>,
): void {
  const { origin } = request.headers;
  const asked = hostsOf(request).map(nameOfHost);
  if (asked.some((name) => name === undefined || !isOwn(name, names))) {
    throw new CallerRefused('this server is not known by that Host; --allow-hosts adds names');
  }
  if (asked.length > 1 && new Set(asked).size > 1) {
    throw new CallerRefused('a request names one Host');
  }
  if (origin === undefined) return;
  const page = nameOf(origin);
  if (page === undefined || !(isLoopback(page) || asked.includes(page) || names.has(page))) {
    throw new CallerRefused(
      'pages of that Origin may not ask this server; --allow-hosts adds names',
    );
  }
}

/** Every name that a request asks by: a target in absolute form has one, and Host may come twice. */
function hostsOf({ headersDistinct, url = '' }: Pick<IncomingMessage, 'headersDistinct' | 'url'>) {
  const [, inTarget] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url) ?? [];
  return [...(headersDistinct.host ?? []), ...(inTarget === undefined ? [] : [inTarget])];
}

/** Undefined for what is no host with an optional port: a user before an @, a path, another script. */
function nameOfHost(host: string): string | undefined {
  return HOST.test(host) ? nameOf(`http://${host}`) : undefined;
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i;

function isOwn(name: string, names: ReadonlySet<string>): boolean {
  return isLoopback(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0 || names.has(name);
}

function nameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() || undefined : undefined;
}
