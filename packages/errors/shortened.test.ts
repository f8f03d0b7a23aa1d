import assert from 'node:assert/strict';
import { shortened } from '#errors';

describe('shortened', () => {
  it('leaves short text as it is', () => {
    assert.equal(shortened('annotation_any'), 'annotation_any');
    assert.equal(shortened('Milz, 脾臓, 🫀'), 'Milz, 脾臓, 🫀');
    assert.equal(shortened('x'.repeat(80)), 'x'.repeat(80));
  });

  it('cuts after 80 characters, never within one', () => {
    assert.equal(shortened('x'.repeat(81)), `${'x'.repeat(80)}…`);
    assert.equal(shortened('🫀'.repeat(81)), `${'🫀'.repeat(80)}…`);
    assert.equal(shortened(`x${'🫀'.repeat(400)}`), `x${'🫀'.repeat(79)}…`);
  });

  it('writes out what would move a cursor, end a line or turn the text round', () => {
    assert.equal(shortened('a\x1b[2J\nb\u202ec\ud800'), 'a\\u{1b}[2J\\u{a}b\\u{202e}c\\u{d800}');
  });

  it('takes no longer for 4 MB', () => {
    const text = '\0'.repeat(4_000_000);
    const started = performance.now();
    assert.ok(shortened(text).length < 500);
    assert.ok(performance.now() - started < 50);
  });
});
