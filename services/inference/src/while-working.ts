/**
 * Runs `work` and yields what it reports as soon as it does; returns the work's result. A reader
 * that is slow holds back nothing but itself.
 *
 * @example
 * const steps = whileWorking(async (report) => { report('half'); return 42; });
 * for (let s = await steps.next(); !s.done; s = await steps.next()) show(s.value);
 */
export async function* whileWorking<Report, Result>(
  work: (report: (item: Report) => void) => Promise<Result>,
): AsyncGenerator<Report, Result, undefined> {
  const waiting: Report[] = [];
  let wake = () => {};
  let settled = false;
  const working = work((item) => {
    waiting.push(item);
    wake();
  });
  const settle = () => {
    settled = true;
    wake();
  };
  working.then(settle, settle);
  for (;;) {
    const item = waiting.shift();
    if (item !== undefined) yield item;
    else if (settled) return await working;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}
