import assert from 'node:assert/strict';
import { SextantError } from '#errors';
import { SAMPLE, type Services, startServices, uploadMessages } from './running.ts';

const UPLOADS = 4;
const SESSIONS = 3;

/** The results of calls made at once, and the errors of those that were refused. */
async function together<T>(count: number, call: () => Promise<T>) {
  const settled = await Promise.allSettled(Array.from({ length: count }, call));
  const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  const done = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return { done, refused };
}

function assertRefused(errors: unknown[], flag: string): void {
  for (const error of errors) {
    assert.ok(error instanceof SextantError, String(error));
    assert.equal(error.reason, 'LIMIT_EXCEEDED');
    assert.ok(error.message.includes(flag), error.message);
    assert.match(error.message, /wait until one expires/, 'how to get out');
  }
}

describe('what one address may have', function () {
  this.timeout(60_000);
  let services: Services;
  before(async () => {
    services = await startServices({ uploadsPerPeer: UPLOADS, sessionsPerPeer: SESSIONS });
  });
  after(() => services?.stop());

  it('of unfinished uploads, also when they are announced at once', async () => {
    const announce = () => services.volumes.createUpload({ sizeBytes: SAMPLE.length });
    const { done, refused } = await together(20, announce);
    assert.equal(done.length, UPLOADS);
    assertRefused(refused, '--uploads-per-peer');
    const [first] = done;
    await services.volumes.uploadVolume(uploadMessages(first?.uploadId ?? '', SAMPLE));
    const { done: again } = await together(5, announce);
    assert.equal(again.length, 1, 'one has ended, one is taken');
    for (const { uploadId } of [...done.slice(1), ...again]) {
      await services.volumes.uploadVolume(uploadMessages(uploadId, SAMPLE));
    }
  });

  it('of open sessions, also when they are opened at once', async () => {
    const { receipt } = await services.upload(SAMPLE);
    const open = () => services.sessions.createSession({ receipt });
    const { done, refused } = await together(20, open);
    assert.equal(done.length, SESSIONS);
    assertRefused(refused, '--sessions-per-peer');
    const sessionId = done[0]?.session?.sessionId ?? '';
    await services.sessions.deleteSession({ sessionId });
    assert.equal((await together(5, open)).done.length, 1, 'one has ended, one is taken');
  });

  it('is counted by an address that no line of the log tells', () => {
    const calls = services.lines.filter(({ method }) =>
      /CreateSession|CreateUpload/.test(`${method}`),
    );
    assert.ok(calls.length > 40, 'the calls are in the log');
    assert.ok(!JSON.stringify(calls).includes('127.0.0.1'));
  });

  it('leaves GetSession as it is: keep_expiry only looks', async () => {
    const own = await startServices({ sessionHours: 1 });
    try {
      const sessionId = await own.open(SAMPLE);
      const told = async (keepExpiry: boolean) =>
        Number((await own.sessions.getSession({ sessionId, keepExpiry })).session?.expireTime);
      const first = await told(true);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(await told(true), first);
      assert.ok((await told(false)) > first, 'a call that counts as use moves it');
    } finally {
      await own.stop();
    }
  });
});
