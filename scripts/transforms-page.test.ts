import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformsPage } from './transforms-page.ts';

describe('docs/TRANSFORMS.md', () => {
  it('says what the declarations say (npm run docs writes it anew)', () => {
    const page = readFileSync(join(import.meta.dirname, '../docs/TRANSFORMS.md'), 'utf8');
    assert.equal(page, transformsPage());
  });
});
