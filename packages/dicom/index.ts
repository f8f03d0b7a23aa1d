export type { BrokenInstance, Instance, Scanned, SetApart } from './instance.ts';
