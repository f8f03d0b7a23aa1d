export { readMetaImage, readMetaImageHeader } from './read.ts';
export { type MetaImageFilesOptions, metaImageFiles } from './write.ts';
