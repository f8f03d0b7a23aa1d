import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../check-written.py', import.meta.url));

export interface NibabelAnswer {
  shape: number[];
  dtype: string;
  affine: number[];
  qform: number[] | null;
  codes: [number, number];
  zooms: number[];
  units: string;
  slope: [number, number];
  description: string;
  md5: string;
}

/** What nibabel reads in files; skips the test, in CI fails it, where nibabel is not there. */
export function askNibabel(test: Mocha.Context, paths: readonly string[]): NibabelAnswer[] {
  const python = spawnSync('/usr/bin/python3', [SCRIPT, ...paths], { encoding: 'utf8' });
  if (python.status !== 0) {
    const why = `nibabel cannot be asked: ${python.error?.message ?? python.stderr.trim()}`;
    if (process.env.CI === 'true') assert.fail(why);
    console.log(`      SKIPPED: ${why} (apt-get install python3-nibabel)`);
    test.skip();
  }
  return JSON.parse(python.stdout) as NibabelAnswer[];
}
