import type { Warning } from '#volume';
import type { RunContext } from './declaration.ts';

/** Hands on the warnings of a field, with its name in front. */
export function tell(
  name: string,
  warnings: readonly Warning[],
  { onWarning }: Pick<RunContext, 'onWarning'>,
): void {
  for (const { reason, message } of warnings) {
    onWarning?.({ reason, message: `"${name}": ${message}` });
  }
}
