import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { openStore } from '#store';
import { STORE_PATIENCE_MS } from './limits.ts';
import { onceLeft } from './once-left.ts';

describe('a store that is about to be left', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sextant-left-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('is opened once its holder has let it go', async () => {
    const before = await openStore({ directory });
    setTimeout(() => void before.close(), 500);
    await (await onceLeft(() => openStore({ directory }))).close();
  });

  it('is refused in the end when its holder stays', async () => {
    const holder = await openStore({ directory });
    const began = performance.now();
    await assert.rejects(
      onceLeft(() => openStore({ directory })),
      { reason: 'STORE_BUSY' },
    );
    assert.ok(performance.now() - began >= STORE_PATIENCE_MS * 0.9);
    await holder.close();
  });

  it('is not waited for when something else is wrong', async () => {
    let tries = 0;
    const broken = async () => {
      tries += 1;
      throw new SextantError('STORE_CORRUPT', { subject: 's', got: 'g', expected: 'e' });
    };
    await assert.rejects(onceLeft(broken), { reason: 'STORE_CORRUPT' });
    assert.equal(tries, 1);
  });
});
