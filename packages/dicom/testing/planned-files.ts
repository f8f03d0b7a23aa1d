import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planSeries, type SeriesPlan, withStraysBroken } from '#dicom';
import { scanFile } from '../scan/scan-file.ts';

/** What files by these names are planned to become; `use` has them on the disk. */
export async function withPlans<T>(
  named: ReadonlyMap<string, Uint8Array>,
  use: (plans: SeriesPlan[]) => T | Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-planned-'));
  try {
    return await use(scanned(named, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What files by these names are planned to become. */
export function plansOf(named: ReadonlyMap<string, Uint8Array>): SeriesPlan[] {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-planned-'));
  try {
    return scanned(named, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function scanned(named: ReadonlyMap<string, Uint8Array>, folder: string): SeriesPlan[] {
  const files = [...named].map(([name, bytes], n) => {
    const path = join(folder, String(n));
    writeFileSync(path, bytes);
    return scanFile(path, name);
  });
  return planSeries(withStraysBroken(files));
}
