import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '#proto/sextant/v1/session';
import { REMEMBERED_MS } from './limits.ts';
import { knownSession } from './session-memory.ts';
import { openStateRoom, stateHome } from './state-folder.ts';
import { temporaryFolder } from './testing/run-sextant.ts';

const asItIs = (value: unknown) => value;
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("a user's state folder", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let lines: string[];
  const home = () => join(folder.path, 'made/sextant');
  const open = (kind: 'uploads' | 'sessions' = 'sessions') =>
    openStateRoom(kind, { home: home(), warn: (line) => lines.push(line) });
  beforeEach(() => {
    folder = temporaryFolder();
    lines = [];
  });
  afterEach(() => folder.remove());

  it('lies where XDG_STATE_HOME says, or under ~/.local/state', () => {
    assert.equal(stateHome({ XDG_STATE_HOME: '/elsewhere' }), '/elsewhere/sextant');
    const usual = join(homedir(), '.local/state/sextant');
    assert.equal(stateHome({}), usual);
    assert.equal(stateHome({ XDG_STATE_HOME: 'relative' }), usual, 'as the standard asks');
  });

  it('is for its user alone, also where it was open to others', async () => {
    mkdirSync(join(home(), 'sessions'), { recursive: true });
    for (const path of [home(), join(home(), 'sessions')]) chmodSync(path, 0o755);
    const room = await open();
    await room.write('one', { a: 1 });
    assert.equal(modeOf(home()), 0o700);
    assert.equal(modeOf(join(home(), 'sessions')), 0o700);
    assert.equal(modeOf(join(home(), 'sessions/one.json')), 0o600);
  });

  it('gives back what was written, by name, and nothing that is not there', async () => {
    const room = await open();
    await room.write('b', { value: 1 });
    await room.write('b', { value: 2 });
    await room.write('a', []);
    assert.deepEqual(await (await open()).read('b', asItIs), { value: 2 });
    assert.deepEqual(await room.names(), ['a', 'b']);
    await room.remove('b');
    await room.remove('never');
    assert.equal(await room.read('b', asItIs), undefined);
    assert.deepEqual(readdirSync(join(home(), 'sessions')), ['a.json'], 'no part is left');
  });

  for (const [what, text] of [
    ['half of JSON', '{"a": '],
    ['JSON of another form', '{"a": "text"}'],
    ['no bytes', ''],
  ] as const) {
    it(`sets ${what} aside with a line, and goes on`, async () => {
      const room = await open();
      const path = join(home(), 'sessions/one.json');
      writeFileSync(path, text);
      const number = (value: unknown) => {
        if (typeof (value as { a: unknown }).a === 'number') return value;
        throw new Error('no number');
      };
      assert.equal(await room.read('one', number), undefined);
      assert.deepEqual(lines, [`${path} is damaged; it is set aside as ${path}.damaged`]);
      assert.deepEqual(await room.names(), []);
      assert.deepEqual(readdirSync(join(home(), 'sessions')), ['one.json.damaged']);
    });
  }

  it('writes no file outside it, whatever a server calls its session', async () => {
    const room = await open();
    await assert.rejects(room.write('../../evil', {}), /no name of a record/);
    const session = { sessionId: '../../evil', volumeId: '' } as Session;
    assert.throws(() => knownSession(session, { server: 's', image: 'i' }), { reason: 'INTERNAL' });
  });

  it('forgets old uploads and leftovers, but no session', async () => {
    for (const kind of ['uploads', 'sessions'] as const) {
      await open(kind);
      for (const name of ['old.json', 'new.json', 'old.json.ab.part', 'old.json.damaged']) {
        const path = join(home(), kind, name);
        writeFileSync(path, '{}');
        const then = (Date.now() - REMEMBERED_MS - 60_000) / 1000;
        if (name.startsWith('old')) utimesSync(path, then, then);
      }
      await open(kind);
    }
    assert.deepEqual(readdirSync(join(home(), 'uploads')), ['new.json']);
    assert.deepEqual(readdirSync(join(home(), 'sessions')).sort(), ['new.json', 'old.json']);
  });

  it('that is no folder is refused with the way out', async () => {
    mkdirSync(join(folder.path, 'made'));
    writeFileSync(home(), 'a file');
    await assert.rejects(open(), {
      reason: 'FILE_UNWRITABLE',
      subject: join(home(), 'sessions'),
      got: 'a path that goes through something that is no folder',
      remedy: /XDG_STATE_HOME/,
    });
  });
});
