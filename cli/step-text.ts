import { timeLeft } from './transfer-progress.ts';

/** What the stages of a click are called on the progress line. */
const STEPS: Readonly<Record<string, string>> = {
  queue: 'waiting for the model',
  decode: 'reading the image',
  resample: 'resampling the box',
  transform: "preparing the network's input",
  infer: 'running the network',
  restore: 'bringing the mask back onto the image',
  encode: 'writing the mask',
};

/**
 * A stage that begins, in words; in the queue with the calls before this one and what they take.
 *
 * @example
 * stepText({ stage: 'queue', callsAhead: 3, expectedWaitMs: 1800 });
 * // 'waiting for the model: 3 before this one, about 2 s'
 */
export function stepText({
  stage,
  callsAhead = 0,
  expectedWaitMs = 0,
}: {
  stage: string;
  callsAhead?: number;
  expectedWaitMs?: number;
}): string {
  const step = STEPS[stage] ?? stage;
  if (stage !== 'queue' || callsAhead === 0) return step;
  const wait = expectedWaitMs > 0 ? `, about ${timeLeft(expectedWaitMs / 1000)}` : '';
  return `${step}: ${callsAhead} before this one${wait}`;
}
