import { EXIT_CODES } from '#host';

/** Fires at the first Ctrl-C or SIGTERM; the second one ends the process where it stands. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
}
