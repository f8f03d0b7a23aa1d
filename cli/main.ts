#!/usr/bin/env node
import { COMMANDS } from './commands.ts';

await main(process.argv.slice(2));

/** Finds the command and runs it; whatever goes wrong becomes one line and an exit status. */
async function main([name = '--help', ...words]: string[]): Promise<void> {
  if (name === '--version') return (await import('./print-version.ts')).printVersion();
  if (name === '--help' || name === '-h' || name === 'help') {
    const { programHelp } = await import('./help.ts');
    process.stdout.write(programHelp());
    return;
  }
  const { runCommand } = await import('./run-command.ts');
  // A connection that was given up keeps timers for seconds more.
  process.exit(await runCommand(name, words, COMMANDS[name]));
}
