import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MOST_FILES } from '#conversion';
import { SextantError } from '#errors';
import * as conversion from '#proto/sextant/v1/conversion';
import {
  ConversionOptions,
  ConversionServiceDefinition,
  type ConvertedVolume,
  type ConvertHeader,
  type ConvertRequest,
  VolumeFormat,
} from '#proto/sextant/v1/conversion';
import { chunksOf, createClient, openChannel } from '#rpc';
import { CONVERSIONS_LIMIT } from '../../services/data-convert/src/limits.ts';
import { needs, SHARED } from '../outside-data.ts';
import { SAMPLE, type Services, startServices } from './running.ts';

const SERIES = join(SHARED, 'data/dicom/series');

describe('conversion over gRPC', function () {
  this.timeout(60_000);
  let services: Services;
  let folder: string;

  before(async function () {
    needs(this, SERIES, 'DICOM series');
    services = await startServices();
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
  });

  after(async () => {
    await services?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('turns a streamed series into a file, by the gateway and by the service alone', async () => {
    const files = filesOf('ct_axial_gtv');
    const byGateway = await converted(services, files);
    const channel = openChannel(services.convertAddress);
    const alone = createClient(ConversionServiceDefinition, channel);
    const byService = await converted({ conversions: alone }, files);
    channel.close();
    const [volume] = byGateway.volumes;
    assert.deepEqual(volume?.about.grid?.shape, [161, 143, 48]);
    assert.equal(volume?.about.series?.instanceCount, 48);
    assert.deepEqual(volume?.bytes, byService.volumes[0]?.bytes);
    assert.equal(gunzipSync(volume?.bytes ?? Buffer.alloc(0)).length, 352 + 161 * 143 * 48 * 2);
    assert.equal(byGateway.summary?.convertedCount, 1);
  });

  it('keeps what it makes for a session, under the id of the plain NIfTI', async () => {
    const files = filesOf('ct_3slice_tiny');
    const plain = await converted(services, files, {
      options: optionsWith({ format: VolumeFormat.VOLUME_FORMAT_NIFTI }),
    });
    const kept = await converted(services, files, { keep: true });
    const [about] = kept.volumes.map((volume) => volume.about);
    assert.equal(about?.volumeId, plain.volumes[0]?.about.volumeId);
    const { session } = await services.sessions.createSession({ receipt: about?.receipt ?? '' });
    assert.deepEqual(session?.grid?.shape, [23, 38, 3]);
  });

  it('tells of a volume that it cannot make, and makes the others', async () => {
    const files = [...filesOf('ct_axial_missing_slices'), ...filesOf('ct_3slice_tiny')];
    const { volumes, summary } = await converted(services, files);
    assert.deepEqual(volumes.map(({ about }) => about.failure?.reason).sort(), [
      'SERIES_UNEVEN',
      undefined,
    ]);
    assert.deepEqual([summary?.convertedCount, summary?.failedCount], [1, 1]);
  });

  it('opens a session on an uploaded zip of one series', async () => {
    const archive = packed('zip', 'mr_two_slices', folder);
    const { receipt, volumes } = await services.upload(archive);
    assert.equal(volumes.length, 1);
    assert.deepEqual(volumes[0]?.grid?.shape, [256, 256, 2]);
    const { session } = await services.sessions.createSession({ receipt });
    assert.equal(session?.volumeId, volumes[0]?.volumeId);
    const again = await services.upload(archive);
    assert.deepEqual(
      again.volumes.map(({ volumeId }) => volumeId),
      volumes.map(({ volumeId }) => volumeId),
    );
  });

  it('lets the caller choose among the volumes of a tar', async () => {
    const { receipt, volumes } = await services.upload(
      packed('gztar', 'mr_mixed_orientations', folder),
    );
    assert.equal(volumes.length, 2);
    await assert.rejects(
      services.sessions.createSession({ receipt }),
      hasReason('VOLUME_CHOICE_REQUIRED'),
    );
    for (const volume of volumes) {
      const { session } = await services.sessions.createSession({ receipt: volume.receipt });
      // NIfTI holds the affine as float32.
      const affine = volume.grid?.affineRasMm.map(Math.fround);
      assert.deepEqual(session?.grid, { ...volume.grid, affineRasMm: affine });
    }
  });

  it('takes NIfTI as it is', async () => {
    const { volumes } = await services.upload(SAMPLE);
    assert.deepEqual(volumes, []);
  });

  it('converts an upload by its receipt', async () => {
    const { receipt } = await services.upload(SAMPLE);
    const { volumes } = await converted(services, [], {
      receipt,
      options: optionsWith({ format: VolumeFormat.VOLUME_FORMAT_NRRD }),
    });
    assert.equal(volumes[0]?.bytes.toString('latin1', 0, 8), 'NRRD0005');
  });

  it('refuses by name what it cannot use', async () => {
    const nothing = [{ name: 'a.txt', bytes: Buffer.from('no image') }];
    await assert.rejects(converted(services, nothing), hasReason('NO_IMAGES'));
    const long = [{ name: 'n'.repeat(2000), bytes: SAMPLE }];
    await assert.rejects(converted(services, long), hasReason('LIMIT_EXCEEDED'));
    const fine = { spacingMm: [1, 2] };
    await assert.rejects(
      converted(services, filesOf('ct_3slice_tiny'), { options: optionsWith(fine) }),
      hasReason('ARGUMENT_INVALID'),
    );
    await assert.rejects(
      converted(services, [], { receipt: '0'.repeat(32) }),
      hasReason('VOLUME_UNKNOWN'),
    );
  });

  it('makes no path of a name, and leaves no file behind', async () => {
    const before = spools();
    const files = [
      {
        name: '../../../sextant-escaped',
        bytes: filesOf('ct_3slice_tiny')[0]?.bytes ?? Buffer.alloc(0),
      },
    ];
    const { volumes } = await converted(services, files);
    assert.equal(volumes.length, 1);
    assert.deepEqual(spools(), before);
  });

  it('finds voxels that lie beside their header under the names that were sent, and no others', async () => {
    const source = await converted(services, [{ name: 'a.nii.gz', bytes: SAMPLE }], {
      options: optionsWith({ format: VolumeFormat.VOLUME_FORMAT_MHD }),
    });
    const [made] = source.volumes;
    const sizes = made?.about.files.map(({ sizeBytes }) => sizeBytes) ?? [];
    const [raw = Buffer.alloc(0), mhd = Buffer.alloc(0)] = [
      made?.bytes.subarray(0, sizes[0]),
      made?.bytes.subarray(sizes[0]),
    ];
    assert.match(mhd.toString(), /ElementDataFile = a\.raw/);
    const pair = [
      { name: 'one/a.mhd', bytes: mhd },
      { name: 'two/a.raw', bytes: Buffer.alloc(raw.length) },
      { name: 'one/a.raw', bytes: raw },
    ];
    const { volumes, summary } = await converted(services, pair, {
      options: optionsWith({ format: VolumeFormat.VOLUME_FORMAT_MHD }),
    });
    assert.equal(summary?.convertedCount, 1);
    assert.deepEqual(volumes[0]?.bytes.subarray(0, raw.length), raw);
    const alone = await converted(services, pair.slice(0, 2));
    assert.equal(alone.volumes[0]?.about.failure?.reason, 'FILE_UNREADABLE');
    assert.match(alone.volumes[0]?.about.failure?.message ?? '', /"a\.raw"/);
    assert.doesNotMatch(alone.volumes[0]?.about.failure?.message ?? '', /sextant-convert/);
    const nifti = gunzipSync(SAMPLE);
    const header = Buffer.from(nifti.subarray(0, 348));
    header.write('ni1\0', 344, 'latin1');
    header.writeFloatLE(0, 108);
    const old = [
      { name: 'b.hdr', bytes: header },
      { name: 'b.img', bytes: nifti.subarray(352) },
    ];
    assert.equal((await converted(services, old)).summary?.convertedCount, 1);
  });

  it('gives volumes names of their own, of letters that every system takes', async () => {
    const names = ['a/x y:z.nii.gz', 'b/x y:z.nii.gz', 'X Y:Z.nii.gz', '..nii.gz'];
    const { volumes } = await converted(
      services,
      names.map((name) => ({ name, bytes: SAMPLE })),
    );
    const given = volumes.map(({ about }) => about.name);
    assert.equal(new Set(given.map((name) => name.toLowerCase())).size, 4, String(given));
    for (const name of given) assert.match(name, /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u);
  });

  it('treats tilt and uneven slices as it is told to', async () => {
    const reasons = async (series: string, options: object) => {
      const { volumes } = await converted(services, filesOf(series), {
        options: optionsWith({ format: VolumeFormat.VOLUME_FORMAT_NIFTI, ...options }),
      });
      const [about] = volumes.map((volume) => volume.about);
      const all = [...(about?.changes ?? []), ...(about?.warnings ?? [])];
      return about?.failure?.reason ?? all.map(({ reason }) => reason).join(' ');
    };
    const { TiltHandling: tilt, UnevenHandling: uneven } = conversion;
    const tilted = 'ct_gantry_tilt';
    assert.equal(await reasons(tilted, {}), 'TILT_SHEARED');
    const resampled = await reasons(tilted, { tilt: tilt.TILT_HANDLING_RESAMPLE });
    assert.equal(resampled, 'TILT_RESAMPLED');
    const missing = 'ct_axial_missing_slices';
    assert.equal(await reasons(missing, {}), 'SERIES_UNEVEN');
    const kept = await reasons(missing, { uneven: uneven.UNEVEN_HANDLING_KEEP });
    assert.equal(kept, 'UNEVEN_KEPT');
    const even = await reasons(missing, { uneven: uneven.UNEVEN_HANDLING_RESAMPLE });
    assert.equal(even, 'UNEVEN_RESAMPLED');
  });

  it('tells how far each stage is, in their order', async () => {
    const stages: string[] = [];
    const requests = requestsOf(filesOf('ct_axial_gtv'), {});
    for await (const { event } of services.conversions.convert(requests)) {
      if (event?.$case !== 'progress') continue;
      const { stage, done, total } = event.value;
      if (stage !== stages.at(-1)) stages.push(stage);
      assert.ok(total === 0 || done <= total, `${stage} ${done} of ${total}`);
    }
    assert.deepEqual(stages, ['RECEIVE', 'READ', 'CONVERT']);
  });

  it('refuses a chunk that belongs to no file, and a bomb', async () => {
    async function* misplaced(): AsyncGenerator<ConvertRequest> {
      yield { part: { $case: 'header', value: headerWith({}) } };
      yield { part: { $case: 'chunk', value: Buffer.from('x') } };
    }
    const wrong = async () => {
      for await (const _ of services.conversions.convert(misplaced()));
    };
    await assert.rejects(wrong, hasReason('ARGUMENT_INVALID'));
    const bomb = execFileSync('/usr/bin/python3', ['-c', BOMB, String(MOST_FILES + 1)], {
      maxBuffer: 2 ** 28,
    });
    await assert.rejects(
      converted(services, [{ name: 'bomb.zip', bytes: bomb }]),
      hasReason('LIMIT_EXCEEDED'),
    );
    await eventually(() => assert.deepEqual(spools(), []));
  });

  it('runs so many conversions at once, and tells the next when to come', async () => {
    const controller = new AbortController();
    async function* waiting(): AsyncGenerator<ConvertRequest> {
      yield { part: { $case: 'header', value: headerWith({}) } };
      await new Promise((resolve) => controller.signal.addEventListener('abort', resolve));
    }
    const { signal } = controller;
    const running = Array.from({ length: CONVERSIONS_LIMIT }, async () => {
      for await (const _ of services.conversions.convert(waiting(), { signal }));
    });
    for (const one of running) one.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const next = converted(services, filesOf('ct_3slice_tiny'));
    await assert.rejects(next, (error) => {
      assert.ok(error instanceof SextantError);
      assert.equal(error.reason, 'LIMIT_EXCEEDED');
      assert.ok((error.retryAfterMs ?? 0) > 0);
      return true;
    });
    controller.abort();
    await Promise.allSettled(running);
    await eventually(() => assert.deepEqual(spools(), []));
  });

  it('ends with its caller, and leaves no file behind', async () => {
    const before = spools();
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<ConvertRequest> {
      yield { part: { $case: 'header', value: headerWith({}) } };
      yield { part: { $case: 'file', value: { name: 'a', sizeBytes: 0 } } };
      for (;;) {
        yield { part: { $case: 'chunk', value: Buffer.alloc(1000) } };
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    setTimeout(() => controller.abort(), 200);
    const responses = services.conversions.convert(endless(), { signal: controller.signal });
    await assert.rejects(async () => {
      for await (const _ of responses);
    }, hasReason('CANCELLED'));
    await eventually(() => assert.deepEqual(spools(), before));
  });
});

/** A zip of so many empty folders. */
const BOMB = `
import io, sys, zipfile
out = io.BytesIO()
with zipfile.ZipFile(out, 'w') as z:
    for n in range(int(sys.argv[1])): z.writestr(zipfile.ZipInfo(f'{n}/'), b'')
sys.stdout.buffer.write(out.getvalue())
`;

interface SentFile {
  readonly name: string;
  readonly bytes: Buffer;
}

function filesOf(series: string): SentFile[] {
  const at = join(SERIES, series);
  return readdirSync(at).map((name) => ({ name, bytes: readFileSync(join(at, name)) }));
}

/** A zip or tar of a series, made by Python. */
function packed(format: 'zip' | 'gztar', series: string, folder: string): Buffer {
  const program = 'import shutil,sys; print(shutil.make_archive(*sys.argv[1:5]))';
  const args = ['-c', program, join(folder, series), format, SERIES, series];
  return readFileSync(execFileSync('/usr/bin/python3', args, { encoding: 'utf8' }).trim());
}

function optionsWith(options: Partial<NonNullable<ConvertHeader['options']>>) {
  return ConversionOptions.fromPartial(options);
}

function headerWith(header: Partial<ConvertHeader>): ConvertHeader {
  return { options: undefined, receipt: '', keep: false, totalBytes: 0, ...header };
}

async function* requestsOf(
  files: readonly SentFile[],
  header: Partial<ConvertHeader>,
): AsyncGenerator<ConvertRequest> {
  yield { part: { $case: 'header', value: headerWith(header) } };
  for (const { name, bytes } of files) {
    yield { part: { $case: 'file', value: { name, sizeBytes: bytes.length } } };
    for (const value of chunksOf(bytes)) yield { part: { $case: 'chunk', value } };
  }
}

async function converted(
  { conversions }: Pick<Services, 'conversions'>,
  files: readonly SentFile[],
  header: Partial<ConvertHeader> = {},
) {
  const volumes: { about: ConvertedVolume; chunks: Uint8Array[] }[] = [];
  let summary: { convertedCount: number; failedCount: number } | undefined;
  for await (const { event } of conversions.convert(requestsOf(files, header))) {
    if (event?.$case === 'volume') volumes.push({ about: event.value, chunks: [] });
    if (event?.$case === 'chunk') volumes.at(-1)?.chunks.push(event.value);
    if (event?.$case === 'summary') summary = event.value;
  }
  const whole = volumes.map(({ about, chunks }) => ({ about, bytes: Buffer.concat(chunks) }));
  return { volumes: whole, summary };
}

function spools(): string[] {
  return readdirSync(tmpdir()).filter((name) => basename(name).startsWith('sextant-convert-'));
}

/** What a cancel sets going is over soon, and not at once. */
async function eventually(check: () => void): Promise<void> {
  for (let n = 0; n < 100; n++) {
    try {
      check();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  check();
}

function hasReason(reason: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof SextantError, String(error));
    assert.equal(error.reason, reason, error.message);
    return true;
  };
}
