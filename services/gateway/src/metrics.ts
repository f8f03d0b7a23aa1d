import type { Settings } from '#host';
import {
  absentText,
  type Metrics,
  mergeMetrics,
  openMetrics,
  type ServiceName,
} from '#host/service';
import { clientCallLabels, type EndedCall, type MadeCall, serverCallLabels } from '#rpc';
import type { Store } from '#store';

/** A request over HTTP that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** As the server has it; undefined for a path that it does not know. */
  readonly route: string | undefined;
  readonly status: number;
  readonly milliseconds: number;
}

type ServiceBehind = Exclude<ServiceName, 'gateway'>;

/** What the gateway measures of itself. */
export interface GatewayMetrics extends Pick<Metrics, 'close'> {
  countCall(call: EndedCall): void;
  /** Counts calls that are made to a service behind the gateway, at its address. */
  madeCallsTo(address: string): (call: MadeCall) => void;
  countRequest(request: AnsweredRequest): void;
  readStore(store: Pick<Store, 'usage'>, settings: Settings<'storeLimit'>): void;
  /** With what the services behind the gateway measure; one that does not answer is told as being down. */
  scrape(behind: Readonly<Record<ServiceBehind, () => Promise<string>>>): Promise<string>;
}

export function gatewayMetrics(): GatewayMetrics {
  const metrics = openMetrics('gateway');
  return {
    close: metrics.close,
    countCall(call) {
      const seconds = call.milliseconds / 1000;
      metrics.observe('rpc_server_call_duration_seconds', seconds, serverCallLabels(call));
    },
    madeCallsTo: (address) => (call) => {
      const labels = clientCallLabels(call, address);
      metrics.observe('rpc_client_call_duration_seconds', call.milliseconds / 1000, labels);
    },
    countRequest(request) {
      const seconds = request.milliseconds / 1000;
      metrics.observe('http_server_request_duration_seconds', seconds, requestLabels(request));
    },
    readStore(store, { storeLimit }) {
      metrics.read('sextant_store_bytes', async () => {
        const { storedBytes, promisedBytes } = await store.usage();
        return [
          { labels: { state: 'stored' }, value: storedBytes },
          { labels: { state: 'promised' }, value: promisedBytes },
        ];
      });
      metrics.read('sextant_store_limit_bytes', () => [{ value: storeLimit }]);
      metrics.read('sextant_store_unfinished_uploads', async () => [
        { value: (await store.usage()).openUploads },
      ]);
      metrics.read('sextant_store_sessions', async () => [
        { value: (await store.usage()).sessions },
      ]);
    },
    async scrape(behind) {
      const names = Object.keys(behind) as ServiceBehind[];
      const theirs = names.map((name) => behind[name]().catch(() => absentText(name)));
      return mergeMetrics([await metrics.text(), ...(await Promise.all(theirs))]);
    },
  };
}

/** By OpenTelemetry's HTTP conventions: the server's own failures are errors, a caller's are not. */
function requestLabels({ method, route, status }: AnsweredRequest) {
  return {
    http_request_method: METHODS.has(method) ? method : '_OTHER',
    url_scheme: 'http',
    ...(route === undefined ? {} : { http_route: route }),
    http_response_status_code: String(status),
    ...(status < 500 ? {} : { error_type: String(status) }),
  };
}

/** Of RFC 9110 and RFC 5789; a caller can make up others. */
const METHODS = new Set('CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE'.split(' '));
