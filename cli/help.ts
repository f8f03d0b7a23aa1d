import { EXIT_CODES, helpText } from '#host';
import type { AnyCommand } from './command.ts';
import { COMMANDS } from './commands.ts';

const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  ok: 'done',
  failed: 'a failure without a better name',
  usage: 'the command line, a variable or sextant.json is wrong',
  input: 'the input is wrong: points, image, pool file',
  notFound: 'something named does not exist: a model, a file, a session',
  unavailable: 'a port, a file or a folder is taken, full or read-only, or no server answers',
  interrupted: 'interrupted',
};

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
  const rows = Object.entries(EXIT_CODES) as [keyof typeof EXIT_CODES, number][];
  return [
    'Exit status:',
    ...rows.map(([name, code]) => `  ${String(code).padStart(3)}  ${EXIT_MEANINGS[name]}`),
  ];
}
