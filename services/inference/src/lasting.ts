/**
 * Reports what has stayed the latest for `afterMs`: a message for what is over sooner would come too
 * late, and cost the work that it tells of. `stop` drops what still waits.
 *
 * @example
 * const told = lasting(report, 20);
 * await work(told.report).finally(told.stop);
 */
export function lasting<Item>(
  report: (item: Item) => void,
  afterMs: number,
): { report: (item: Item) => void; stop: () => void } {
  if (afterMs === 0) return { report, stop: () => {} };
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  return {
    report(item) {
      stop();
      timer = setTimeout(() => report(item), afterMs);
    },
    stop,
  };
}
