import { CUT_END_MS, ORPHAN_DRAIN_MS } from './limits.ts';

/** What a service tells the process that started it, over the IPC channel. */
export interface ReadyMessage {
  type: 'ready';
  grpcPort?: number;
  httpPort?: number;
  /** Where `sextant serve` can be reached from this machine: `host:port` or `unix:PATH`. */
  grpc?: string;
  /** Likewise, `http://host:port`. */
  http?: string;
}

/** Tells the supervisor, if there is one, that calls are answered from now on. */
export function announceReady(message: ReadyMessage): void {
  process.send?.(message);
}

export interface Ending {
  /** Takes no new work, and resolves when what runs has ended. */
  drain: () => Promise<void>;
  /** Cuts what runs, so that `drain` comes to its end. */
  abandon: () => void;
  /** How long `drain` may take before `abandon` is called; undefined is for ever. */
  limitMs: () => number | undefined;
}

/**
 * Ends the process in order: on SIGTERM; on SIGINT (Ctrl-C) and SIGHUP (the terminal is gone) when it
 * runs alone; and when the channel to its supervisor closes, so that a killed parent leaves no
 * orphan. Under a supervisor SIGINT and SIGHUP are ignored: a terminal sends them to the whole group,
 * and the supervisor says who stops when. Past the limit, or on a second signal, running calls are
 * cut; an orphan has less time, because a new supervisor may be waiting for its store. Call it before
 * anything slow begins: a signal that comes in the middle of a start counts too.
 */
export function endInOrder({ drain, abandon, limitMs }: Ending): void {
  let ending = false;
  const cut = (): void => {
    abandon();
    // A drain that hangs all the same must not keep the process.
    setTimeout(() => process.exit(1), CUT_END_MS).unref();
  };
  const cutAfter = (ms: number | undefined): void => {
    if (ms !== undefined) setTimeout(cut, ms).unref();
  };
  const end = async (): Promise<void> => {
    ending = true;
    try {
      await drain();
      process.exit(0);
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
  };
  const asked = (): void => {
    if (ending) {
      cut();
      return;
    }
    cutAfter(limitMs());
    void end();
  };
  const orphaned = (): void => {
    cutAfter(ORPHAN_DRAIN_MS);
    if (!ending) void end();
  };
  const supervised = process.send !== undefined;
  process.on('SIGTERM', asked);
  for (const signal of ['SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!supervised) asked();
    });
  }
  if (!supervised) return;
  process.on('disconnect', orphaned);
  // A supervisor that was killed before this line had its say: the event is not told twice.
  if (!process.connected) orphaned();
}
