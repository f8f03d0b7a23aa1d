import { readFileSync } from 'node:fs';
import { projectRoot } from '#host/root';

export function printVersion(): void {
  const manifest = readFileSync(new URL('package.json', projectRoot()), 'utf8');
  console.log(JSON.parse(manifest).version);
}
