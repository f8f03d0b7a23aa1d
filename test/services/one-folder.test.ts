import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_CODES } from '#host';
import { SAMPLE, startServices } from './running.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('two gateways on one folder', function () {
  this.timeout(60_000);

  it('are one: the second says who holds the folder and ends, the first goes on', async () => {
    const services = await startServices();
    try {
      const ports = ['--grpc-port', '0', '--http-port', '0'];
      const { status, stderr } = spawnSync(
        process.execPath,
        [join(ROOT, 'dist/gateway/main.js'), ...ports, '--data', services.data],
        { cwd: ROOT, encoding: 'utf8', timeout: 30_000 },
      );
      assert.equal(status, EXIT_CODES.unavailable, stderr);
      assert.match(stderr, /STORE_BUSY/);
      assert.ok(stderr.includes(`process ${process.pid}`), stderr);
      assert.match(stderr, /--data/);
      const holder = readFileSync(join(services.data, 'store.lock'), 'utf8').trim();
      assert.equal(holder, String(process.pid), 'the lock still names the first');
      await services.open(SAMPLE);
    } finally {
      await services.stop();
    }
  });
});
