import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Half a minute of `npm run soak`: another seed each time, which is printed when it fails. */
const SMALL = [
  ...['--minutes', '0.35', '--clients', '6', '--kill-every', '4'],
  ...['--store-kills', '2', '--supervisor-kills', '1'],
];

describe('a small soak', function () {
  this.timeout(180_000);

  it('loses nothing and gives every mask as alone while processes are killed', async () => {
    assert.ok(existsSync(join(ROOT, 'dist/gateway/main.js')), 'run `npm run build`');
    const words = ['--import=tsx', 'test/soak/run.ts', ...SMALL];
    const { status, output } = await new Promise<{ status: unknown; output: string }>((resolve) => {
      execFile(process.execPath, words, { cwd: ROOT }, (error, stdout, stderr) => {
        resolve({
          status: error?.code ?? (error === null ? 0 : error.signal),
          output: stdout + stderr,
        });
      });
    });
    assert.equal(status, 0, output);
    assert.doesNotMatch(output, /FAILED/);
  });
});
