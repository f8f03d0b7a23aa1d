import type { Settings } from './settings.ts';
import type { SettingName } from './settings-table.ts';

/** The gateway's settings that `sextant serve` passes on from its own flags. */
export const GATEWAY_SERVED = [
  'grpcPort',
  'httpPort',
  'listen',
  'allowHosts',
  'socket',
  'data',
  'storeLimit',
  'uploadsPerPeer',
  'sessionsPerPeer',
  'sessionHours',
  'volumeHours',
  'uploadHours',
  'streamIdleSeconds',
  'drainSeconds',
  'logLevel',
] as const satisfies readonly SettingName[];

/** The inference service's settings that `sextant serve` passes on from its own flags. */
export const INFERENCE_SERVED = [
  'config',
  'data',
  'threads',
  'onnxruntime',
  'skipBrokenModels',
  'device',
  'strictEngine',
  'keepResults',
  'volumeLimit',
  'cacheLimit',
  'streamIdleSeconds',
  'drainSeconds',
  'logLevel',
] as const satisfies readonly SettingName[];

/** The conversion service's settings that `sextant serve` passes on from its own flags. */
export const CONVERT_SERVED = [
  'volumeLimit',
  'conversionMemory',
  'streamIdleSeconds',
  'drainSeconds',
  'logLevel',
] as const satisfies readonly SettingName[];

/** Every setting of the gateway; started alone, it is told where the other services are. */
export const GATEWAY_SETTINGS = [...GATEWAY_SERVED, 'inference', 'dataConvert'] as const;

/** Every setting of the inference service; started alone, it listens by itself. */
export const INFERENCE_SETTINGS = [
  ...INFERENCE_SERVED,
  'listen',
  'inferencePort',
  'socket',
] as const;

/** Every setting of the conversion service; started alone, it listens by itself. */
export const CONVERT_SETTINGS = [...CONVERT_SERVED, 'listen', 'convertPort', 'socket'] as const;

export type ConvertSettings = Settings<(typeof CONVERT_SETTINGS)[number]>;
export type GatewaySettings = Settings<(typeof GATEWAY_SETTINGS)[number]>;
export type InferenceSettings = Settings<(typeof INFERENCE_SETTINGS)[number]>;
