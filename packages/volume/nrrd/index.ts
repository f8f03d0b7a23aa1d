export { readNrrd, readNrrdHeader } from './read.ts';
export { type NrrdFileOptions, nrrdFile } from './write.ts';
