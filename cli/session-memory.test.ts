import assert from 'node:assert/strict';
import { identityAffine } from '#geometry';
import { type KnownSession, openSessionMemory, sessionNamed } from './session-memory.ts';
import { temporaryFolder } from './testing/run-sextant.ts';

function session(sessionId: string, more: Partial<KnownSession> = {}): KnownSession {
  return {
    ...{ sessionId, server: 'a:1', image: 'head.nii.gz', volumeId: '0'.repeat(64) },
    grid: { shape: [2, 3, 4], affine: identityAffine },
    ...{ createdMs: 1000, expiresMs: 2000 },
    ...more,
  };
}

const ONE = session(`${'ab'.repeat(4)}${'1'.repeat(24)}`);
const TWIN = session(`${'ab'.repeat(4)}${'2'.repeat(24)}`, { server: 'b:1', createdMs: 500 });
const OTHER = session('c'.repeat(32), { frame: 3 });

describe('the sessions that are remembered', () => {
  it('come back the oldest first, whole, until they are forgotten', async () => {
    const folder = temporaryFolder();
    const open = () => openSessionMemory({ home: folder.path, warn: assert.fail });
    const memory = await open();
    for (const known of [ONE, TWIN, OTHER]) await memory.keep(known);
    assert.deepEqual(await (await open()).list(), [TWIN, ONE, OTHER]);
    await memory.forget(ONE.sessionId);
    assert.deepEqual(await (await open()).list(), [TWIN, OTHER]);
    folder.remove();
  });

  it('are named by a whole id or by digits that fit one', () => {
    const known = [ONE, TWIN, OTHER];
    const about = { subject: '--session', known };
    assert.equal(sessionNamed(ONE.sessionId, about), ONE);
    assert.equal(sessionNamed('CCCCCCCC', about), OTHER);
    assert.equal(sessionNamed('abababab', { ...about, server: 'b:1' }), TWIN);
    assert.equal(sessionNamed('last', about), OTHER);
    assert.equal(sessionNamed('last', { ...about, server: 'b:1' }), TWIN);
    assert.deepEqual(sessionNamed('d'.repeat(32), { ...about, server: 'z:9' }), {
      sessionId: 'd'.repeat(32),
      server: 'z:9',
    });
  });

  it('have no last one where there is none', () => {
    const about = { subject: '--session', known: [ONE], server: 'z:9' };
    assert.throws(() => sessionNamed('last', about), { reason: 'SESSION_UNKNOWN', got: 'last' });
  });

  for (const [given, expected] of [
    ['abababab', { reason: 'CONFIG_INVALID', got: /2 sessions begin with/, remedy: /--server/ }],
    ['ababab', { reason: 'CONFIG_INVALID', expected: /its first 8 or more, or last/ }],
    ['no digits', { reason: 'CONFIG_INVALID', got: '"no digits"' }],
    ['../../etc/passwd', { reason: 'CONFIG_INVALID' }],
    ['e'.repeat(33), { reason: 'CONFIG_INVALID' }],
    ['cccccccd', { reason: 'SESSION_UNKNOWN', remedy: 'did you mean cccccccc?' }],
    ['e'.repeat(32), { reason: 'SESSION_UNKNOWN', expected: /--server/ }],
  ] as const) {
    it(`refuse ${given}`, () => {
      const about = { subject: '--session', known: [ONE, TWIN, OTHER] };
      assert.throws(() => sessionNamed(given, about), { subject: '--session', ...expected });
    });
  }
});
