import { SextantError } from '#errors';
import { type KnownSession, openSessionMemory, sessionNamed } from './session-memory.ts';

/**
 * The session that a user names by its id or first digits, and the server that has it.
 * @throws SextantError as `sessionNamed`; without a server also what the state folder refuses with
 */
export async function rememberedSession(
  given: string,
  { subject, server }: { subject: string; server: string | undefined },
): Promise<{ sessionId: string; server: string; image?: string }> {
  const known = await knownSessions(server);
  return sessionNamed(given, { subject, known, ...(server === undefined ? {} : { server }) });
}

/** With a whole id and a server nothing needs to be remembered. */
async function knownSessions(server: string | undefined): Promise<KnownSession[]> {
  try {
    const warn = (line: string) => console.error(`warning: ${line}`);
    return await (await openSessionMemory({ warn })).list();
  } catch (error) {
    if (server === undefined || !(error instanceof SextantError)) throw error;
    return [];
  }
}
