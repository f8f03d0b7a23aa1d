import type { SextantError } from '#errors';

/** A call that is being answered. */
export interface RunningCall {
  /** `/sextant.v1.AnnotationService/Annotate`. */
  readonly method: string;
  readonly requestId: string;
}

/** The calls that a server is answering, so that a drain can end those that take too long. */
export class RunningCalls {
  readonly #calls = new Map<RunningCall, AbortController>();

  /** @returns a signal that fires when the call is cut, and what to call when it has ended */
  begin(call: RunningCall): { cut: AbortSignal; end: () => void } {
    const controller = new AbortController();
    this.#calls.set(call, controller);
    return { cut: controller.signal, end: () => void this.#calls.delete(call) };
  }

  /** Ends every call with `error`; each can still tell it to its caller. */
  cut(error: SextantError): RunningCall[] {
    const cut = [...this.#calls];
    for (const [, controller] of cut) controller.abort(error);
    return cut.map(([call]) => call);
  }
}
