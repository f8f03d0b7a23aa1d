// Writes docs/CONFIGURATION.md from the settings' declarations: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXITS, formatBytes, SETTINGS, type Setting, variableOf } from '#host';

const PAGE = join(import.meta.dirname, '../docs/CONFIGURATION.md');

/** The page as it has to be: a test compares the committed one with it. */
export function configurationPage(): string {
  const settings = Object.values<Setting>(SETTINGS).filter(({ onlyFlag }) => onlyFlag !== true);
  const exits = Object.values(EXITS);
  return `# Configuration

Made from \`packages/host/settings-table.ts\` and \`packages/host/exit-codes.ts\` by \`npm run docs\`.

Each setting is a flag, a variable, and a key of \`sextant.json\` in the current folder
(\`{"grpc-port": 50061}\`). A flag wins over a variable, a variable over the file, the file over the
default. An unknown flag, variable (\`SEXTANT_…\`) or key is an error that names the nearest known one.
\`sextant COMMAND --help\` lists the settings that a command reads, and flags that are its alone.

| flag and key | variable | value | default | meaning |
|---|---|---|---|---|
${settings.map(row).join('\n')}

## Exit status

| status | meaning |
|---|---|
${exits.map(({ status, meaning }) => `| ${status} | ${meaning} |`).join('\n')}
`;
}

function row(setting: Setting): string {
  const { name, short, type, help } = setting;
  const flag = short === undefined ? `\`--${name}\`` : `\`--${name}\`, \`-${short}\``;
  const cells = [flag, `\`${variableOf(setting)}\``, type.expected, defaultOf(setting), help];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function defaultOf({ type, default: value }: Setting): string {
  if (value === undefined) return '';
  return type.placeholder === 'SIZE' ? formatBytes(Number(value)) : `\`${String(value)}\``;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, configurationPage());
