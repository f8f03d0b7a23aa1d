import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/**
 * Asks numpy, the reference from outside: `program` finds the bytes as `data` and prints JSON. Without
 * numpy the test is skipped and says so, or fails where CI=true.
 */
export function askNumpy(test: Mocha.Context, program: string, data: Uint8Array): unknown {
  const preamble = 'import sys, json, numpy as np\ndata = sys.stdin.buffer.read()\n';
  const python = spawnSync('/usr/bin/python3', ['-c', preamble + program], {
    input: data,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (python.status !== 0) {
    const why = `numpy cannot be asked: ${python.error?.message ?? python.stderr.trim()}`;
    if (process.env.CI === 'true') assert.fail(why);
    console.log(`      SKIPPED: ${why} (apt-get install python3-numpy)`);
    test.skip();
  }
  return JSON.parse(python.stdout);
}
