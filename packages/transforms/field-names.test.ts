import assert from 'node:assert/strict';
import { fieldNames } from './field-names.ts';
import { findTransform } from './registry.ts';

describe('the names of fields', () => {
  it('are those of the guide, and any word', () => {
    for (const name of ['image', 'model0', 'label_shape', 'T2 (axial)', 'Läsion', 'a.b']) {
      assert.ok(fieldNames.safeParse(name).success, name);
    }
  });

  it('never lead a file elsewhere, whichever argument names the field', () => {
    const wrong = [
      '/../../evil',
      'a/b',
      'a\\b',
      '..',
      '.hidden',
      'a\0b',
      'a\nb',
      'x'.repeat(65),
      '',
    ];
    for (const name of wrong) {
      const uses: readonly (readonly [transform: string, args: object, at: string])[] = [
        ['VolumeTo4dArray', { fields: name }, 'fields'],
        ['VolumeTo4dArray', { fields: ['image', name] }, 'fields.1'],
        ['SplitAcrossChannels', { applied_key: 'image', channel_names: [name] }, 'channel_names.0'],
        ['FetchExtremePoints', { label_field: 'label', points: name }, 'points'],
      ];
      for (const [transform, args, at] of uses) {
        const bound = findTransform(transform)?.bind(args, []);
        assert.ok(bound !== undefined && 'problems' in bound, `${transform} took ${name}`);
        const [{ path, got, expected } = { path: [], got: '', expected: '' }] = bound.problems;
        assert.equal(path.join('.'), at);
        assert.match(got, name.length > 60 ? /^"x+\.\.\.$/ : /^"/);
        assert.match(expected, /a field name: 1 to 64 characters/);
      }
    }
  });
});
