import { nearest, SextantError } from '#errors';
import { EXIT_CODES, exitCodeOf, readSettings } from '#host';
import type { AnyCommand } from './command.ts';
import { checkOperands, refuseFlagsOfHere, splitWords } from './command-line.ts';
import { COMMANDS } from './commands.ts';
import { commandHelp } from './help.ts';

/** Runs one command and says with which status the process should end. */
export async function runCommand(
  name: string,
  words: readonly string[],
  loading: Promise<AnyCommand> | undefined,
): Promise<number> {
  try {
    if (loading === undefined) throw unknownCommand(name);
    const command = await loading;
    if (words.includes('--help') || words.includes('-h')) {
      process.stdout.write(commandHelp(command));
      return EXIT_CODES.ok;
    }
    const { flags, operands } = splitWords(words, command.settings);
    const settings = readSettings(command.settings, { argv: flags, env: process.env });
    checkOperands(operands, command.operands);
    refuseFlagsOfHere(flags, settings as { server?: string; session?: string });
    return await command.run({ settings: settings as never, operands });
  } catch (error) {
    report(name, error, words.includes('--json'));
    return exitCodeOf(error);
  }
}

/** People read stderr; a program that asked for JSON gets the error on stdout too. */
function report(name: string, error: unknown, json: boolean): void {
  if (!(error instanceof SextantError)) {
    console.error(`sextant ${name}: internal error:`, error);
    if (json) console.log(JSON.stringify({ error: { reason: 'INTERNAL', code: 'INTERNAL' } }));
    return;
  }
  const told =
    error.reason === 'CANCELLED' ? cancelled(error) : `${error.reason}: ${error.message}`;
  console.error(`sextant ${name}: ${told}`);
  if (!json) return;
  const { reason, code, subject, got, expected, remedy } = error;
  console.log(JSON.stringify({ error: { reason, code, subject, got, expected, remedy } }));
}

/** Who has pressed Ctrl-C knows what was got; only the way on is news. */
function cancelled({ remedy }: SextantError): string {
  return remedy === undefined ? 'cancelled' : `cancelled; ${remedy}`;
}

function unknownCommand(name: string): SextantError {
  const near = nearest(name, Object.keys(COMMANDS));
  return new SextantError('CONFIG_INVALID', {
    subject: 'command',
    got: `"${name}"`,
    expected: `one of ${Object.keys(COMMANDS).join(', ')}`,
    remedy: near === undefined ? 'sextant --help shows them' : `did you mean ${near}?`,
  });
}
