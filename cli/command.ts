import type { SettingName, Settings } from '#host';

/** What a command is called with. */
export interface Call<K extends SettingName> {
  readonly settings: Settings<K>;
  /** Words that are neither flags nor their values. */
  readonly operands: readonly string[];
}

/** How many operands a command takes: `count`, or from `least` to `count`; and what one is. */
export interface Operands {
  readonly least?: number;
  readonly count: number;
  readonly name: string;
}

/** One command of `sextant`, in a file of its own that is imported only when it is called. */
export interface Command<K extends SettingName = SettingName> {
  readonly usage: string;
  readonly summary: string;
  readonly settings: readonly K[];
  readonly operands: Operands;
  /** Shown at the end of --help, ready to be pasted. */
  readonly examples: readonly string[];
  /** Resolves to the exit status. */
  run(call: Call<K>): Promise<number>;
}

/** A command as the program's table holds it, whatever its settings. */
export type AnyCommand = Omit<Command, 'run'> & { run(call: Call<never>): Promise<number> };
