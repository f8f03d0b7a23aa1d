import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkOutput, writeOutputs } from './output-files.ts';
import { temporaryFolder } from './testing/run-sextant.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('output files', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());
  const at = (name: string) => join(folder.path, name);

  it('are written whole, over what was there', async () => {
    writeFileSync(at('mask.nii'), 'old');
    await writeOutputs([
      { path: at('mask.nii'), bytes: bytes('new') },
      { path: at('mask.png'), bytes: bytes('picture') },
    ]);
    assert.equal(readFileSync(at('mask.nii'), 'utf8'), 'new');
    assert.deepEqual(readdirSync(folder.path).sort(), ['mask.nii', 'mask.png']);
  });

  it('are all left out when one cannot be written', async () => {
    const files = [
      { path: at('mask.nii'), bytes: bytes('new') },
      { path: at('nowhere/mask.png'), bytes: bytes('picture') },
    ];
    await assert.rejects(writeOutputs(files), { reason: 'FILE_UNWRITABLE' });
    assert.deepEqual(readdirSync(folder.path), []);
  });

  it('are all left out when one cannot be renamed', async () => {
    mkdirSync(at('mask.png'));
    const files = [
      { path: at('mask.nii'), bytes: bytes('new') },
      { path: at('mask.png'), bytes: bytes('picture') },
    ];
    await assert.rejects(writeOutputs(files), { reason: 'FILE_UNWRITABLE' });
    assert.deepEqual(readdirSync(folder.path), ['mask.png']);
  });

  it('leave what was there when a later one cannot be renamed', async () => {
    writeFileSync(at('mask.nii'), 'of yesterday');
    mkdirSync(at('mask.png'));
    const files = [
      { path: at('mask.nii'), bytes: bytes('new') },
      { path: at('mask.png'), bytes: bytes('picture') },
      { path: at('report.json'), bytes: bytes('{}') },
    ];
    await assert.rejects(writeOutputs(files), {
      reason: 'FILE_UNWRITABLE',
      subject: at('mask.png'),
    });
    assert.equal(readFileSync(at('mask.nii'), 'utf8'), 'of yesterday');
    assert.deepEqual(readdirSync(folder.path).sort(), ['mask.nii', 'mask.png']);
  });

  it('replace a link, not what it leads to', async () => {
    writeFileSync(at('elsewhere.nii'), 'old');
    symlinkSync(at('elsewhere.nii'), at('mask.nii'));
    await writeOutputs([{ path: at('mask.nii'), bytes: bytes('new') }]);
    assert.equal(readFileSync(at('mask.nii'), 'utf8'), 'new');
    assert.equal(readFileSync(at('elsewhere.nii'), 'utf8'), 'old');
  });

  it('are refused before the work when they are the image, also by another name', async () => {
    writeFileSync(at('head.nii'), 'image');
    symlinkSync(at('head.nii'), at('link.nii'));
    const place = { flag: '--output', endings: ['.nii'], input: at('head.nii') };
    await assert.rejects(checkOutput(at('link.nii'), place), { reason: 'FILE_UNWRITABLE' });
    await checkOutput(at('mask.nii'), place);
  });
});
