#!/usr/bin/env node
import { basename } from 'node:path';
import { COMMANDS } from './commands.ts';

/** Other names of the program, that of the guide's converter, and the command that they stand for. */
const ALIASES: Readonly<Record<string, string>> = { 'tlt-dataconvert': 'dataconvert' };

const alias = ALIASES[basename(process.argv[1] ?? '')];
await main([...(alias === undefined ? [] : [alias]), ...process.argv.slice(2)]);

/** Finds the command and runs it; whatever goes wrong becomes one line and an exit status. */
async function main([name = '--help', ...words]: string[]): Promise<void> {
  if (name === '--version') return (await import('./print-version.ts')).printVersion();
  if (name === '--help' || name === '-h' || name === 'help') {
    const { programHelp } = await import('./help.ts');
    process.stdout.write(programHelp());
    return;
  }
  // Started now, awaited in there: loading is a part of every command's time.
  const command = COMMANDS[name]?.load();
  command?.catch(() => undefined);
  const { runCommand } = await import('./run-command.ts');
  // A connection that was given up keeps timers for seconds more.
  process.exit(await runCommand(name, words, command));
}
