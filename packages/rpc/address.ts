import { SextantError } from '#errors';

/** An address as grpc-js wants it: `host:port` or `unix:/path`; IPv6 in brackets. */
export function checkAddress(address: string, subject: string): string {
  if (/^unix:.+/.test(address)) return address;
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:/\s]+):(\d{1,5})$/.exec(address);
  if (match !== null && Number(match[2]) <= 65535) return address;
  throw new SextantError('CONFIG_INVALID', {
    subject,
    got: JSON.stringify(address),
    expected: 'host:port or unix:/path',
  });
}

/** `::1`, 50051 -> `[::1]:50051`. */
export function joinAddress(host: string, port: number): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether only this machine can reach a listener there. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

/** Where a service listens, and the flag that says so: its socket if it has one, else host and port. */
export function listeningAddress(
  { socket, listen }: { readonly socket?: string | undefined; readonly listen: string },
  { port, flag }: { readonly port: number; readonly flag: string },
): { address: string; flag: string } {
  return socket === undefined
    ? { address: joinAddress(listen, port), flag }
    : { address: `unix:${socket}`, flag: '--socket' };
}
