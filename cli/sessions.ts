import { nearest, SextantError } from '#errors';
import { EXIT_CODES } from '#host';
import { columns } from './columns.ts';
import type { Call, Command } from './command.ts';
import { expiryText } from './expiry-text.ts';
import { gridText } from './grid-text.ts';
import { interruption } from './interruption.ts';
import { REMEMBERED_MS } from './limits.ts';
import { endSessions, lookAt, type Named, type Seen } from './look-at-sessions.ts';
import {
  type KnownSession,
  openSessionMemory,
  type SessionMemory,
  sessionNamed,
} from './session-memory.ts';

const SETTINGS_READ = ['server', 'json'] as const;

type SessionsCall = Call<(typeof SETTINGS_READ)[number]>;

export const sessionsCommand: Command<(typeof SETTINGS_READ)[number]> = {
  usage: 'sextant sessions [show ID | end ID... | end all] [--server HOST:PORT] [--json]',
  summary: [
    'Lists the sessions that `sextant upload` has opened for this user, those of one server with',
    '--server; shows one; ends some, after which the server lets their images go in its own time.',
    "An ID's first 8 digits are enough, and `last` is the one that was opened last. Looking does not",
    'prolong a session, a click does. Sessions that are over leave the list. Those of other users are',
    'listed nowhere: an id is the only key.',
  ].join('\n'),
  settings: SETTINGS_READ,
  operands: { least: 0, count: Number.POSITIVE_INFINITY, name: 'ID' },
  examples: [
    'sextant sessions',
    'sextant sessions show 3f2a91c0 --json',
    'sextant sessions end last',
    'sextant sessions end all --server 127.0.0.1:50051',
  ],
  run: runSessions,
};

const ACTIONS: Readonly<Record<string, (work: Work, ids: readonly string[]) => Promise<void>>> = {
  list,
  show,
  end,
};

