import { formatBytes } from './setting-types.ts';
import { variableOf } from './settings.ts';
import { SETTINGS, type Setting, type SettingName } from './settings-table.ts';

/**
 * The --help text of a program: its summary, each setting with range, default and variable, and
 * where else a value can come from.
 */
export function helpText(program: {
  usage: string;
  summary: string;
  settings: readonly SettingName[];
}): string {
  const blocks = program.settings.map((id) => settingHelp(SETTINGS[id]));
  return [
    `Usage: ${program.usage}`,
    '',
    program.summary,
    '',
    'Flags:',
    ...blocks,
    '  --help',
    '      show this text',
    '',
    'A flag can also be given as the variable beside it, if there is one, or as a key of sextant.json',
    'in the current folder ("grpc-port": 50051). A flag wins over a variable, a variable over the file.',
    '',
  ].join('\n');
}

function settingHelp(setting: Setting): string {
  const { name, short, type, unit, help } = setting;
  const flag = short === undefined ? `--${name}` : `-${short}, --${name}`;
  const value = type.placeholder === undefined ? '' : ` ${type.placeholder}`;
  const facts = [
    type.placeholder === undefined ? `--no-${name} switches it off` : type.expected,
    ...(unit === undefined ? [] : [`in ${unit}`]),
    ...(setting.default === undefined ? [] : [`default ${shown(setting)}`]),
  ];
  const variable = setting.onlyFlag ? '' : `    ${variableOf(setting)}`;
  return `  ${flag}${value}${variable}\n      ${help}\n      (${facts.join('; ')})`;
}

function shown({ type, default: value }: Setting): string {
  return type.placeholder === 'SIZE' ? formatBytes(Number(value)) : String(value);
}
