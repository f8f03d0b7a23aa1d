import { performance } from 'node:perf_hooks';

export interface Contestant {
  readonly name: string;
  /** One run; a number that it gives is its own measurement in ms, else the call is timed. */
  readonly run: () => Promise<number | undefined> | number | undefined;
}

export interface PairedResult {
  readonly oursMs: number;
  readonly rivalMs: number;
  /** The median over the pairs of rival / ours: above 1, ours is faster. */
  readonly ratio: number;
}

/** Between two runs, so that the threads of the one have stopped spinning before the other begins. */
const PAUSE_MS = 30;

/**
 * Runs both in turn, the first of a pair alternating, after one run each to warm up. The ratio is the
 * median of the pairs' ratios, so that a machine that slows down for a while hits both.
 */
export async function comparePairs(
  ours: Contestant,
  rival: Contestant,
  { pairs = 11 }: { pairs?: number } = {},
): Promise<PairedResult> {
  const taken: { ours: number; rival: number }[] = [];
  await timed(ours);
  await timed(rival);
  for (let n = 0; n < pairs; n++) {
    const oursFirst = n % 2 === 0;
    const first = await timed(oursFirst ? ours : rival);
    const second = await timed(oursFirst ? rival : ours);
    taken.push(oursFirst ? { ours: first, rival: second } : { ours: second, rival: first });
  }
  return {
    oursMs: median(taken.map((pair) => pair.ours)),
    rivalMs: median(taken.map((pair) => pair.rival)),
    ratio: median(taken.map((pair) => pair.rival / pair.ours)),
  };
}

/** One line of a bench's table. */
export function pairedLine(what: string, rival: string, { oursMs, rivalMs, ratio }: PairedResult) {
  const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`.padStart(9);
  return `${what.padEnd(44)} ours ${ms(oursMs)}   ${rival} ${ms(rivalMs)}   x${ratio.toFixed(2)}`;
}

async function timed({ run }: Contestant): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const begin = performance.now();
  const own = await run();
  return own ?? performance.now() - begin;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0];
  return (low + high) / 2;
}
