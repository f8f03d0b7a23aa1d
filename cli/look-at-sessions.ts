import { SextantError } from '#errors';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import { createClient, type RpcClient } from '#rpc';
import { withServer } from './connect.ts';
import { type KnownSession, knownSession } from './session-memory.ts';

/** A session that was asked for, with what its server says of it now. */
export type Seen<T> =
  | { readonly named: T; readonly state: 'open'; readonly session: KnownSession }
  | { readonly named: T; readonly state: 'gone' | 'unreachable'; readonly cause: SextantError };

/** What is needed to ask for a session; the rest is told by its server. */
export interface Named {
  readonly sessionId: string;
  readonly server: string;
  readonly image?: string;
}

/**
 * Asks the servers of sessions what they know, without prolonging them. A server that cannot be
 * reached is told as a state, not as an error: the others are still worth listing.
 * @throws SextantError CANCELLED
 */
export async function lookAt<T extends Named>(
  sessions: readonly T[],
  signal: AbortSignal,
): Promise<Seen<T>[]> {
  const seen = new Map<string, Seen<T>>();
  for (const [server, own] of byServer(sessions)) {
    try {
      await withServer(server, signal, async (channel) => {
        const service = createClient(SessionServiceDefinition, channel);
        for (const named of own) seen.set(named.sessionId, await look(service, named, signal));
      });
    } catch (error) {
      if (!(error instanceof SextantError) || signal.aborted) throw error;
      for (const named of own) {
        if (seen.has(named.sessionId)) continue;
        seen.set(named.sessionId, { named, state: 'unreachable', cause: error });
      }
    }
  }
  return sessions.flatMap(({ sessionId }) => seen.get(sessionId) ?? []);
}

/**
 * Ends sessions on their servers, and tells each that is over: also one that was over before.
 * @throws SextantError for the first that could not be ended; those before it are
 */
export async function* endSessions(
  sessions: readonly Named[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  for (const [server, own] of byServer(sessions)) {
    const ended: string[] = [];
    let failure: unknown;
    await withServer(server, signal, async (channel) => {
      const service = createClient(SessionServiceDefinition, channel);
      for (const { sessionId } of own) {
        await service.deleteSession({ sessionId }, { signal }).catch(unlessOver);
        ended.push(sessionId);
      }
    }).catch((error) => {
      failure = error;
    });
    yield* ended;
    if (failure !== undefined) throw failure;
  }
}

async function look<T extends Named>(
  service: RpcClient<SessionServiceDefinition>,
  named: T,
  signal: AbortSignal,
): Promise<Seen<T>> {
  const { sessionId, server, image = '' } = named;
  try {
    const request = { sessionId, keepExpiry: true };
    const { session } = await service.getSession(request, { signal });
    return { named, state: 'open', session: knownSession(session, { server, image }) };
  } catch (error) {
    if (!isOver(error)) throw error;
    return { named, state: 'gone', cause: error };
  }
}

function unlessOver(error: unknown): void {
  if (!isOver(error)) throw error;
}

function isOver(error: unknown): error is SextantError {
  if (!(error instanceof SextantError)) return false;
  return error.reason === 'SESSION_UNKNOWN' || error.reason === 'SESSION_EXPIRED';
}

function byServer<T extends Named>(sessions: readonly T[]): Map<string, T[]> {
  const servers = new Map<string, T[]>();
  for (const session of sessions) {
    const own = servers.get(session.server) ?? [];
    servers.set(session.server, [...own, session]);
  }
  return servers;
}
