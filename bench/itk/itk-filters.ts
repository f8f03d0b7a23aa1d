import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const BUILD = join(import.meta.dirname, '../../.cache/itk-filters');

/** Builds the program of this folder, once. Returns why not where ITK is missing. */
export function buildItkFilters(): string | undefined {
  if (!existsSync('/usr/include/ITK-5.2/itkImage.h')) {
    return 'ITK is not here (Debian: libinsighttoolkit5-dev)';
  }
  mkdirSync(BUILD, { recursive: true });
  if (!existsSync(join(BUILD, 'Makefile'))) {
    const args = ['-S', import.meta.dirname, '-B', BUILD, '-G', 'Unix Makefiles'];
    execFileSync('cmake', args, { stdio: 'pipe' });
  }
  execFileSync('cmake', ['--build', BUILD], { stdio: 'pipe' });
  return undefined;
}

/** Runs one of its commands and gives the filter's milliseconds. */
export function itkFilter(...words: readonly (string | number)[]): number {
  const program = join(BUILD, 'itk-filters');
  const { status, stdout, stderr } = spawnSync(program, words.map(String), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`itk-filters ${words[0]}: ${stderr}`);
  return Number(stdout);
}
