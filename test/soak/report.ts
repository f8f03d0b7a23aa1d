import type { Growth } from './processes.ts';
import type { Tally } from './tally.ts';

/** One promise, what was seen of it, and whether it holds. */
export interface Line {
  readonly what: string;
  readonly value: string;
  readonly ok: boolean;
}

/** Memory may differ by this much and still be flat: heaps breathe. */
const FLAT = { factor: 1.25, restMiB: 64 };
/** And open files by this many: connections come and go. */
const FLAT_DESCRIPTORS = 12;
/** A kill with a restart and all models loaded again, on a busy machine. */
const OUTAGE_MS = 30_000;
const FAILURES_SHOWN = 5;

export function tallyLines(tally: Tally, kept: number): Line[] {
  const { clicks, uploads, resumed, retries, cancelled, kills, failures } = tally;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  const [p50, p99] = [0.5, 0.99].map((part) => seconds(tally.percentileMs(part)));
  const lost = failures.length;
  const shown = failures.slice(0, FAILURES_SHOWN).map((failure) => `\n    ${failure}`);
  return [
    { what: 'clicks, every mask as alone', value: String(clicks), ok: clicks > 0 },
    { what: 'failures', value: `${lost}${shown.join('')}`, ok: lost === 0 },
    { what: 'uploads', value: `${uploads}, ${resumed} streams resumed`, ok: uploads > 0 },
    {
      what: 'sessions and receipts kept',
      value: `${kept}, all known after the kills`,
      ok: kept > 0,
    },
    { what: 'retries', value: String(retries), ok: true },
    { what: 'clicks given up', value: String(cancelled), ok: true },
    {
      what: 'kills',
      value: `${kills}, ${tally.unanswered} never answered`,
      ok: tally.unanswered === 0,
    },
    { what: 'a click takes', value: `p50 ${p50}, p99 ${p99}`, ok: true },
    {
      what: 'longest from a kill to a click answered',
      value: seconds(tally.longestOutageMs),
      ok: tally.longestOutageMs < OUTAGE_MS,
    },
  ];
}

export function growthLines({
  lived,
  reborn,
}: {
  lived: readonly Growth[];
  reborn: readonly (Growth | undefined)[];
}): Line[] {
  return [...lived, ...reborn].filter((growth) => growth !== undefined).map(growthLine);
}

function growthLine({ what, first, last }: Growth): Line {
  const value = `${Math.round(first.rssMiB)} -> ${Math.round(last.rssMiB)} MiB, ${first.descriptors} -> ${last.descriptors} open files`;
  const isFlat =
    last.rssMiB <= first.rssMiB * FLAT.factor + FLAT.restMiB &&
    last.descriptors <= first.descriptors + FLAT_DESCRIPTORS;
  return { what: `flat: ${what}`, value, ok: isFlat };
}

/** The table, one promise a row. */
export function table(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ what }) => what.length));
  return lines
    .map(({ what, value, ok }) => `${ok ? 'ok    ' : 'FAILED'}  ${what.padEnd(width)}  ${value}`)
    .join('\n');
}
