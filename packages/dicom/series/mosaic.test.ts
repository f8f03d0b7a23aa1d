import assert from 'node:assert/strict';
import { planSeries } from '#dicom';
import type { Affine } from '#geometry';
import type { WrittenElement } from '../testing/dicom-file.ts';
import { scannedSeries } from '../testing/synthetic-series.ts';

const TILES = 3;
const [TILE_ROWS, TILE_COLUMNS] = [4, 6];
/** Two tiles a row, two rows, the last tile empty. */
const [ROWS, COLUMNS] = [2 * TILE_ROWS, 2 * TILE_COLUMNS];

/** A Siemens CSA header of the newer form, with the numbers of its tags. */
function csaHeader(tags: Readonly<Record<string, readonly number[]>>): Uint8Array {
  const head = Buffer.alloc(16);
  head.write('SV10', 0, 'latin1');
  head.writeUInt32LE(Object.keys(tags).length, 8);
  head.writeUInt32LE(77, 12);
  const parts = Object.entries(tags).map(([name, values]) => {
    const tag = Buffer.alloc(84);
    tag.write(name, 0, 'latin1');
    tag.writeUInt32LE(values.length, 76);
    return Buffer.concat([tag, ...values.map(csaItem)]);
  });
  return Buffer.concat([head, ...parts]);
}

function csaItem(value: number): Buffer {
  const text = Buffer.from(`${value}\0`, 'latin1');
  const item = Buffer.alloc(16 + Math.ceil(text.length / 4) * 4);
  item.writeUInt32LE(text.length, 4);
  text.copy(item, 16);
  return item;
}

/** The plan of a mosaic, with or without what tells the distance of its slices. */
function planOf(
  csa: Readonly<Record<string, readonly number[]>>,
  more: readonly WrittenElement[] = [],
) {
  const { scanned, remove } = scannedSeries([
    {
      position: [-100, -90, 20],
      more: [
        ['00080008', 'CS', 'ORIGINAL\\PRIMARY\\M\\MOSAIC'],
        ['00080060', 'CS', 'MR'],
        ['00280010', 'US', ROWS],
        ['00280011', 'US', COLUMNS],
        ['00290010', 'LO', 'SIEMENS CSA HEADER'],
        ['00291010', 'OB', csaHeader({ NumberOfImagesInMosaic: [TILES], ...csa })],
        ['7FE00010', 'OW', new Uint8Array(2 * ROWS * COLUMNS)],
        ...more,
      ],
    },
  ]);
  remove();
  const [plan, ...others] = planSeries(scanned);
  assert.ok(plan?.volume !== undefined && others.length === 0);
  assert.deepEqual(plan.volume.shape, [TILE_COLUMNS, TILE_ROWS, TILES]);
  return {
    affine: plan.volume.affine,
    warnings: plan.warnings.map(({ reason }) => reason),
  };
}

/** Half of what the mosaic is larger lies before the corner of its first slice. */
function affineWith(stepMm: number): Affine {
  const corner = [
    -100 + (0.75 * (COLUMNS - TILE_COLUMNS)) / 2,
    -90 + (0.5 * (ROWS - TILE_ROWS)) / 2,
  ];
  const [x = 0, y = 0] = corner;
  return [-0.75, 0, 0, -x, 0, -0.5, 0, -y, 0, 0, stepMm, 20, 0, 0, 0, 1];
}

const UP = { SliceNormalVector: [0, 0, 1] };
const BETWEEN: WrittenElement = ['00180088', 'DS', 3.5];
const THICKNESS: WrittenElement = ['00180050', 'DS', 3];

describe('the slices of a mosaic', () => {
  it('lie at what the CSA header says, whatever else is said', () => {
    const csa = { ...UP, SpacingBetweenSlices: [4.25] };
    const { affine, warnings } = planOf(csa, [BETWEEN, THICKNESS]);
    assert.deepEqual(affine, affineWith(4.25));
    assert.deepEqual(warnings, []);
  });

  it('lie at SpacingBetweenSlices, without it', () => {
    for (const csa of [UP, { ...UP, SpacingBetweenSlices: [0] }]) {
      const { affine, warnings } = planOf(csa, [BETWEEN, THICKNESS]);
      assert.deepEqual(affine, affineWith(3.5));
      assert.deepEqual(warnings, []);
    }
  });

  it('lie at their thickness, with a warning, where nothing says their distance', () => {
    for (const between of [[], [['00180088', 'DS', 0]], [['00180088', 'DS', -2]]] as const) {
      const { affine, warnings } = planOf(UP, [THICKNESS, ...between]);
      assert.deepEqual(affine, affineWith(3));
      assert.deepEqual(warnings, ['THICKNESS_AS_SPACING']);
    }
  });

  it('follow the normal of the CSA header, and that of the plane without one', () => {
    const down = planOf({ SliceNormalVector: [0, 0, -1] }, [BETWEEN]);
    assert.deepEqual(down.affine, affineWith(-3.5));
    assert.deepEqual(planOf({}, [BETWEEN]).affine, affineWith(3.5));
  });
});
