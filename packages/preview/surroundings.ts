import type { Picture } from './scene.ts';

/** How far around the mask its surroundings reach, in pixels. */
const MARGIN_PIXELS = 12;

/**
 * The grey values of the mask and closely around it in a picture, none where it has no mask. What
 * the eye is to judge lies there: bone or air far off would take the greys for themselves.
 */
export function surroundings({ size: [width, height], grey, labels }: Picture): Float32Array {
  const inMask = Uint8Array.from(labels, (label) => Number(label !== 0));
  const columns = widened(inMask, { lines: width, length: height, step: 1, lineStep: height });
  const near = widened(columns, { lines: height, length: width, step: height, lineStep: 1 });
  return grey.filter((_, at) => near[at] === 1);
}

/** Marks what is near to a mark along lines of pixels. */
function widened(
  marks: Uint8Array,
  { lines, length, step, lineStep }: Record<'lines' | 'length' | 'step' | 'lineStep', number>,
): Uint8Array {
  const result = new Uint8Array(marks.length);
  for (let line = 0; line < lines; line++) {
    for (let at = 0; at < length; at++) {
      if (marks[line * lineStep + at * step] !== 1) continue;
      const stop = Math.min(length - 1, at + MARGIN_PIXELS);
      for (let near = Math.max(0, at - MARGIN_PIXELS); near <= stop; near++) {
        result[line * lineStep + near * step] = 1;
      }
    }
  }
  return result;
}
