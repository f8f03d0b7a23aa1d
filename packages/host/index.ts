export { EXIT_CODES, EXITS, exitCodeOf } from './exit-codes.ts';
export { CUT_END_MS, HTTP_BODY_BYTES, HTTP_REQUEST_MS } from './limits.ts';
export { makeFolder, removeEmpty } from './make-folder.ts';
export {
  CONVERT_SERVED,
  CONVERT_SETTINGS,
  type ConvertSettings,
  GATEWAY_SERVED,
  GATEWAY_SETTINGS,
  type GatewaySettings,
  INFERENCE_SERVED,
  INFERENCE_SETTINGS,
  type InferenceSettings,
} from './service-settings.ts';
export { formatBytes } from './setting-types.ts';
export { readSettings, type SettingSources, type Settings, variableOf } from './settings.ts';
export { helpText } from './settings-help.ts';
export { SETTINGS, type Setting, type SettingName, type SettingValue } from './settings-table.ts';
export { announceReady, endInOrder, type ReadyMessage } from './supervision.ts';
export { sweepTemporaryFolders, temporaryFolder } from './temporary-folder.ts';
