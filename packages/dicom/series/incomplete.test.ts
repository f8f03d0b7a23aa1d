import assert from 'node:assert/strict';
import { openSeries } from '#dicom';
import type { Vec3 } from '#geometry';
import type { WrittenElement } from '../testing/dicom-file.ts';
import { plansOf } from '../testing/planned-files.ts';
import { type SliceFields, sliceFile } from '../testing/synthetic-series.ts';

/** Five slices as files by their names. */
function files(change: (n: number) => Partial<SliceFields> = () => ({})): Map<string, Uint8Array> {
  return new Map(
    [0, 1, 2, 3, 4].map((n) => {
      const position: Vec3 = [-10, -20, 2 * n];
      return [`ct/IM${n}`, sliceFile({ position, ...change(n) }, n)];
    }),
  );
}

/** One volume, which fails by the name of one file. */
function assertFails(named: ReadonlyMap<string, Uint8Array>, file: string): void {
  const plans = plansOf(named);
  const failed = plans.filter(({ failure }) => failure?.reason === 'SERIES_INCOMPLETE');
  assert.equal(failed.length, 1, JSON.stringify(plans.map(({ failure }) => failure?.message)));
  assert.equal(plans.filter(({ volume }) => (volume?.shape[2] ?? 0) > 1).length, 0);
  assert.match(failed[0]?.failure?.message ?? '', new RegExp(`${file}\\b`));
}

const changed = (n: number, more: readonly WrittenElement[]) =>
  files((at) => (at === n ? { more } : {}));

describe('a series of which a file', () => {
  it('is whole makes a volume', () => {
    const [plan, ...others] = plansOf(files());
    assert.deepEqual(others, []);
    assert.deepEqual(plan?.volume?.shape, [4, 3, 5]);
  });

  for (const n of [0, 2, 4]) {
    it(`is empty makes none: IM${n}`, () => {
      assertFails(files().set(`ct/IM${n}`, new Uint8Array()), `IM${n}`);
    });

    it(`has lost its beginning makes none: IM${n}`, () => {
      const whole = files().get(`ct/IM${n}`) ?? assert.fail();
      assertFails(files().set(`ct/IM${n}`, whole.subarray(400)), `IM${n}`);
    });

    it(`is cut anywhere makes none: IM${n}`, () => {
      const whole = files().get(`ct/IM${n}`) ?? assert.fail();
      for (let length = 1; length < whole.length; length += 7) {
        assertFails(files().set(`ct/IM${n}`, whole.subarray(0, length)), `IM${n}`);
      }
    });

    for (const [what, tag, value] of [
      ['an orientation of five numbers', '00200037', [1, 0, 0, 0, 1]],
      ['directions that span no plane', '00200037', [1, 0, 0, 1, 0, 0]],
      ['a position that is no number', '00200032', '1,5\\0\\0'],
      ['a spacing that is no number', '00280030', '0,5\\0.75'],
    ] as const) {
      it(`has ${what} makes none: IM${n}`, () => {
        assertFails(changed(n, [[tag, 'DS', value]]), `IM${n}`);
      });
    }
  }

  it('says a slope that is no number makes none, and no guess', () => {
    assertFails(changed(3, [['00281053', 'DS', '2,5']]), 'IM3');
  });

  for (const [what, nameOf] of [
    ['a UUID', (n: number) => `${n}f0c1e2d-aaaa-4bbb-8ccc-${n}ddddddddddd`],
    ['a hash', (n: number) => `abcdef${n}abcdefabcdefabcdefabcdef`],
    ['a word and an ending', (n: number) => `${['one', 'two', 'three', 'four', 'five'][n]}.dcm`],
  ] as const) {
    it(`is called by ${what} and is empty makes none`, () => {
      const named = new Map(
        [...files().values()].map((bytes, n) => [
          `ct/${nameOf(n)}`,
          n === 3 ? new Uint8Array() : bytes,
        ]),
      );
      assertFails(named, nameOf(3));
    });
  }

  it('lies in another folder, or has a name unlike the others, is as good as whole', () => {
    for (const name of [
      'other/IM9',
      'ct/._IM1',
      'ct/._IM1.dcm',
      'ct/notes.txt',
      'ct/DICOMDIR',
      'ct/.DS_Store',
    ]) {
      const plans = plansOf(files().set(name, Buffer.from('nothing that is an image')));
      assert.deepEqual(plans[0]?.volume?.shape, [4, 3, 5], name);
      assert.equal(plans[0]?.failure, undefined, name);
    }
  });
});

