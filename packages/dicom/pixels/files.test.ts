import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { needs, SHARED } from '../../../test/outside-data.ts';
import { withHead } from '../scan/head.ts';
import { readHeader } from '../scan/header.ts';
import { instanceOf } from '../scan/instance-of.ts';
import { decodeFrames } from './decode-frames.ts';

const DATA = join(SHARED, 'data/dicom');
const INDEX = join(DATA, 'files.json');

interface Described {
  readonly file: string;
  readonly md5Pixels?: string | null;
  readonly photometric?: string | null;
  readonly transferSyntax?: string | null;
  readonly pixelDtype?: string | null;
}

const FILES: readonly Described[] = existsSync(INDEX)
  ? JSON.parse(readFileSync(INDEX, 'utf8')).files
  : [];

/** pydicom gives what is stored; colours are RGB here, and palettes applied. */
const AS_STORED = /^(MONOCHROME[12]|RGB)$/;

/** Decoders of lossy code streams may round differently by one. */
const LOSSY = new Set(['50', '51', '81', '91'].map((n) => `1.2.840.10008.1.2.4.${n}`));

/** Their groups are those of the three frames that they were cut from: refused, as the scan's tests have it. */
const CUT_FROM_OTHERS = /liver_(expb_)?1frame\.dcm$/;

describe('the pixels of odd files', () => {
  before(function () {
    needs(this, INDEX, 'files with the digest of their pixels');
  });

  for (const described of FILES) {
    const { file, md5Pixels, photometric, transferSyntax } = described;
    if (md5Pixels == null || file.endsWith('.gz') || CUT_FROM_OTHERS.test(file)) continue;
    if (!AS_STORED.test(photometric ?? 'MONOCHROME2') || LOSSY.has(transferSyntax ?? '')) continue;
    it(file, async () => {
      const path = join(DATA, file);
      const instance = withHead(path, (head, bytes) => {
        const header = readHeader(head, bytes) ?? assert.fail('it is not DICOM');
        return instanceOf(header, { path, name: file });
      });
      const { pixels: layout, location, frames } = instance;
      const all = frames.map((_, n) => n);
      try {
        const { bytes } = await decodeFrames({ path, name: file, layout, location, frames: all });
        assert.equal(createHash('md5').update(bytes).digest('hex'), md5Pixels);
      } catch (error) {
        if (!(error instanceof SextantError)) throw error;
        assert.equal(error.reason, 'TRANSFER_SYNTAX_UNSUPPORTED', error.message);
        console.log(`      SKIPPED: ${error.message}`);
      }
    });
  }
});
