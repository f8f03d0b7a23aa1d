import assert from 'node:assert/strict';
import { openChannel, waitUntilConnected } from './client.ts';

describe('a channel to nobody', () => {
  it('is told by the address that was given', async () => {
    for (const address of ['127.0.0.1:1', 'unix:/nowhere/at.sock']) {
      const channel = openChannel(address);
      await assert.rejects(waitUntilConnected(channel, 200), {
        reason: 'SERVICE_UNAVAILABLE',
        subject: address,
        got: 'no answer within 200 ms',
      });
      channel.close();
    }
  });
});
