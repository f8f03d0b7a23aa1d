export { readMetaImage } from './read.ts';
export { type MetaImageFilesOptions, metaImageFiles } from './write.ts';
