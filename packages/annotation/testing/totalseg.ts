/** The pairs of annotation_any's measurements, as `expected-dice.json` names them. */
export const TOTALSEG_PAIRS = [
  { name: 'example_ct_sm / example_seg', image: 'example_ct_sm', labels: 'example_seg' },
  {
    name: 'example_ct / example_seg_fast_force_split',
    image: 'example_ct',
    labels: 'example_seg_fast_force_split',
  },
  { name: 'example_mr_sm / example_seg_mr', image: 'example_mr_sm', labels: 'example_seg_mr' },
] as const;

/** Smaller structures were not measured. */
export const SMALLEST_STRUCTURE_VOXELS = 990;
