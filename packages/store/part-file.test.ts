import assert from 'node:assert/strict';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PartFile } from './part-file.ts';
import { inTemporaryFolder } from './test-support.ts';

describe('the file of an upload', () => {
  it('takes nothing after a write that failed: what is durable stays what was sent', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'part');
      const part = await PartFile.open(path, 0);
      await part.append(Buffer.from('first---'));
      await part.finish();
      const restore = await failNextWrite(folder);
      await part.append(Buffer.from('lost----')).catch(() => {});
      await assert.rejects(part.finish(), { code: 'EIO' });
      restore();
      await assert.rejects(part.append(Buffer.from('later---')), { code: 'EIO' });
      await assert.rejects(part.append(Buffer.from('later---')), { code: 'EIO' });
      assert.equal(await part.sync(), 8);
      await part.close();
      assert.equal(await readFile(path, 'utf8'), 'first---');
    }));
});

/** A disk that fails once: every file handle of the process fails at its next write. */
async function failNextWrite(folder: string): Promise<() => void> {
  const any = await open(join(folder, 'any'), 'w');
  const handles = Object.getPrototypeOf(any) as { writev: unknown };
  await any.close();
  const { writev } = handles;
  handles.writev = async () => {
    handles.writev = writev;
    throw Object.assign(new Error('input/output error'), { code: 'EIO' });
  };
  return () => {
    handles.writev = writev;
  };
}
