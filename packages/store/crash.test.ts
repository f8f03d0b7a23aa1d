import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openStore } from './store.ts';
import { chunked, inTemporaryFolder, patternBytes } from './test-support.ts';

const STORE = new URL('./index.ts', import.meta.url).href;
const SUPPORT = new URL('./test-support.ts', import.meta.url).href;
const SIZE = 24 << 20;

/** Uploads `SIZE` bytes without end in sight, and says how far it came at every chunk. */
const WRITER = `
  import { openStore } from '${STORE}';
  import { chunked, patternBytes } from '${SUPPORT}';
  const store = await openStore({ directory: process.argv[1] });
  const known = process.argv[2];
  const uploadId = known || (await store.createUpload({ sizeBytes: ${SIZE} })).uploadId;
  const { offsetBytes } = await store.uploadState(uploadId);
  console.log(uploadId + ' ' + offsetBytes);
  const bytes = patternBytes(${SIZE}).subarray(offsetBytes);
  async function* slowly() {
    for await (const chunk of chunked(bytes, 1 << 18)) {
      yield chunk;
      console.log('chunk');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  const { volumeId } = await store.writeUpload(uploadId, offsetBytes, slowly());
  console.log('volume ' + volumeId);
  await store.close();
`;

function startWriter(directory: string, uploadId: string): ChildProcess {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const flags = ['--import=tsx', '--input-type=module', '--eval', WRITER, directory, uploadId];
  return spawn(process.execPath, flags, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Lets a writer come `chunks` chunks far and kills it with no chance to tidy up. */
async function killAfter(directory: string, uploadId: string, chunks: number): Promise<string> {
  const writer = startWriter(directory, uploadId);
  assert.ok(writer.stdout);
  const lines = createInterface(writer.stdout)[Symbol.asyncIterator]();
  const first = await lines.next();
  for (let i = 0; i < chunks; i++) await lines.next();
  writer.kill('SIGKILL');
  await once(writer, 'exit');
  return String(first.value).split(' ')[0] ?? '';
}

describe('a store whose process is killed in mid-upload', () => {
  it('opens again, keeps the upload, and ends with the right bytes', () =>
    inTemporaryFolder(async (directory) => {
      let uploadId = '';
      for (const chunks of [0, 3, 17, 40]) {
        uploadId = await killAfter(directory, uploadId, chunks);
        assert.match(uploadId, /^[0-9a-f]{32}$/, 'the same upload is known after each kill');
      }
      const store = await openStore({ directory });
      const { offsetBytes } = await store.uploadState(uploadId);
      const bytes = patternBytes(SIZE);
      const rest = chunked(bytes.subarray(offsetBytes), 1 << 20);
      const { volumeId } = await store.writeUpload(uploadId, offsetBytes, rest);
      assert.equal(volumeId, createHash('sha256').update(bytes).digest('hex'));
      await store.close();
    })).timeout(120_000);

  it('keeps what was acknowledged before the kill', () =>
    inTemporaryFolder(async (directory) => {
      const before = await openStore({ directory });
      const bytes = patternBytes(SIZE);
      const { uploadId } = await before.createUpload({ sizeBytes: SIZE });
      const start = chunked(bytes.subarray(0, 1_000_000));
      await assert.rejects(before.writeUpload(uploadId, 0, start), { reason: 'VOLUME_TRUNCATED' });
      await before.close();
      await killAfter(directory, uploadId, 5);
      const store = await openStore({ directory });
      assert.ok((await store.uploadState(uploadId)).offsetBytes >= 1_000_000);
      await store.close();
    })).timeout(120_000);
});
