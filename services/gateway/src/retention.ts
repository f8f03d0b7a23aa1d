import type { Settings } from '#host';
import type { StoreOptions } from '#store';

const HOUR_MS = 3_600_000;

/** How long the store keeps what nobody uses, as the settings say. */
export function retentionOf(
  settings: Settings<'sessionHours' | 'volumeHours' | 'uploadHours'>,
): Pick<StoreOptions, 'sessionMs' | 'volumeMs' | 'uploadMs'> {
  return {
    sessionMs: settings.sessionHours * HOUR_MS,
    volumeMs: settings.volumeHours * HOUR_MS,
    uploadMs: settings.uploadHours * HOUR_MS,
  };
}
