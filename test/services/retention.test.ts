import assert from 'node:assert/strict';
import { niftiFile } from '../../cli/testing/nifti-file.ts';
import { startServices } from './running.ts';

describe('retention', () => {
  it('of a session is as long as --session-hours says', async () => {
    const services = await startServices({ sessionHours: 2 });
    try {
      const sessionId = await services.open(niftiFile());
      const { session } = await services.sessions.getSession({ sessionId });
      const leftMs = Number(session?.expireTime) - Date.now();
      assert.ok(leftMs > 7_100_000 && leftMs <= 7_200_000, `${leftMs} ms left`);
    } finally {
      await services.stop();
    }
  });
});
