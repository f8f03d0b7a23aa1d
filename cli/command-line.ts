import { SextantError } from '#errors';
import { SETTINGS, type Setting, type SettingName } from '#host';
import type { Operands } from './command.ts';
import { LOCAL_MODEL_SETTINGS } from './local-model-settings.ts';

/**
 * Parts a command's words into flags with their values, which `readSettings` reads, and operands.
 * What follows `--` is an operand, whatever it looks like.
 */
export function splitWords(
  words: readonly string[],
  names: readonly SettingName[],
): { flags: string[]; operands: string[] } {
  const flags: string[] = [];
  const operands: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') operands.push(word);
    else {
      flags.push(word);
      const value = words[at + 1];
      if (takesNextWord(word, names) && value !== undefined) {
        flags.push(value);
        at++;
      }
    }
  }
  return { flags, operands };
}

function takesNextWord(flag: string, names: readonly SettingName[]): boolean {
  return names.some((id) => {
    const { name, short, type }: Setting = SETTINGS[id];
    return type.placeholder !== undefined && (flag === `--${name}` || flag === `-${short}`);
  });
}

/** Throws CONFIG_INVALID when there are more or fewer operands than the command takes. */
export function checkOperands(
  operands: readonly string[],
  { count, least = count, name }: Operands,
): void {
  if (operands.length >= least && operands.length <= count) return;
  const got = operands.length === 0 ? 'nothing' : operands.map((word) => `"${word}"`).join(', ');
  throw new SextantError('CONFIG_INVALID', {
    subject: count === 0 ? 'command line' : name,
    got,
    expected: count === 0 ? 'only flags' : `one ${name}`,
    remedy: 'points with spaces between them need quotes; --help shows examples',
  });
}

/**
 * Throws CONFIG_INVALID for flags about models that are loaded here when a server does the work: a
 * variable or sextant.json may say both, since they stand for many calls.
 */
export function refuseFlagsOfHere(
  flags: readonly string[],
  { server, session }: { server?: string; session?: string },
): void {
  if (server === undefined && session === undefined) return;
  const names = LOCAL_MODEL_SETTINGS.map((id) => SETTINGS[id].name);
  const given = flags
    .map((flag) => flag.replace(/=.*/, ''))
    .filter((flag) => names.some((name) => flag === `--${name}` || flag === `--no-${name}`));
  if (given.length === 0) return;
  const elsewhere = session === undefined ? `--server ${server}` : `--session ${session}`;
  throw new SextantError('CONFIG_INVALID', {
    subject: given.join(', '),
    got: `${elsewhere} as well`,
    expected: 'to compute here',
    remedy: `the server has its own: leave ${given.length === 1 ? 'it' : 'them'} out`,
  });
}
