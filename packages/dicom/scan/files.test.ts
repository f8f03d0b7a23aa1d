import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { needs, SHARED } from '../../../test/outside-data.ts';
import type { Scanned } from '../instance.ts';
import { scanFile } from './scan-file.ts';

const DATA = join(SHARED, 'data/dicom');
const INDEX = join(DATA, 'files.json');

interface Listed {
  readonly file: string;
  readonly transferSyntax: string | null;
  readonly sopClass?: string;
  readonly modality?: string;
  readonly rows?: number;
  readonly columns?: number;
  readonly frames?: number;
  readonly samplesPerPixel?: number;
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly pixelRepresentation?: number;
  readonly photometric?: string;
}

const FILES: readonly Listed[] = existsSync(INDEX)
  ? JSON.parse(readFileSync(INDEX, 'utf8')).files
  : [];

/** The files that are no whole image, and what is said of them. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'pydicom_test_files/MR_truncated.dcm': /VOLUME_TRUNCATED expected 8192 bytes of PixelData/,
  // NumberOfFrames is "1A", of 15 frames.
  'pydicom_test_files/badVR.dcm': /VOLUME_CORRUPT expected .* NumberOfFrames .* got 1A/,
  // A CT without an Image Pixel module.
  'pydicom_test_files/UN_sequence.dcm': /VOLUME_TRUNCATED expected PixelData/,
  'pydicom_test_files/priv_SQ.dcm': /VOLUME_TRUNCATED expected PixelData/,
  'pydicom_test_files/no_meta_group_length.dcm': /VOLUME_TRUNCATED expected PixelData/,
  'pydicom_test_files/meta_missing_tsyntax.dcm': /VOLUME_CORRUPT .*TransferSyntaxUID/,
  'misc/nibabel/csa_slice_norm.dcm': /VOLUME_TRUNCATED expected PixelData/,
};
/** 39 CT headers, each without an image. */
const HEADERS_ONLY = /TINY_ALPHA\/PT000000/;

/** What is set apart where neither SOP class nor modality of the index is it. */
const APART: Readonly<Record<string, string>> = {
  'pydicom_test_files/no_meta.dcm': 'NOT_DICOM',
  'pydicom_test_files/empty_charset_LEI.dcm': 'NOT_TOLD',
  'pydicom_test_files/nested_priv_SQ.dcm': 'NOT_TOLD',
};

/** The index's names of SOP classes and modalities -> our kinds. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/ SR /, 'SR'],
  [/^Segmentation|\.66\.7$/, 'SEG'],
  [/RT (Ion )?Plan/, 'RTPLAN'],
  [/RT Structure/, 'RTSTRUCT'],
  [/Real World Value/, 'REAL_WORLD_VALUE_MAPPING'],
  [/Whole Slide/, 'WHOLE_SLIDE'],
  [/Annotations/, 'ANNOTATIONS'],
  [/Waveform/i, 'WAVEFORM'],
  [/Encapsulated/, 'ENCAPSULATED_DOCUMENT'],
];

describe('every single file of the data folder is read, set apart or refused by name', function () {
  this.timeout(60_000);
  let folder: string;

  before(function () {
    needs(this, INDEX, 'single DICOM files');
    folder = mkdtempSync(join(tmpdir(), 'sextant-scan-'));
  });
  after(() => folder && rmSync(folder, { recursive: true }));

  for (const listed of FILES) {
    it(listed.file, () => {
      const scanned = scan(listed.file, folder);
      const refusal =
        REFUSED[listed.file] ?? (HEADERS_ONLY.test(listed.file) ? /VOLUME_TRUNCATED/ : undefined);
      if (refusal !== undefined) assert.match(wordsOf(scanned), refusal);
      else assert.deepEqual(factsOf(scanned), expectedOf(listed));
    });
  }

  it('whoever gzips a file gets it set apart, not read as something else', () => {
    for (const name of ['misc/nibabel/siemens_dwi_0.dcm.gz', 'pydicom_test_files/zipMR.gz']) {
      const scanned = scanFile(join(DATA, name), name);
      assert.deepEqual(factsOf(scanned), { kind: 'NOT_DICOM' });
    }
  });
});

/** Gzipped ones as what is within. */
function scan(file: string, folder: string): Scanned {
  const path = join(DATA, file);
  if (!file.endsWith('.gz')) return scanFile(path, file);
  const unpacked = join(folder, 'unpacked.dcm');
  writeFileSync(unpacked, gunzipSync(readFileSync(path)));
  return scanFile(unpacked, file);
}

function wordsOf(scanned: Scanned): string {
  if (scanned.what !== 'broken') return scanned.what;
  return `${scanned.broken.reason} ${scanned.broken.message}`;
}

function factsOf(scanned: Scanned) {
  if (scanned.what === 'apart') return { kind: scanned.apart.kind };
  if (scanned.what === 'broken') return { refused: wordsOf(scanned) };
  const { pixels, modality, frames } = scanned.instance;
  const isInteger = pixels.sampleKind === 'integer';
  return {
    modality,
    transferSyntax: pixels.transferSyntaxUid,
    rows: pixels.rows,
    columns: pixels.columns,
    samples: pixels.samplesPerPixel,
    frames: frames.length,
    bits: pixels.bitsAllocated,
    bitsStored: isInteger ? pixels.bitsStored : undefined,
    isSigned: isInteger ? pixels.isSigned : undefined,
    photometric: pixels.photometric,
  };
}

function expectedOf(listed: Listed) {
  const { sopClass = '', modality = '' } = listed;
  const kind = APART[listed.file] ?? KINDS.find(([pattern]) => pattern.test(sopClass))?.[1];
  if (kind !== undefined) return { kind };
  if (listed.file.includes('/DICOMDIR')) return { kind: 'DICOMDIR' };
  return {
    modality,
    // Guessed, where the file does not say.
    transferSyntax: listed.transferSyntax ?? '1.2.840.10008.1.2',
    rows: listed.rows,
    columns: listed.columns,
    samples: listed.samplesPerPixel,
    frames: listed.frames ?? 1,
    bits: listed.bitsAllocated,
    bitsStored: listed.bitsStored,
    isSigned:
      listed.pixelRepresentation === undefined ? undefined : listed.pixelRepresentation === 1,
    photometric: listed.photometric,
  };
}
