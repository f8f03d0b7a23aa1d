import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Images and models of the specification, beside the repository. */
export const SHARED = fileURLToPath(new URL('../../shared/', import.meta.url));

/** Colin 27 and its AAL labels, of Debian's mricron-data. */
export const MRICRON = '/usr/share/mricron/templates/';

/** Skips a suite or test by name when `path` is not there; with CI=true that fails instead. */
export function needs(context: Mocha.Context, path: string, remedy: string): void {
  if (existsSync(path)) return;
  const why = `${path} is not there (${remedy})`;
  if (process.env.CI === 'true') assert.fail(why);
  console.log(`      SKIPPED: ${why}`);
  context.skip();
}
