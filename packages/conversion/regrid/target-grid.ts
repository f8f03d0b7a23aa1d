import {
  type Affine,
  AXES,
  affineOfColumns,
  columnOf,
  dot,
  type Grid,
  originOf,
  perAxis,
  scaled,
  spacingOf,
  type Vec3,
} from '#geometry';

/**
 * What sticks out by less than this part of a voxel is rounding of positions, and adds no voxel.
 */
const SLACK_VOXELS = 0.1;

/**
 * The grid of right angles that holds a grid's every voxel centre: the first axis keeps its direction, the
 * second its plane, the third becomes perpendicular to both; spacings are the perpendicular ones. A grid
 * of right angles gives itself.
 */
export function rightAngledGrid({ shape, affine }: Grid): Grid {
  const { directions, lengths } = squared(affine);
  const span = perAxis((axis) => {
    const steps = perAxis((along) => dot(columnOf(affine, along), directions[axis]));
    const ends = perAxis((along) => steps[along] * (shape[along] - 1));
    const low = ends.reduce((sum, end) => sum + Math.min(0, end), 0);
    const high = ends.reduce((sum, end) => sum + Math.max(0, end), 0);
    return { low, count: Math.ceil((high - low) / lengths[axis] - SLACK_VOXELS) + 1 };
  });
  // Less than the slack is no shift either: the first voxel stays where it is.
  const shift = perAxis((axis) => {
    const voxels = span[axis].low / lengths[axis];
    return Math.abs(voxels) < SLACK_VOXELS ? 0 : span[axis].low;
  });
  const origin = AXES.reduce<Vec3>(
    (point, axis) => plus(point, scaled(directions[axis], shift[axis])),
    originOf(affine),
  );
  const columns = perAxis((axis) => scaled(directions[axis], lengths[axis]));
  return { shape: perAxis((axis) => span[axis].count), affine: affineOfColumns(columns, origin) };
}

/**
 * The grid of another spacing over the same field: n' = max(1, floor(n s / r + 1/2)), spacing exactly r,
 * the lower outer faces kept. Only for right angles.
 */
export function spacedGrid({ shape, affine }: Grid, spacingMm: Vec3): Grid {
  const old = spacingOf(affine);
  const directions = perAxis((axis) => scaled(columnOf(affine, axis), 1 / old[axis]));
  const origin = AXES.reduce<Vec3>(
    (point, axis) => plus(point, scaled(directions[axis], (spacingMm[axis] - old[axis]) / 2)),
    originOf(affine),
  );
  const columns = perAxis((axis) => scaled(directions[axis], spacingMm[axis]));
  const counts = perAxis((axis) =>
    Math.max(1, Math.floor((shape[axis] * old[axis]) / spacingMm[axis] + 0.5)),
  );
  return { shape: counts, affine: affineOfColumns(columns, origin) };
}

/** Gram and Schmidt's: directions at right angles, and how long each axis is along its own. */
function squared(affine: Affine): { directions: readonly [Vec3, Vec3, Vec3]; lengths: Vec3 } {
  const directions: Vec3[] = [];
  const lengths: number[] = [];
  for (const axis of AXES) {
    let rest = columnOf(affine, axis);
    for (const direction of directions) rest = plus(rest, scaled(direction, -dot(rest, direction)));
    const length = Math.hypot(...rest);
    directions.push(scaled(rest, 1 / length));
    lengths.push(length);
  }
  return {
    directions: directions as unknown as readonly [Vec3, Vec3, Vec3],
    lengths: lengths as unknown as Vec3,
  };
}

/** Whether a grid is sheared by more than rounding. */
export function isSheared(grid: Grid): boolean {
  const { shape, affine } = grid;
  const { lengths } = squared(affine);
  const spacing = spacingOf(affine);
  return AXES.some((axis) => {
    const lateral = Math.sqrt(Math.max(0, spacing[axis] ** 2 - lengths[axis] ** 2));
    return lateral * (shape[axis] - 1) > SLACK_VOXELS * Math.min(...spacing);
  });
}

function plus(a: Vec3, b: Vec3): Vec3 {
  return perAxis((axis) => a[axis] + b[axis]);
}
