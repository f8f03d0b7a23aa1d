import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from './configuration-page.ts';

describe('docs/CONFIGURATION.md', () => {
  it('says what the settings table says (npm run docs writes it anew)', () => {
    const page = readFileSync(join(import.meta.dirname, '../docs/CONFIGURATION.md'), 'utf8');
    assert.equal(page, configurationPage());
  });
});
