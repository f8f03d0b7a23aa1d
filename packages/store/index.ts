export type { Usage } from './capacity.ts';
export { checkVolumeId } from './ids.ts';
export { volumePathIn } from './layout.ts';
export type { ConversionRecord, MadeVolume } from './records.ts';
export type { Swept } from './retention.ts';
export type { NewSession, Session } from './sessions.ts';
export { openStore, type Store, type StoreOptions } from './store.ts';
export type { Committed, CreatedUpload, NewUpload } from './uploads.ts';