describe('slices that differ', () => {
  const b = (value: number): WrittenElement => ['00189087', 'FD', value];

  it('in their b-values become volumes of one each, however they are numbered', () => {
    const slices = new Map(
      [0, 1, 2].flatMap((z) =>
        [0, 1000].map((value, time): [string, Uint8Array] => {
          // At the middle place the second volume has the lower number.
          const instanceNumber = 1 + 2 * z + (z === 1 ? 1 - time : time);
          const fields = { position: [0, 0, 2 * z] as const, instanceNumber, more: [b(value)] };
          return [`dwi/${z}-${value}`, sliceFile(fields, 2 * z + time)];
        }),
      ),
    );
    const [plan] = plansOf(slices);
    assert.equal(plan?.volume?.times, 2);
    assert.deepEqual(
      plan?.volume?.slices.map(({ about }) => about.bValue),
      [0, 0, 0, 1000, 1000, 1000],
    );
  });

  it('in their b-values from place to place make no volume', () => {
    const values = [
      [0, 1000],
      [0, 1000],
      [0, 500],
    ];
    const slices = new Map(
      values.flatMap((place, z) =>
        place.map((value, time): [string, Uint8Array] => {
          const fields = { position: [0, 0, 2 * z] as const, more: [b(value)] };
          return [`dwi/${z}-${value}`, sliceFile(fields, 2 * z + time)];
        }),
      ),
    );
    const [plan] = plansOf(slices);
    assert.equal(plan?.failure?.reason, 'SERIES_INCOMPLETE');
    assert.match(plan?.failure?.message ?? '', /b-values 0, 500 at 4 mm/);
  });

  it('in the last digit of orientation and spacing are of one volume', () => {
    // Each pair lies on either side of where three decimals, or five digits, round.
    const plans = plansOf(
      files((n) => ({
        orientation: [1, n % 2 === 0 ? 0.00049999 : 0.00050001, 0, 0, 1, 0],
        more: [['00280030', 'DS', [n % 2 === 0 ? 0.500004999 : 0.500005001, 0.75]]],
      })),
    );
    assert.deepEqual(
      plans.map(({ volume }) => volume?.shape),
      [[4, 3, 5]],
    );
  });

  it('by micrometres in place are slices of one volume under a microscope, not moments of time', () => {
    const fine: WrittenElement = ['00280030', 'DS', [0.004, 0.004]];
    const plans = plansOf(files((n) => ({ position: [0, 0, 0.004 * n], more: [fine] })));
    assert.deepEqual(plans[0]?.volume?.shape, [4, 3, 5]);
    assert.equal(plans[0]?.volume?.times, 1);
  });

  it('in the bits that they use are stored wide enough for all of them', () => {
    const of = (bits: number): WrittenElement[] => [
      ['00280101', 'US', bits],
      ['00280102', 'US', bits - 1],
      ['00281053', 'DS', 3],
      ['00281052', 'DS', 0],
    ];
    const [plan] = plansOf(files((n) => ({ more: of(n === 4 ? 16 : 12) })));
    const opened = openSeries(plan ?? assert.fail(), { rescaled: true });
    assert.equal(opened.dtype, 'int32');
  });

  it('in how they are shown are told, whichever of them comes first', () => {
    const [plan] = plansOf(changed(3, [['00280004', 'CS', 'MONOCHROME1']]));
    assert.match(plan?.warnings[0]?.message ?? '', /1 of 5 slices want low values shown bright/);
  });

  it('with a slope of 0 are taken as they are, with a warning', () => {
    const [plan] = plansOf(files(() => ({ more: [['00281053', 'DS', 0]] })));
    assert.deepEqual(plan?.volume?.rescale?.slope, 1);
    assert.deepEqual(
      plan?.warnings.map(({ reason }) => reason),
      ['SCALE_IGNORED'],
    );
  });
});
