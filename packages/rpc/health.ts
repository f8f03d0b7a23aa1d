import { EventEmitter, once } from 'node:events';
import { status } from '@grpc/grpc-js';
import { ServerError } from 'nice-grpc-common';
import {
  type HealthCheckRequest,
  type HealthCheckResponse,
  type HealthListResponse,
  type HealthServiceImplementation,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from '#proto/grpc/health/v1/health';

/** Whether each service answers. The empty name stands for the whole server. */
export class HealthState {
  readonly #serving = new Map<string, boolean>();
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #closed = new AbortController();

  constructor(services: readonly string[], { serving }: { serving: boolean }) {
    for (const name of ['', ...services]) this.#serving.set(name, serving);
  }

  /** Sets all services at once: they start and drain together. */
  setServing(serving: boolean): void {
    for (const name of this.#serving.keys()) this.#serving.set(name, serving);
    this.#changes.emit('change');
  }

  /** Of the whole server; a function of its own, to be handed on. */
  readonly isServing = (): boolean => this.#serving.get('') === true;

  statusOf(service: string): ServingStatus {
    const serving = this.#serving.get(service);
    if (serving === undefined) return ServingStatus.SERVICE_UNKNOWN;
    return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  }

  all(): Record<string, HealthCheckResponse> {
    return Object.fromEntries(
      [...this.#serving.keys()].map((name) => [name, { status: this.statusOf(name) }]),
    );
  }

  /** The status now and after every change, until the signal fires or the server drains. */
  async *watch(service: string, signal: AbortSignal): AsyncGenerator<ServingStatus> {
    const ended = AbortSignal.any([signal, this.#closed.signal]);
    let told: ServingStatus | undefined;
    for (;;) {
      const current = this.statusOf(service);
      if (current !== told) {
        told = current;
        yield current;
        continue;
      }
      if (ended.aborted) return;
      await once(this.#changes, 'change', { signal: ended }).catch(() => {});
    }
  }

  /** Says NOT_SERVING to every watcher for the last time and lets them go. */
  close(): void {
    this.setServing(false);
    this.#closed.abort();
  }
}

/** grpc.health.v1.Health over a state: Check, Watch and List. */
export function healthService(state: HealthState): HealthServiceImplementation {
  return {
    async check({ service }: HealthCheckRequest): Promise<HealthCheckResponse> {
      const current = state.statusOf(service);
      if (current === ServingStatus.SERVICE_UNKNOWN) {
        throw new ServerError(status.NOT_FOUND, 'unknown service');
      }
      return { status: current };
    },
    async list(): Promise<HealthListResponse> {
      return { statuses: state.all() };
    },
    async *watch({ service }: HealthCheckRequest, { signal }) {
      for await (const current of state.watch(service, signal)) yield { status: current };
    },
  };
}
