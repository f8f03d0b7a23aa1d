import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Box,
  boxToRoi,
  type IndexMap,
  indexToRoi,
  perAxis,
  roiToBox,
  type Vec3,
} from '#geometry';

const BOX: Box = { low: [20, 0, 5], high: [30, 8, 6] };
const ROI: Vec3 = [5, 16, 1];

describe('index maps', () => {
  it('read the box at the centres of the network voxels', () => {
    const map = boxToRoi(BOX, ROI);
    assert.deepEqual(applied(map, [0, 0, 0]), [20.5, -0.25, 5]);
    assert.deepEqual(applied(map, [4, 15, 0]), [28.5, 7.25, 5]);
  });

  it('put the outer faces of box and network on each other', () => {
    assert.deepEqual(applied(boxToRoi(BOX, ROI), [-0.5, -0.5, -0.5]), [19.5, -0.5, 4.5]);
    assert.deepEqual(applied(boxToRoi(BOX, ROI), [4.5, 15.5, 0.5]), [29.5, 7.5, 5.5]);
  });

  it('are each other inverse, box-local on the way back', () => {
    const size = fc.integer({ min: 1, max: 200 });
    const sizes = fc.tuple(size, size, size);
    fc.assert(
      fc.property(sizes, sizes, sizes, (low, extent, roi) => {
        const box = { low, high: perAxis((axis) => low[axis] + extent[axis]) };
        const local = perAxis((axis) => (extent[axis] - 1) / 3);
        const there = applied(roiToBox(box, roi), local);
        const back = applied(boxToRoi(box, roi), there);
        const direct = indexToRoi(
          perAxis((axis) => local[axis] + low[axis]),
          box,
          roi,
        );
        for (const axis of [0, 1, 2] as const) {
          assert.ok(Math.abs(back[axis] - low[axis] - local[axis]) < 1e-9);
          assert.ok(Math.abs(there[axis] - direct[axis]) < 1e-9);
        }
      }),
    );
  });
});

function applied(map: IndexMap, index: Vec3): Vec3 {
  const at = (row: number, column: number): number => map[row * 4 + column] ?? Number.NaN;
  return perAxis(
    (row) => at(row, 0) * index[0] + at(row, 1) * index[1] + at(row, 2) * index[2] + at(row, 3),
  );
}
