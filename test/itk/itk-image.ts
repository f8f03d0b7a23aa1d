import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { columnOf, type Grid, originOf, perAxis, spacingOf, type Vec3 } from '#geometry';

const HERE = import.meta.dirname;
const BUILD = join(HERE, '../../.cache/itk-image');
export const ITK_IMAGE = join(BUILD, 'itk-image');

/** What ITK says of an image; LPS, direction row by row. */
export interface ItkInfo {
  readonly size: readonly [number, number, number];
  readonly spacing: readonly [number, number, number];
  readonly origin: readonly [number, number, number];
  readonly direction: readonly number[];
  readonly component: string;
  readonly sum: number;
  /** Of value times (place in memory modulo 1009): tells voxels that have changed places. */
  readonly weighted: number;
}

/** Builds the program, once; skips the suite by name where ITK is not, which with CI=true fails. */
export function needsItk(context: Mocha.Context): void {
  context.timeout(300_000);
  if (!existsSync('/usr/include/ITK-5.2/itkImage.h')) {
    const why = 'ITK is not here (Debian: libinsighttoolkit5-dev)';
    if (process.env.CI === 'true') assert.fail(why);
    console.log(`      SKIPPED: ${why}`);
    context.skip();
  }
  buildItkImage();
}

export function buildItkImage(): void {
  mkdirSync(BUILD, { recursive: true });
  if (!existsSync(join(BUILD, 'Makefile'))) {
    execFileSync('cmake', ['-S', HERE, '-B', BUILD, '-G', 'Unix Makefiles'], { stdio: 'pipe' });
  }
  execFileSync('cmake', ['--build', BUILD], { stdio: 'pipe' });
}

/** Runs one command of the program and gives what it prints. */
export function itkImage(...words: readonly (string | number)[]): string {
  const { status, stdout, stderr } = spawnSync(ITK_IMAGE, words.map(String), { encoding: 'utf8' });
  assert.equal(status, 0, `${words.slice(0, 3).join(' ')}: ${stderr}`);
  return stdout;
}

export function itkInfo(path: string): ItkInfo {
  return JSON.parse(itkImage('info', path));
}

/** Size, spacing, origin and direction in LPS, as the program takes them. */
export function gridWords({ shape, affine }: Grid): number[] {
  const spacing = spacingOf(affine);
  const lps = ([x, y, z]: Vec3): number[] => [-x, -y, z];
  const columns = perAxis((axis) =>
    lps(columnOf(affine, axis)).map((step) => step / spacing[axis]),
  );
  const direction = [0, 1, 2].flatMap((row) => columns.map((column) => column[row] ?? 0));
  return [...shape, ...spacing, ...lps(originOf(affine)), ...direction];
}
