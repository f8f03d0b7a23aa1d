export { type ReadMetaImageOptions, readMetaImage } from './read.ts';
export { type MetaImageFilesOptions, metaImageFiles } from './write.ts';
