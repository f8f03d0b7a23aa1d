import assert from 'node:assert/strict';
import { greyOf, greyWindow } from './grey-window.ts';
import { PLANES } from './plane.ts';
import type { Picture } from './scene.ts';
import { surroundings } from './surroundings.ts';

const SIDE = 100;

/** Air, and in it a body of fat with an organ and far from it bone. */
function abdomen(): Picture {
  const grey = new Float32Array(SIDE * SIDE).fill(-1000);
  const labels = new Float32Array(SIDE * SIDE);
  for (let x = 5; x < 95; x++) {
    for (let y = 5; y < 95; y++) {
      const at = x * SIDE + y;
      const isOrgan = x >= 20 && x < 50 && y >= 30 && y < 60;
      grey[at] = isOrgan ? 100 : x > 80 ? 1500 : -100;
      labels[at] = isOrgan ? 1 : 0;
    }
  }
  const [plane] = PLANES;
  assert.ok(plane);
  return { plane, size: [SIDE, SIDE], grey, labels };
}

describe('the window of greys', () => {
  it('tells the tissues around the mask apart, whatever bone and air there is elsewhere', () => {
    const picture = abdomen();
    const window = greyWindow([surroundings(picture)], [picture.grey]);
    assert.ok(greyOf(100, window) - greyOf(-100, window) > 100, JSON.stringify(window));
    assert.deepEqual([greyOf(-1000, window), greyOf(1500, window)], [0, 255]);
  });

  it('is that of the pictures without a mask', () => {
    const picture = { ...abdomen(), labels: new Float32Array(SIDE * SIDE) };
    assert.equal(surroundings(picture).length, 0);
    const window = greyWindow([surroundings(picture)], [picture.grey]);
    assert.deepEqual(window, { black: -1000, white: 1500 });
  });

  it('has two ends for an image of one value, and for none', () => {
    assert.deepEqual(greyWindow([], [new Float32Array(9).fill(7)]), { black: 7, white: 8 });
    assert.deepEqual(greyWindow([], []), { black: 0, white: 1 });
  });
});
