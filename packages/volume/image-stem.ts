import { basename } from 'node:path';

const ENDINGS = /(\.nii|\.hdr|\.img|\.mha|\.mhd|\.nrrd|\.nhdr|\.dcm|\.tar|\.zip|\.tgz)?(\.gz)?$/i;

/** `ct/case7.nii.gz` -> `ct/case7`. */
export function withoutImageEnding(name: string): string {
  return name.replace(ENDINGS, '');
}

/** What an image's other files are named after: `ct/case7.nii.gz` -> `case7`. */
export function imageStem(name: string): string {
  return withoutImageEnding(basename(name)) || basename(name);
}
