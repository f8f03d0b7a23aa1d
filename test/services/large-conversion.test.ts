import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SextantError } from '#errors';
import {
  ConversionOptions,
  ConvertHeader,
  type ConvertRequest,
  type ConvertResponse,
  VolumeFormat,
} from '#proto/sextant/v1/conversion';
import { CHUNK_BYTES, chunksOf } from '#rpc';
import { writeCt } from '../../cli/testing/dataconvert.ts';
import { type Services, startServices } from './running.ts';

const [SLICES, SIDE] = [24, 256];
const VOXEL_BYTES = SLICES * SIDE * SIDE * 2;
const NIFTI_BYTES = 352 + VOXEL_BYTES;
const MHA_HEADER = [
  'ObjectType = Image',
  'NDims = 3',
  `DimSize = ${SIDE} ${SIDE} ${SLICES}`,
  'ElementType = MET_SHORT',
  'ElementDataFile = LOCAL\n',
].join('\n');

describe('conversion of volumes of many chunks', function () {
  this.timeout(60_000);
  let services: Services;
  let folder: string;
  let ct: string;

  before(async () => {
    services = await startServices();
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
    ct = join(folder, 'ct');
    mkdirSync(ct);
    writeCt(ct, SLICES, SIDE);
  });
  after(async () => {
    await services?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function zipped(): Buffer {
    const program = 'import shutil,sys; print(shutil.make_archive(*sys.argv[1:4]))';
    const args = ['-c', program, join(folder, 'ct'), 'zip', ct];
    return readFileSync(execFileSync('/usr/bin/python3', args, { encoding: 'utf8' }).trim());
  }

  const stored = () => readdirSync(join(services.data, 'volumes'));

  async function isOpened(receipt: string): Promise<void> {
    const { session } = await services.sessions.createSession({ receipt });
    assert.deepEqual(session?.grid?.shape, [SIDE, SIDE, SLICES]);
  }

  async function answers(header: Partial<ConvertHeader>): Promise<ConvertResponse[]> {
    const responses: ConvertResponse[] = [];
    for await (const response of services.conversions.convert(requests(ct, header))) {
      responses.push(response);
    }
    return responses;
  }

  it('opens a session on an uploaded zip, and on a MetaImage', async () => {
    const voxels = Buffer.alloc(VOXEL_BYTES, 3);
    for (const file of [zipped(), Buffer.concat([Buffer.from(MHA_HEADER), voxels])]) {
      const { receipt, volumes } = await services.upload(file);
      assert.deepEqual(
        volumes.map(({ failure }) => failure),
        [undefined],
      );
      await isOpened(receipt);
    }
  });

  it('keeps a volume for a session, and sends none of it', async () => {
    const responses = await answers({ keep: true });
    assert.ok(responses.every(({ event }) => event?.$case !== 'chunk'));
    const [volume] = responses.flatMap(({ event }) =>
      event?.$case === 'volume' ? [event.value] : [],
    );
    await isOpened(volume?.receipt ?? '');
  });

  it('sends the chunks of a volume right behind it, with nothing between them', async () => {
    const options = ConversionOptions.fromPartial({ format: VolumeFormat.VOLUME_FORMAT_NIFTI });
    const responses = await answers({ options });
    const cases = responses.map(({ event }) => event?.$case);
    const begin = cases.indexOf('volume') + 1;
    const chunks = Math.ceil(NIFTI_BYTES / CHUNK_BYTES);
    assert.deepEqual(cases.slice(begin), [...Array(chunks).fill('chunk'), 'summary']);
  });

  it('tells of each stage up to its end, of what is compressed too', async () => {
    const sent = readdirSync(ct).map((name) => readFileSync(join(ct, name)).length);
    const totalBytes = sent.reduce((sum, size) => sum + size, 0);
    const ends = [
      ['RECEIVE', totalBytes],
      ['READ', SLICES],
      ['CONVERT', VOXEL_BYTES],
    ] as const;
    const resampled = ConversionOptions.fromPartial({ spacingMm: [1, 1, 2] });
    for (const header of [{}, { totalBytes }, { options: resampled }]) {
      const progress = (await answers(header)).flatMap(({ event }) =>
        event?.$case === 'progress' ? [event.value] : [],
      );
      for (const [stage, whole] of ends) {
        const end = stage === 'CONVERT' && 'options' in header ? whole / 2 : whole;
        const told = progress.filter((one) => one.stage === stage);
        assert.ok(told.every(({ done, total }) => total === 0 || done <= total));
        assert.deepEqual(told.at(-1), { stage, done: end, total: end });
      }
      const first = progress.find(({ stage }) => stage === 'RECEIVE');
      assert.equal(first?.total, 'totalBytes' in header ? totalBytes : 0);
    }
  });

  it('keeps no file that conversion refuses, and forgets its upload', async () => {
    const before = stored();
    const archive = zipped();
    const cut = archive.subarray(0, archive.length - 1000);
    const { uploadId } = await services.volumes.createUpload({ sizeBytes: cut.length });
    async function* part() {
      yield { part: { $case: 'header' as const, value: { uploadId, offsetBytes: 0 } } };
      for (const value of chunksOf(cut)) yield { part: { $case: 'chunk' as const, value } };
    }
    await assert.rejects(services.volumes.uploadVolume(part()), { code: 'INVALID_ARGUMENT' });
    assert.deepEqual(stored(), before);
    await assert.rejects(services.volumes.getUpload({ uploadId }), isUnknown);
  });
});

function isUnknown(error: unknown): boolean {
  return error instanceof SextantError && error.reason === 'UPLOAD_UNKNOWN';
}

async function* requests(
  folder: string,
  header: Partial<ConvertHeader>,
): AsyncGenerator<ConvertRequest> {
  yield { part: { $case: 'header', value: ConvertHeader.fromPartial(header) } };
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    yield { part: { $case: 'file', value: { name, sizeBytes: bytes.length } } };
    for (const value of chunksOf(bytes)) yield { part: { $case: 'chunk', value } };
  }
}
