import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsPage } from './metrics-page.ts';

describe('docs/OBSERVING.md', () => {
  it('says what the table of metrics says (npm run docs writes it anew)', () => {
    const page = readFileSync(join(import.meta.dirname, '../docs/OBSERVING.md'), 'utf8');
    assert.equal(page, metricsPage(page));
    assert.match(page, /^\| `rpc_server_call_duration_seconds` \| histogram, s \|/m);
  });
});
