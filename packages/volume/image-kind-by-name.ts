const FORMATS = {
  nii: 'nifti',
  mha: 'metaimage',
  mhd: 'metaimage',
  nrrd: 'nrrd',
  nhdr: 'nrrd',
} as const;

const ENDING = /\.(nii|mha|mhd|nrrd|nhdr)(\.gz)?$/i;

/** The format that a name promises; .hdr and .img are many programs'. */
export function imageKindByName(name: string): (typeof FORMATS)[keyof typeof FORMATS] | undefined {
  const [, ending] = ENDING.exec(name) ?? [];
  return ending === undefined ? undefined : FORMATS[ending.toLowerCase() as keyof typeof FORMATS];
}
