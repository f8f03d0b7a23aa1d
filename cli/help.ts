import { EXITS, helpText } from '#host';
import type { AnyCommand } from './command.ts';
import { COMMANDS } from './commands.ts';

/** The text of `sextant --help`. */
export function programHelp(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const commands = Object.entries(COMMANDS).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
  );
  return [
    'Usage: sextant COMMAND [FLAGS]',
    '',
    "Six clicks on a 3D medical image become an organ's mask.",
    '',
    'Commands:',
    ...commands,
    '',
    'sextant COMMAND --help shows the flags of a command and examples.',
    '',
    ...exitCodes(),
    '',
  ].join('\n');
}

/** The text of `sextant COMMAND --help`. */
export function commandHelp(command: AnyCommand): string {
  const examples = command.examples.map((line) => `  ${line}`);
  return [helpText(command), 'Examples:', ...examples, '', ...exitCodes(), ''].join('\n');
}

function exitCodes(): string[] {
  const rows = Object.values(EXITS);
  return [
    'Exit status:',
    ...rows.map(({ status, meaning }) => `  ${String(status).padStart(3)}  ${meaning}`),
  ];
}
