import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPoints } from './read-points.ts';
import { temporaryFolder } from './testing/run-sextant.ts';

describe('points on the command line', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder.path, 'points.json');
  });
  afterEach(() => folder.remove());

  it('are numbers with commas within and blanks between', async () => {
    const { points, space } = await readPoints(' 1,2,3  -4.5,+6e1,.5\n7,8,9\t', 'ras');
    assert.deepEqual(points, [
      [1, 2, 3],
      [-4.5, 60, 0.5],
      [7, 8, 9],
    ]);
    assert.equal(space, 'ras');
  });

  it('come from a JSON list, with the space of the flag', async () => {
    writeFileSync(file, '[[1, 2, 3], [4, 5, 6.25]]');
    assert.deepEqual(await readPoints(file, 'lps'), {
      points: [
        [1, 2, 3],
        [4, 5, 6.25],
      ],
      space: 'lps',
    });
  });

  it('come from a JSON object with its own space', async () => {
    writeFileSync(file, '{"space": "RAS", "points": [[1, 2, 3]]}');
    assert.deepEqual(await readPoints(file, undefined), { points: [[1, 2, 3]], space: 'ras' });
    assert.deepEqual(await readPoints(file, 'ras'), { points: [[1, 2, 3]], space: 'ras' });
    await assert.rejects(readPoints(file, 'index'), { reason: 'ARGUMENT_INVALID' });
  });

  it('need a space', async () => {
    writeFileSync(file, '[[1, 2, 3]]');
    await assert.rejects(readPoints(file, undefined), { reason: 'SPACE_UNSPECIFIED' });
    await assert.rejects(readPoints('1,2,3', undefined), { reason: 'SPACE_UNSPECIFIED' });
  });

  const unreadable = ['', '1,2', '1,2,3,4', '1,2,', 'a,b,c', '1;2;3', '0x10,1,1', '1,,2', '1 2 3'];
  for (const text of unreadable) {
    it(`are not "${text}"`, async () => {
      await assert.rejects(readPoints(text, 'ras'), { reason: 'POINTS_UNREADABLE' });
    });
  }

  const files = [
    '{',
    '{}',
    'null',
    '"1,2,3"',
    '[1, 2, 3]',
    '[[1, 2]]',
    '[[1, 2, null]]',
    '[[1, 2, NaN]]',
    '[["1", "2", "3"]]',
    '{"points": 3}',
    '{"points": [[1, 2, 3]], "space": "MNI"}',
    '{"points": [[1, 2, 3]], "comment": "none"}',
  ];
  for (const json of files) {
    it(`are not in a file of ${json}`, async () => {
      writeFileSync(file, json);
      await assert.rejects(readPoints(file, 'ras'), { reason: 'POINTS_UNREADABLE' });
    });
  }

  it('are told their form by every refusal of a file, with the key that was meant', async () => {
    writeFileSync(file, '{"point": [[1, 2, 3]]}');
    await assert.rejects(
      readPoints(file, 'ras'),
      /\{"points": \[\[x, y, z\], .* an unknown key, "point"; did you mean "points"\?/,
    );
    await assert.rejects(readPoints('six', 'ras'), /a JSON file of \{"points": \[\[x, y, z\]/);
  });

  for (const path of ['/nowhere/points.json', 'nowhere/points', 'points.txt']) {
    it(`are not in ${path}, which is not there`, async () => {
      const reason = 'FILE_UNREADABLE';
      await assert.rejects(readPoints(path, 'ras'), { reason, got: 'no such file' });
    });
  }
});
