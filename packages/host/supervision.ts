import { DRAIN_MS } from './limits.ts';

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

/**
 * Ends the process in order: on SIGTERM, on SIGINT when it runs alone, and when the channel to its
 * supervisor closes, so that a killed parent leaves no orphan. Under a supervisor SIGINT is ignored:
 * a terminal sends Ctrl-C to the whole group, and the supervisor says who stops when. `drain` lets
 * running calls end; past `DRAIN_MS`, or on a second signal, `abandon` cuts them. Call it before
 * anything slow begins: a signal that comes in the middle of a start counts too.
 */
export function endInOrder({
  drain,
  abandon,
}: {
  drain: () => Promise<void>;
  abandon: () => void;
}): void {
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return abandon();
    ending = true;
    setTimeout(abandon, DRAIN_MS).unref();
    try {
      await drain();
      process.exit(0);
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
  };
  const supervised = process.send !== undefined;
  process.on('SIGTERM', () => void end());
  process.on('SIGINT', () => {
    if (!supervised) void end();
  });
  if (supervised) process.on('disconnect', () => void end());
}
