import { EXIT_CODES, type Settings } from '#host';
import { columns } from './columns.ts';
import type { Call, Command } from './command.ts';
import { interruption } from './interruption.ts';
import { LOCAL_MODEL_SETTINGS } from './local-model-settings.ts';
import { lineOf, type ModelLine } from './model-line.ts';

const SETTINGS_READ = ['server', 'json', ...LOCAL_MODEL_SETTINGS] as const;

export const modelsCommand: Command<(typeof SETTINGS_READ)[number]> = {
  usage: 'sextant models [--server HOST:PORT] [--json]',
  summary: 'Lists the models of the pool file, loaded to see that they work, or those of a server.',
  settings: SETTINGS_READ,
  operands: { count: 0, name: '' },
  examples: ['sextant models', 'sextant models --server 127.0.0.1:50051 --json'],
  run: listModels,
};

async function listModels({ settings }: Call<(typeof SETTINGS_READ)[number]>): Promise<number> {
  const models = await linesOf(settings, interruption());
  console.log(settings.json ? JSON.stringify({ models }) : modelTable(models));
  return EXIT_CODES.ok;
}

async function linesOf(
  settings: Settings<(typeof SETTINGS_READ)[number]>,
  signal: AbortSignal,
): Promise<readonly ModelLine[]> {
  if (settings.server !== undefined) {
    const { serverModels } = await import('./server-models.ts');
    return await serverModels(settings.server, signal);
  }
  const { openLocalModels } = await import('./local-models.ts');
  const pool = await openLocalModels(settings, signal);
  const lines = pool.list().map(({ description }) => lineOf(description));
  pool.dispose();
  return lines;
}

/** One row a model, in columns: it is read by eyes and by `awk`. */
export function modelTable(models: readonly ModelLine[]): string {
  return columns([
    ['model', 'labels', 'engine', 'device', 'licence'],
    ...models.map(({ name, labels, engine, device, licence }) => [
      name,
      labels.join(', '),
      engine,
      device,
      licence || 'not stated',
    ]),
  ]);
}
