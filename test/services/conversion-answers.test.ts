import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ConversionOptions,
  type ConvertedVolume,
  ConvertHeader,
  type ConvertRequest,
} from '#proto/sextant/v1/conversion';
import { writeCt } from '../../cli/testing/dataconvert.ts';
import { dicomFile } from '../../packages/dicom/testing/dicom-file.ts';
import { type Services, startServices } from './running.ts';

const MIB = 1024 ** 2;
const SIDE = 64;
const SLICES = 64;

interface SentFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A slice whose series has this number. */
function slice(series: string, number: string, z: number): SentFile {
  const bytes = dicomFile([
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    ['00080018', 'UI', `${series}.${z}`],
    ['00080060', 'CS', 'CT'],
    ['0020000E', 'UI', series],
    ['00200011', 'LO', number],
    ['00200013', 'IS', z + 1],
    ['00200032', 'DS', [0, 0, z]],
    ['00200037', 'DS', [1, 0, 0, 0, 1, 0]],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', 4],
    ['00280011', 'US', 4],
    ['00280030', 'DS', [1, 1]],
    ['00280100', 'US', 16],
    ['00280101', 'US', 16],
    ['00280102', 'US', 15],
    ['00280103', 'US', 1],
    ['7FE00010', 'OW', new Uint8Array(32)],
  ]);
  return { name: `${series}.${z}.dcm`, bytes: Buffer.from(bytes) };
}

describe('what conversion answers over gRPC', function () {
  this.timeout(60_000);
  let services: Services;
  let folder: string;

  before(async () => {
    services = await startServices({ conversionMemory: MIB });
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
    writeCt(folder, SLICES, SIDE);
  });
  after(async () => {
    await services?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ct = () =>
    readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));

  async function converted(
    files: readonly SentFile[],
    options: Partial<ConversionOptions> = {},
  ): Promise<ConvertedVolume[]> {
    async function* requests(): AsyncGenerator<ConvertRequest> {
      yield { part: { $case: 'header', value: ConvertHeader.fromPartial({ options }) } };
      for (const { name, bytes } of files) {
        yield { part: { $case: 'file', value: { name, sizeBytes: bytes.length } } };
        yield { part: { $case: 'chunk', value: bytes } };
      }
    }
    const volumes: ConvertedVolume[] = [];
    for await (const { event } of services.conversions.convert(requests())) {
      if (event?.$case === 'volume') volumes.push(event.value);
    }
    return volumes;
  }

  it('has a series whose number is beyond 32 bits among the others, without it', async () => {
    const numbers = ['5', '20240131123', '-3', '2147483648'];
    const files = numbers.flatMap((number, n) => [0, 1].map((z) => slice(`1.2.9.${n}`, number, z)));
    const volumes = await converted(files);
    assert.ok(volumes.every(({ failure }) => failure === undefined));
    const told = volumes.map(({ series }) => series?.seriesNumber ?? 0);
    assert.deepEqual(told.sort(), [-3, 0, 0, 5].sort());
  });

  it('calls the options as a request has them', async () => {
    const missing = [0, 1, 3, 4].map((z) => slice('1.2.8', '1', z));
    const [volume] = await converted(missing);
    assert.equal(volume?.failure?.reason, 'SERIES_UNEVEN');
    assert.match(volume.failure.message, /uneven UNEVEN_HANDLING_RESAMPLE .* UNEVEN_HANDLING_KEEP/);
    const [huge] = await converted(ct(), { spacingMm: [0.01] });
    assert.match(huge?.failure?.message ?? '', /larger voxels with spacing_mm/);
    for (const { failure } of [volume, huge ?? volume]) {
      assert.doesNotMatch(failure?.message ?? '', /--uneven| -r\b/);
    }
  });

  it('shares the memory that it may have: one waits, what needs more than all is refused', async () => {
    // Read and resampled, a volume takes 512 KiB twice.
    const half = { spacingMm: [1.001] };
    const volumes = await Promise.all([1, 2, 3].map(() => converted(ct(), half)));
    assert.deepEqual(
      volumes.flat().map(({ failure }) => failure),
      [undefined, undefined, undefined],
    );
    const [refused] = await converted(ct(), { spacingMm: [0.8] });
    assert.equal(refused?.failure?.reason, 'VOLUME_TOO_LARGE');
    assert.match(refused?.failure?.message ?? '', /1048576 bytes of --conversion-memory/);
    const [streamed] = await converted(ct());
    assert.equal(
      streamed?.failure,
      undefined,
      'what is not resampled is never in memory as a whole',
    );
  });
});
