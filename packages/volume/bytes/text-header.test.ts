import assert from 'node:assert/strict';
import { LARGEST_TEXT_HEADER_BYTES } from './limits.ts';
import { openSource } from './source.ts';
import { readTextHeader } from './text-header.ts';

async function headerOf(text: string) {
  const reader = await openSource({ bytes: Buffer.from(text, 'latin1') });
  return await readTextHeader(reader, (line) => line === 'end');
}

describe('a text header', () => {
  it('ends with its last line, and gives what follows back', async () => {
    const header = await headerOf('a\r\nb\nend\nvoxels');
    assert.deepEqual(header?.lines, ['a', 'b', 'end']);
    assert.equal(header?.bytes, 9);
    assert.equal(Buffer.from(header?.rest ?? []).toString(), 'voxels');
  });

  it('may end with the file', async () => {
    assert.deepEqual((await headerOf('a\nb'))?.lines, ['a', 'b']);
  });

  it('is not followed beyond its limit', async () => {
    const line = `${'x'.repeat(99)}\n`;
    const lines = (bytes: number) => line.repeat(Math.floor(bytes / line.length));
    assert.equal(
      (await headerOf(`${lines(LARGEST_TEXT_HEADER_BYTES - 8192)}end\n`))?.lines.at(-1),
      'end',
    );
    assert.equal(await headerOf(`${lines(2 * LARGEST_TEXT_HEADER_BYTES)}end\n`), undefined);
  });
});
