import { parseArgs } from 'node:util';

export interface SoakOptions {
  /** How long processes are killed; a calm end and the supervisor's own kills come after. */
  readonly minutes: number;
  readonly clients: number;
  /** Seconds between two kills. */
  readonly killEvery: number;
  /** Decides what is killed when, what clients do, and when the store is killed. */
  readonly seed: number;
  /** Kills of a process that works on a store alone. */
  readonly storeKills: number;
  /** Kills of the supervisor, at the end. */
  readonly supervisorKills: number;
}

const DEFAULTS: SoakOptions = {
  minutes: 10,
  clients: 50,
  killEvery: 20,
  seed: 0,
  storeKills: 200,
  supervisorKills: 3,
};

export const USAGE = `npm run soak -- [flags]
  --minutes N           how long services are killed (${DEFAULTS.minutes})
  --clients N           clients that upload and click meanwhile (${DEFAULTS.clients})
  --kill-every SECONDS  between two kills (${DEFAULTS.killEvery})
  --seed N              repeats the choices of an earlier run (random)
  --store-kills N       kills of a process that works on a store alone, before (${DEFAULTS.storeKills})
  --supervisor-kills N  kills of the supervisor, at the end (${DEFAULTS.supervisorKills})`;

/** Reads the flags; throws what node:util's parseArgs throws, and for a value that is no number. */
export function readOptions(args: string[]): SoakOptions {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      minutes: string,
      clients: string,
      'kill-every': string,
      seed: string,
      'store-kills': string,
      'supervisor-kills': string,
    },
  });
  const number = (name: keyof typeof values, otherwise: number) => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (Number.isFinite(value) && value >= 0) return value;
    throw new Error(`--${name}: expected a number from 0, got ${values[name]}`);
  };
  return {
    minutes: number('minutes', DEFAULTS.minutes),
    clients: number('clients', DEFAULTS.clients),
    killEvery: number('kill-every', DEFAULTS.killEvery),
    seed: number('seed', Math.floor(Math.random() * 2 ** 31)),
    storeKills: number('store-kills', DEFAULTS.storeKills),
    supervisorKills: number('supervisor-kills', DEFAULTS.supervisorKills),
  };
}
