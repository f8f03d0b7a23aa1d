import { basename } from 'node:path';
import type { EndedCall } from './call-watch.ts';
import type { MadeCall } from './client.ts';

/**
 * The attributes that OpenTelemetry's conventions for gRPC 1.45 give to `rpc.server.call.duration`, in
 * the spelling of Prometheus.
 */
export function serverCallLabels({ method, status }: EndedCall) {
  return {
    rpc_system_name: 'grpc',
    rpc_method: method ?? '_OTHER',
    rpc_status_code: status,
    ...(SERVER_ERRORS.has(status) ? { error_type: status } : {}),
  };
}

/** Likewise for `rpc.client.call.duration`; `address` is the one that the channel was opened with. */
export function clientCallLabels({ method, status }: MadeCall, address: string) {
  return {
    rpc_system_name: 'grpc',
    rpc_method: method,
    rpc_status_code: status,
    ...(status === 'OK' ? {} : { error_type: status }),
    ...serverLabels(address),
  };
}

/** Statuses that are the server's failure: the others are what a caller has asked for. */
const SERVER_ERRORS = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/**
 * Of a unix socket the file's name alone: the conventions ask for what stays the same, and the folder
 * of `sextant serve` has another name at every start.
 */
function serverLabels(address: string) {
  if (address.startsWith('unix:')) {
    return { server_address: basename(address) };
  }
  const [, host = address, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  return { server_address: host, ...(port === undefined ? {} : { server_port: port }) };
}
