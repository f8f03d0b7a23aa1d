import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { SextantError } from '#errors';
import type { Instance, Scanned } from '../instance.ts';
import { scanShort } from '../scan/scan-file.ts';
import { planSeries } from '../series/plan-series.ts';
import { openSeries, readSeries } from '../series/read-series.ts';
import type { DicomWorkers } from '../workers/index.ts';

/**
 * The longest that one file may hold up who reads it.
 * @internal
 */
export const LONGEST_MS = 5000;
/**
 * The longest that a short header may take on a thread that nothing ends.
 * @internal
 */
const LONGEST_HERE_MS = 500;
/**
 * Memory that reading takes beside the image itself.
 * @internal
 */
export const SPARE_BYTES = 64 * 2 ** 20;
/** How often the image may stand in memory: the file, the samples, and a copy of each. */
const COPIES = 4;

export interface Verdict {
  /** READ, SET_APART, or the reason of a refusal. */
  readonly outcome: string;
  /** What must not be: a time, a memory, an error without a name. */
  readonly broken?: string;
}

/**
 * Reads one file as a conversion does, alone, and holds the reader to its bounds. `honestBytes` is what the
 * file would take without lies: its own size or its image's.
 */
export async function examine(
  path: string,
  { workers, honestBytes }: { workers: DicomWorkers; honestBytes: number },
): Promise<Verdict> {
  const before = startOfPeak();
  const began = performance.now();
  const outcome = await outcomeOf(path, workers);
  const ms = performance.now() - began;
  const grown = memoryOf('VmHWM') - before;
  if (ms > LONGEST_MS) return { outcome, broken: `took ${ms.toFixed(0)} ms` };
  const most = COPIES * honestBytes + SPARE_BYTES;
  if (grown > most)
    return { outcome, broken: `took ${grown} bytes of memory, ${most} are allowed` };
  if (outcome.startsWith('!')) return { outcome: 'UNNAMED', broken: outcome.slice(1) };
  return { outcome };
}

/** The name of what happened; behind '!' an error that has none. */
async function outcomeOf(path: string, workers: DicomWorkers): Promise<string> {
  try {
    const [scanned] = await workers.scan([{ path, name: 'mutant' }]);
    if (scanned === undefined) return '!the scan gave nothing';
    const otherwise = otherwiseHere(path, scanned);
    if (otherwise !== undefined) return `!${otherwise}`;
    if (scanned.what === 'apart') return 'SET_APART';
    if (scanned.what === 'broken') return scanned.broken.reason;
    return (await readAsVolumes(scanned, workers)) ?? (await decoded(scanned.instance, workers));
  } catch (error) {
    if (error instanceof SextantError && error.reason !== 'INTERNAL') return error.reason;
    return `!${error instanceof Error ? error.stack : error}`;
  }
}

/** Of a short header, which a command reads on its own thread: what is wrong with that. */
function otherwiseHere(path: string, scanned: Scanned): string | undefined {
  const began = performance.now();
  const here = scanShort(path, 'mutant');
  const ms = performance.now() - began;
  if (ms > LONGEST_HERE_MS) return `a short header took ${ms.toFixed(0)} ms where nothing ends it`;
  const isSame = here === undefined || isDeepStrictEqual(here, scanned);
  return isSame ? undefined : 'a short header says another thing on another thread';
}

/** As the volumes that the file is planned to be; undefined when a part of it makes none. */
async function readAsVolumes(scanned: Scanned, workers: DicomWorkers): Promise<string | undefined> {
  const plans = planSeries([scanned]);
  if (plans.length === 0) return '!an image of which nothing is planned';
  if (plans.some(({ failure }) => failure !== undefined)) return undefined;
  for (const plan of plans) {
    const opened = openSeries(plan, { uneven: 'keep' });
    using volume = await readSeries(opened, { workers });
    const { affine } = volume.grid;
    if (!affine.every(Number.isFinite)) return `!an affine of ${affine}`;
  }
  return 'READ';
}

async function decoded(instance: Instance, workers: DicomWorkers): Promise<string> {
  const { path, name, pixels: layout, location, frames } = instance;
  for (let frame = 0; frame < frames.length; frame++) {
    const { bytes, type } = await workers.decode([
      { path, name, layout, location, frames: [frame] },
    ]);
    const samples = layout.rows * layout.columns * type.components;
    if (bytes.length % samples !== 0 || bytes.length === 0) {
      return `!${bytes.length} bytes for ${samples} samples`;
    }
  }
  return 'READ';
}

/** Begins to watch for a new peak, and says where it begins. Linux alone can. */
function startOfPeak(): number {
  writeFileSync('/proc/self/clear_refs', '5');
  return memoryOf('VmRSS');
}

function memoryOf(what: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
}
