export { checkAddress, isLoopback, joinAddress, listeningAddress } from './address.ts';
export { clientCallLabels, serverCallLabels } from './call-labels.ts';
export type { EndedCall } from './call-watch.ts';
export {
  type CallInfo,
  type FinishedCall,
  isRequestId,
  REQUEST_ID_KEY,
  type ServerCall,
} from './calls.ts';
export { chunksOf, rechunked, type StreamPart, splitStream } from './chunks.ts';
export {
  type ClientCallOptions,
  createClient,
  type MadeCall,
  openChannel,
  type RpcClient,
  waitUntilConnected,
} from './client.ts';
export { fromGridMessage, toGridMessage } from './grid-message.ts';
export { HealthState } from './health.ts';
export { CHUNK_BYTES, MESSAGE_BYTES, SOCKET_PATH_BYTES } from './limits.ts';
export { metricsService, readMetrics } from './metrics-service.ts';
export { noteSummary } from './note-summary.ts';
export { assertPortFree, portTaken } from './port-taken.ts';
export { type AddServices, type RpcServer, startServer } from './server.ts';
export { isAnswered } from './socket-file.ts';
export { stageName } from './stage-times.ts';
export { DETAILS_TRAILER, ERROR_DOMAIN, fromWireStatus, toWireStatus } from './status.ts';
