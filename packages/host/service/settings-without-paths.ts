import { SETTINGS, type Setting, type SettingName } from '../settings-table.ts';

const PATHS = ['PATH', 'FILE', 'DIR'];

/**
 * Settings as the log may tell them at info level: of a path, which somebody may have named after a
 * patient or a study, only whether it is the default. Debug level has the paths.
 */
export function withoutPaths(settings: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([id, value]) => {
      const setting: Setting | undefined = SETTINGS[id as SettingName];
      const isPath =
        PATHS.includes(setting?.type.placeholder ?? '') || /^unix:/.test(String(value));
      if (!isPath || value === undefined) return [id, value];
      return [id, value === setting?.default ? 'the default' : 'given'];
    }),
  );
}
