import { isIPv6 } from 'node:net';

/**
 * Who calls, as the bounds for each peer count it: the address without its port, an IPv4 address
 * as such also where IPv6 wraps it. Everybody on a unix socket is one peer.
 *
 * @param peer as gRPC has it: `10.0.0.7:51234`, `fd00::7:51234`, or a word where there is none
 * @example
 * peerAddress('::ffff:10.0.0.7:51234'); // '10.0.0.7'
 */
export function peerAddress(peer: string): string {
  const port = peer.lastIndexOf(':');
  if (port < 0) return 'local';
  const address = peer.slice(0, port);
  return isIPv6(address) ? address.replace(/^::ffff:(?=[\d.]+$)/i, '') : address;
}
