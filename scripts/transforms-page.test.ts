import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformsPage } from './transforms-page.ts';

describe('docs/transforms.md', () => {
  it('says what the declarations say (npm run docs writes it anew)', () => {
    const page = readFileSync(join(import.meta.dirname, '../docs/transforms.md'), 'utf8');
    assert.equal(page, transformsPage());
  });
});
