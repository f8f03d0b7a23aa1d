import { Stage, type StageTime } from '#proto/sextant/v1/annotation';

/** `infer` for STAGE_INFER, `unknown` for a number that this version does not know. */
export function stageName(stage: Stage): string {
  return NAMES.get(stage) ?? 'unknown';
}

/** Stage times as a log line has them: milliseconds by name, to a tenth. */
export function stageMs(times: readonly StageTime[]): Record<string, number> {
  return Object.fromEntries(
    times.map(({ stage, milliseconds }) => [stageName(stage), Math.round(milliseconds * 10) / 10]),
  );
}

const NAMES = new Map<number, string>(
  Object.entries(Stage).map(([name, stage]) => [stage, name.replace('STAGE_', '').toLowerCase()]),
);