/** What every action works with. */
interface Work {
  readonly memory: SessionMemory;
  readonly known: readonly KnownSession[];
  readonly server: string | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

async function runSessions({ settings, operands }: SessionsCall): Promise<number> {
  const [action = 'list', ...ids] = operands;
  const run = ACTIONS[action];
  if (run === undefined) throw unknownAction(action);
  const { server, json } = settings;
  const signal = interruption();
  const memory = await openSessionMemory({ warn: (line) => console.error(`warning: ${line}`) });
  await run({ memory, known: await memory.list(), server, json, signal }, ids);
  return EXIT_CODES.ok;
}

async function list({ memory, known, server, json, signal }: Work, ids: readonly string[]) {
  if (ids.length > 0) throw wrongCount('list', 'nothing', ids);
  const asked = known.filter((session) => server === undefined || session.server === server);
  const seen = await lookAt(asked, signal);
  const over = seen.filter(isOver);
  for (const { named } of over) await memory.forget(named.sessionId);
  for (const one of seen) if (one.state === 'open') await memory.keep(one.session);
  const gone = over.map(({ named }) => named.sessionId);
  const kept = seen.filter((one) => !isOver(one));
  if (json) {
    console.log(JSON.stringify({ sessions: kept.map(asJson), gone }));
    return;
  }
  if (gone.length > 0) console.error(`${gone.length} over, no longer listed`);
  console.log(kept.length === 0 ? noneText(server) : table(kept));
}

/** A server that is silent long after the session's end will not speak again. */
function isOver({ state, named }: Seen<KnownSession>): boolean {
  return (
    state === 'gone' || (state === 'unreachable' && Date.now() > named.expiresMs + REMEMBERED_MS)
  );
}

async function show({ memory, known, server, json, signal }: Work, ids: readonly string[]) {
  const [id, ...more] = ids;
  if (id === undefined || more.length > 0) throw wrongCount('show', 'one ID', ids);
  const about = { subject: 'ID', known, ...(server === undefined ? {} : { server }) };
  const [seen] = await lookAt<Named>([sessionNamed(id, about)], signal);
  if (seen === undefined) return;
  const isKnown = known.some(({ sessionId }) => sessionId === seen.named.sessionId);
  if (seen.state === 'gone') await memory.forget(seen.named.sessionId);
  if (seen.state !== 'open') throw seen.cause;
  const { session } = seen;
  if (isKnown) await memory.keep(session);
  const told = { ...toldOf(session), state: seen.state };
  console.log(json ? JSON.stringify(told) : columns(detailsOf(session)));
}

async function end(work: Work, ids: readonly string[]) {
  const { memory, known, server, json, signal } = work;
  if (ids.length === 0) throw wrongCount('end', 'one ID or more, or all', ids);
  const about = { subject: 'ID', known, ...(server === undefined ? {} : { server }) };
  const named =
    ids.length === 1 && ids[0] === 'all'
      ? known.filter((session) => server === undefined || session.server === server)
      : ids.map((id) => sessionNamed(id, about));
  const ended: string[] = [];
  for await (const sessionId of endSessions(named, signal)) {
    await memory.forget(sessionId);
    ended.push(sessionId);
    if (!json) console.log(`${sessionId} ended`);
  }
  if (json) console.log(JSON.stringify({ ended }));
  else if (ended.length === 0) console.log(noneText(server));
}

/** One row a session, in columns: it is read by eyes and by `awk`. */
function table(seen: readonly Seen<KnownSession>[]): string {
  return columns([
    ['session', 'image', 'grid', 'expires', 'server'],
    ...seen.map((one) => {
      const { sessionId, grid, expiresMs, server } = lastKnown(one);
      const expires = one.state === 'open' ? expiryText(expiresMs) : 'not known: no answer';
      return [sessionId, imageText(lastKnown(one)), gridText(grid), expires, server];
    }),
  ]);
}

function detailsOf(session: KnownSession): string[][] {
  const { sessionId, server, volumeId, grid, createdMs, expiresMs } = session;
  const rows = [0, 4, 8].map((start) => grid.affine.slice(start, start + 4).join(' '));
  return [
    ['session', sessionId],
    ['server', server],
    ['image', imageText(session) || 'not opened from here'],
    ['volume', volumeId],
    ['grid', gridText(grid)],
    ...rows.map((row, at) => [at === 0 ? 'affine' : '', row]),
    ['opened', new Date(createdMs).toISOString()],
    ['expires', expiryText(expiresMs)],
  ];
}

function imageText({ image, frame }: KnownSession): string {
  return frame === undefined ? image : `${image}, frame ${frame}`;
}

function asJson(seen: Seen<KnownSession>) {
  return { ...toldOf(lastKnown(seen)), state: seen.state };
}

function toldOf(session: KnownSession) {
  const { sessionId, server, image, volumeId, frame, grid, createdMs, expiresMs } = session;
  return {
    ...{ sessionId, server, image, volumeId, frame },
    grid: { shape: grid.shape, affineRasMm: grid.affine },
    createTime: new Date(createdMs).toISOString(),
    expireTime: new Date(expiresMs).toISOString(),
  };
}

function lastKnown(seen: Seen<KnownSession>): KnownSession {
  return seen.state === 'open' ? seen.session : seen.named;
}

function noneText(server: string | undefined): string {
  const where = server === undefined ? '' : ` on ${server}`;
  return `no sessions${where}; \`sextant upload\` opens one`;
}

function unknownAction(action: string): SextantError {
  const near = nearest(action, Object.keys(ACTIONS));
  const isId = /^[0-9a-f]{8,32}$/i.test(action);
  return new SextantError('CONFIG_INVALID', {
    subject: 'sessions',
    got: `"${action}"`,
    expected: 'nothing, show ID, or end ID',
    remedy: isId
      ? `\`sextant sessions show ${action}\``
      : near === undefined
        ? '--help shows examples'
        : `did you mean ${near}?`,
  });
}

function wrongCount(action: string, expected: string, ids: readonly string[]): SextantError {
  return new SextantError('CONFIG_INVALID', {
    subject: `sessions ${action}`,
    got: ids.length === 0 ? 'nothing' : ids.map((id) => `"${id}"`).join(', '),
    expected,
    remedy: '`sextant sessions` lists them',
  });
}
