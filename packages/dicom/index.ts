export type { BrokenInstance, Instance, Scanned, SetApart } from './instance.ts';
export { scanFile } from './scan/scan-file.ts';
