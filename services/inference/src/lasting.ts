/**
 * The longest that a timer of Node waits.
 * @internal
 */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Reports a stage once it has lasted for `afterMs`, with what was last told of it, and from then on
 * whatever is told of it: a message for what is over sooner would come too late, and cost the work that
 * it tells of. `stop` drops what still waits.
 *
 * @param stageOf two items of the same stage are one thing that lasts
 * @example
 * const told = lasting(report, { afterMs: 100, stageOf: ([stage]) => stage });
 * await work(told.report).finally(told.stop);
 */
export function lasting<Item>(
  report: (item: Item) => void,
  { afterMs, stageOf }: { afterMs: number; stageOf: (item: Item) => unknown },
): { report: (item: Item) => void; stop: () => void } {
  let latest: Item | undefined;
  let timer: NodeJS.Timeout | undefined;
  let told = false;
  const stop = () => clearTimeout(timer);
  const tell = (item: Item) => {
    told = true;
    report(item);
  };
  return {
    report(item) {
      const goesOn = latest !== undefined && stageOf(latest) === stageOf(item);
      latest = item;
      if (afterMs === 0 || (goesOn && told)) return tell(item);
      if (goesOn) return;
      stop();
      told = false;
      timer = setTimeout(() => tell(latest ?? item), Math.min(afterMs, LONGEST_MS));
    },
    stop,
  };
}
