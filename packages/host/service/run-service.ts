import { SextantError } from '#errors';
import { exitCodeOf } from '../exit-codes.ts';
import { readSettings, type Settings } from '../settings.ts';
import { helpText } from '../settings-help.ts';
import type { SettingName } from '../settings-table.ts';
import { endInOrder } from '../supervision.ts';
import { type Logger, openLog } from './log.ts';
import { withoutPaths } from './settings-without-paths.ts';

/** A running service: how to end it. */
export interface Running {
  /** Takes no new calls, lets running ones end, then closes what it holds. */
  drain(): Promise<void>;
  /** Cuts running calls, so that `drain` comes to its end. */
  abandon(): void;
}

/**
 * The whole main of a service: settings, log, `start`, and an ending in order. An error at start
 * is one line on stderr and an exit status of `EXIT_CODES`.
 */
export async function runService<K extends SettingName>(service: {
  name: string;
  usage: string;
  summary: string;
  settings: readonly (K | 'logLevel' | 'drainSeconds')[];
  start: (settings: Settings<K | 'logLevel' | 'drainSeconds'>, log: Logger) => Promise<Running>;
}): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(helpText(service));
    return;
  }
  let running: Running | undefined;
  let log: Logger | undefined;
  let drainMs = 0;
  endInOrder({
    async drain() {
      log?.info('draining');
      await running?.drain();
      log?.info('drained');
    },
    abandon: () => running?.abandon(),
    limitMs: () => drainMs,
  });
  try {
    const settings = readSettings(service.settings, { argv, env: process.env });
    const { logLevel, drainSeconds } = settings as Settings<'logLevel' | 'drainSeconds'>;
    drainMs = drainSeconds * 1000;
    log = openLog({ service: service.name, level: logLevel });
    log.info({ settings: withoutPaths(settings) }, 'starting');
    log.debug({ settings }, 'settings with their paths');
    running = await service.start(settings, log);
  } catch (error) {
    const told = error instanceof SextantError ? `${error.reason}: ${error.message}` : error;
    console.error(`sextant ${service.name}:`, told);
    process.exit(exitCodeOf(error));
  }
}
