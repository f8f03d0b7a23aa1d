import assert from 'node:assert/strict';
import { fieldNames } from './field-names.ts';
import { findTransform } from './registry.ts';

describe('the names of fields', () => {
  it('are those of the guide, and any word', () => {
    for (const name of ['image', 'model0', 'label_shape', 'T2 (axial)', 'Läsion', 'a.b']) {
      assert.ok(fieldNames.safeParse(name).success, name);
    }
  });

  it('stand in a list once each, as the axes of a flip do', () => {
    const twice: readonly (readonly [transform: string, args: object, expected: string])[] = [
      ['ScaleIntensityOscillation', { field: ['image', 'image'], magnitude: 1 }, 'each field once'],
      ['FlipAxisRandom', { fields: 'image', axis: [0, 0, 0] }, 'each axis once'],
      ['SplitAcrossChannels', { applied_key: 'image', channel_names: ['a', 'a'] }, 'a name of its'],
    ];
    for (const [transform, args, expected] of twice) {
      const bound = findTransform(transform)?.bind(args, []);
      assert.ok(bound !== undefined && 'problems' in bound, transform);
      assert.match(bound.problems[0]?.expected ?? '', new RegExp(`^${expected}`));
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
