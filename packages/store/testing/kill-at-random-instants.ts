/** What was seen on the way. */
export interface Killed {
  readonly kills: number;
  /** What the killed processes had acknowledged, and the reopened stores were held to. */
  readonly acknowledged: number;
  readonly volumes: number;
  readonly sessions: number;
}

/**
 * Runs a process that uploads, proves, opens and ends sessions, and sweeps; kills it with SIGKILL
 * at a random instant; opens its store and holds it to everything the process had acknowledged.
 * Again, `count` times on the same folder. Throws an `AssertionError` that names the seed and the
 * instant at the first thing that is lost or half-written.
 *
 * @param directory the store's folder; made when absent, and left there
 * @example
 * await killAtRandomInstants({ count: 200, seed: 1, directory, onProgress: console.log });
 */
export async function killAtRandomInstants(options: {
  count: number;
  seed: number;
  directory: string;
  onProgress?: (line: string) => void;
}): Promise<Killed> {
  throw new Error(`not there yet: ${options.count}`);
}
