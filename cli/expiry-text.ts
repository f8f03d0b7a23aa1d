const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** When something ends and how far that is: `2026-11-26 02:09 UTC (in 24 h)`. */
export function expiryText(expiresMs: number, nowMs: number = Date.now()): string {
  const at = new Date(expiresMs).toISOString().slice(0, 16).replace('T', ' ');
  return `${at} UTC (${fromNow(expiresMs - nowMs)})`;
}

function fromNow(ms: number): string {
  if (ms <= 0) return 'over';
  if (ms < HOUR_MS) return `in ${Math.ceil(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `in ${Math.round(ms / HOUR_MS)} h`;
  return `in ${Math.round(ms / DAY_MS)} days`;
}
