export { type GivenSlices, needsRegrid, type Regridded, regrid } from './regrid.ts';
export { assertResultWithin } from './resampled.ts';
export { rightAngledGrid, spacedGrid } from './target-grid.ts';
