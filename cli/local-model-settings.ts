import type { Settings } from '#host';

/** The settings that say which models to load in this process, and how. */
export const LOCAL_MODEL_SETTINGS = [
  'config',
  'threads',
  'onnxruntime',
  'skipBrokenModels',
  'device',
  'strictEngine',
  'keepResults',
] as const;

export type LocalModelSettings = Settings<(typeof LOCAL_MODEL_SETTINGS)[number]>;
