import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { inTemporaryFolder } from './test-support.ts';

const PROGRAM = join(import.meta.dirname, 'testing/on-a-full-disk.ts');

/** Runs a program with a folder that has 24 MiB of its own, in namespaces that end with it. */
function onSmallDisk(folder: string, command: readonly string[]) {
  const mounted = 'mount -t tmpfs -o size=24m tmpfs "$0" && exec "$@"';
  return spawnSync('unshare', ['-Urm', 'sh', '-c', mounted, folder, ...command], {
    cwd: join(import.meta.dirname, '../..'),
    encoding: 'utf8',
  });
}

describe('a store on a full disk', () => {
  it('says so, keeps what it has, and goes on once there is room', function () {
    return inTemporaryFolder(async (folder) => {
      const trial = onSmallDisk(folder, ['true']);
      if (trial.status !== 0) {
        console.log(`SKIPPED: no small file system here: ${trial.stderr || trial.error}`);
        this.skip();
      }
      const command = [process.execPath, '--import=tsx', PROGRAM, folder];
      const { status, stdout, stderr } = onSmallDisk(folder, command);
      assert.equal(status, 0, stderr);
      const seen = JSON.parse(stdout);
      assert.equal(seen.truncated, 'VOLUME_TRUNCATED');
      assert.deepEqual(seen.full, {
        hasNoRoom: true,
        upload: 'STORE_FULL',
        announcing: 'STORE_FULL',
        sessions: 'STORE_FULL',
        offsetBytes: 2 * 2 ** 20,
        receiptOpens: true,
        session: 'OK',
      });
      assert.equal(seen.roomAgain, true);
      assert.equal(seen.resumed, true, 'the upload went on and has its digest');
      assert.equal(seen.session, 'OK');
      assert.deepEqual(seen.again, { receiptOpens: true, storedBytes: 9 * 2 ** 20 });
      assert.equal(seen.swept.refusal, 'STORE_FULL');
      assert.equal(seen.swept.sweep, 'OK', 'what is stale goes from a full disk too');
      assert.equal(seen.swept.storedBytes, 0);
    });
  }).timeout(60_000);
});
