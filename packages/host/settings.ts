import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errnoWords, nearest, SextantError } from '#errors';
import { projectRoot } from './root/project-root.ts';
import { parseSettingsFile } from './settings-file.ts';
import { SETTINGS, type Setting, type SettingName, type SettingValue } from './settings-table.ts';

export type Settings<K extends SettingName> = { readonly [P in K]: SettingValue<P> };

export interface SettingSources {
  /** Command-line arguments after the program (and the command): only flags are allowed. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** Read when it is there; default `sextant.json` in the current folder. */
  file?: string;
}

/**
 * The values of the named settings: a flag wins over a variable (`SEXTANT_GRPC_PORT`), a variable
 * over a key of `sextant.json`, and that over the default. Throws CONFIG_INVALID that names where
 * the value came from, and for an unknown name the nearest known one.
 *
 * @example
 * const { grpcPort } = readSettings(['grpcPort'], { argv: ['--grpc-port', '0'], env: {} });
 */
export function readSettings<K extends SettingName>(
  names: readonly K[],
  { argv, env, file = 'sextant.json' }: SettingSources,
): Settings<K> {
  const flags = readFlags(argv, names);
  const keys = readKeys(file);
  refuseUnknownVariables(env);
  const elsewhere = (setting: Setting) =>
    fromVariable(setting, env) ?? fromKey(setting, keys, file);
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const id of names) {
    const setting: Setting = SETTINGS[id];
    const found = flags.get(id) ?? (setting.onlyFlag ? undefined : elsewhere(setting));
    values[id] = found === undefined ? defaultOf(setting) : checked(setting, found);
  }
  return values as Settings<K>;
}

/** Those that a variable or the file may give. */
const SHARED: readonly Setting[] = Object.values<Setting>(SETTINGS).filter(
  ({ onlyFlag }) => onlyFlag !== true,
);

/** `grpc-port` -> `SEXTANT_GRPC_PORT`. */
export function variableOf(setting: Setting): string {
  return `SEXTANT_${setting.name.toUpperCase().replaceAll('-', '_')}`;
}

/** As short as it can be: a path in the current folder stays relative. */
function defaultOf({ default: value, inProject }: Setting): unknown {
  if (inProject !== true) return value;
  const path = fileURLToPath(new URL(String(value), projectRoot()));
  const fromHere = relative('.', path);
  return fromHere.startsWith('..') ? path : fromHere;
}

interface Found {
  value: unknown;
  /** The flag, variable or file and key, as it is told to the user. */
  from: string;
}

function checked(setting: Setting, { value, from }: Found): unknown {
  const read = setting.type.read(value);
  if (read !== undefined) return read;
  throw new SextantError('CONFIG_INVALID', {
    subject: from,
    got: JSON.stringify(value) ?? String(value),
    expected: setting.type.expected,
  });
}

function readFlags(
  argv: readonly string[],
  names: readonly SettingName[],
): Map<SettingName, Found> {
  const flags = new Map<SettingName, Found>();
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    const [flag = '', attached] = splitOnce(argument, '=');
    const { id, negated } = flagNamed(flag, names);
    const setting: Setting = SETTINGS[id];
    let value: unknown = attached ?? true;
    if (negated) value = false;
    else if (setting.type.placeholder !== undefined && attached === undefined) {
      value = argv[++i];
      if (value === undefined) throw missingValue(flag, setting);
    }
    if (setting.once === true && flags.has(id)) throw givenTwice(flag, setting);
    flags.set(id, { value, from: flag });
  }
  return flags;
}

function flagNamed(
  flag: string,
  names: readonly SettingName[],
): { id: SettingName; negated: boolean } {
  for (const id of names) {
    const { name, short, type }: Setting = SETTINGS[id];
    if (flag === `--${name}` || (short !== undefined && flag === `-${short}`))
      return { id, negated: false };
    if (flag === `--no-${name}` && type.placeholder === undefined) return { id, negated: true };
  }
  throw unknownName(
    flag,
    names.map((id) => `--${SETTINGS[id].name}`),
    flag.startsWith('-') ? 'a flag listed by --help' : 'only flags',
  );
}

function givenTwice(flag: string, { type }: Setting): SextantError {
  return new SextantError('CONFIG_INVALID', {
    subject: flag,
    got: 'two values',
    expected: `one: ${type.expected}`,
  });
}

function missingValue(flag: string, setting: Setting): SextantError {
  return new SextantError('CONFIG_INVALID', {
    subject: flag,
    got: 'no value',
    expected: setting.type.expected,
  });
}

function fromVariable(setting: Setting, env: SettingSources['env']): Found | undefined {
  const name = variableOf(setting);
  const value = env[name];
  return value === undefined || value === '' ? undefined : { value, from: name };
}

/** Variables that steer set-up scripts and tests, not a process. */
const FOREIGN_VARIABLES = new Set(['SEXTANT_NO_INSTALL']);

function refuseUnknownVariables(env: SettingSources['env']): void {
  const known = SHARED.map(variableOf);
  for (const name of Object.keys(env)) {
    if (!name.startsWith('SEXTANT_') || FOREIGN_VARIABLES.has(name)) continue;
    if (!known.includes(name)) throw unknownName(name, known, 'a known variable');
  }
}

function readKeys(file: string): Readonly<Record<string, unknown>> {
  let json: string;
  try {
    json = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new SextantError('CONFIG_INVALID', {
      subject: file,
      got: errnoWords(cause),
      expected: 'a readable file',
      cause,
    });
  }
  const known = SHARED.map(({ name }) => name);
  return parseSettingsFile(json, { file, known });
}

function fromKey(
  { name }: Setting,
  keys: Readonly<Record<string, unknown>>,
  file: string,
): Found | undefined {
  const value = keys[name];
  return value === undefined ? undefined : { value, from: `${file}: ${name}` };
}

function unknownName(subject: string, known: readonly string[], expected: string): SextantError {
  const near = nearest(subject, known);
  return new SextantError('CONFIG_INVALID', {
    subject,
    got: 'an unknown name',
    expected,
    ...(near === undefined ? {} : { remedy: `did you mean ${near}?` }),
  });
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
