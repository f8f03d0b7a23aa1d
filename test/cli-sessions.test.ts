import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { niftiFile } from '../cli/testing/nifti-file.ts';
import { clientAtDoor } from './client-at-door.ts';

const SIX = '4,12,8 15,12,8 10,5,8 10,18,8 10,12,4 10,12,11';
const CLICK = ['-m', 'annotation_any', '--points', SIX, '--space', 'index'];
/** Noise, which no compression makes small: more than all messages beside it. */
const DIMS = [96, 96, 64];

describe('an image that was uploaded', function () {
  this.timeout(60_000);
  const client = clientAtDoor();
  const at = (name: string) => join(client.folder, name);
  const server = () => ['--server', client.door.address];

  before(() => {
    writeFileSync(at('head.nii'), niftiFile({ dims: DIMS }));
    writeFileSync(at('other.nii'), niftiFile({ dims: DIMS, voxel: (i) => i % 977 }));
    writeFileSync(at('series.nii'), niftiFile({ dims: [...DIMS, 2] }));
  });

  async function ok(...words: string[]): Promise<string> {
    const { status, stdout, stderr } = await client.run(...words);
    assert.equal(status, 0, stderr);
    return stdout;
  }

  async function open(image = 'head.nii', ...more: string[]): Promise<Record<string, string>> {
    return JSON.parse(await ok('upload', image, ...server(), ...more, '--json'));
  }

  const list = async (...words: string[]) =>
    JSON.parse(await ok('sessions', ...words, '--json')) as {
      sessions: Record<string, string>[];
      gone: string[];
    };

  it('is clicked on by its session without being sent, with the mask of a click on the file', async () => {
    const { sessionId = '' } = await open();
    client.door.reset();
    const told = await ok('annotate', '--session', sessionId.slice(0, 8), ...CLICK);
    assert.match(told, /^head-mask\.nii\.gz: /);
    assert.ok(client.door.inBytes() < 16 * 1024, `${client.door.inBytes()} bytes went through`);
    await ok('annotate', 'head.nii', ...CLICK, '-o', 'here.nii.gz');
    assert.deepEqual(readFileSync(at('head-mask.nii.gz')), readFileSync(at('here.nii.gz')));
    await ok('annotate', '--session', sessionId, ...CLICK, ...server(), '-o', 'again.nii');
  });

  it('is not sent again by a second click on its file', async () => {
    await ok('annotate', 'other.nii', ...CLICK, ...server(), '-o', 'first.nii.gz');
    assert.ok(client.door.inBytes() > statSync(at('other.nii')).size);
    client.door.reset();
    await ok('annotate', 'other.nii', ...CLICK, ...server(), '-o', 'second.nii.gz');
    assert.ok(client.door.inBytes() < 64 * 1024, `${client.door.inBytes()} bytes went through`);
    assert.deepEqual(readFileSync(at('first.nii.gz')), readFileSync(at('second.nii.gz')));
  });

  it('is listed until its session is ended, and looking does not prolong it', async () => {
    const opened = await open();
    const second = await open('series.nii', '--frame', '1');
    const { sessions } = await list();
    assert.deepEqual(
      sessions.map(({ sessionId, image, expireTime, state }) => [
        ...[sessionId, image, expireTime, state],
      ]),
      [
        [opened.sessionId, 'head.nii', opened.expireTime, 'open'],
        [second.sessionId, 'series.nii', second.expireTime, 'open'],
      ],
    );
    const table = await ok('sessions');
    assert.match(
      table,
      /^[0-9a-f]{32} +head\.nii +96 x 96 x 64, 1 x 1 x 1 mm, RAS +20.* UTC \(in/m,
    );
    assert.match(table, /series\.nii, frame 1/);
    const { sessionId = '' } = opened;
    const shown = await ok('sessions', 'show', sessionId.slice(0, 10));
    assert.match(shown, new RegExp(`^session +${sessionId}$`, 'm'));
    assert.match(shown, /^volume +[0-9a-f]{64}$/m);

    assert.equal(await ok('sessions', 'end', sessionId), `${sessionId} ended\n`);
    assert.deepEqual(
      (await list()).sessions.map((session) => session.sessionId),
      [second.sessionId],
    );
    await ok('sessions', 'end', 'all', ...server());
    assert.match(await ok('sessions'), /^no sessions; /);
  });

  it('leaves the list when the server no longer knows its session', async () => {
    const { sessionId = '' } = await open();
    const { state } = client;
    const record = join(state, 'sextant/sessions', `${sessionId}.json`);
    const kept = readFileSync(record);
    await ok('sessions', 'end', sessionId);
    writeFileSync(record, kept);
    const click = await client.run('annotate', '--session', sessionId, ...CLICK);
    assert.match(click.stderr, /SESSION_UNKNOWN: --session: .*open another with `sextant upload`/);
    assert.equal(click.status, 4);
    assert.deepEqual(await list(), { sessions: [], gone: [sessionId] });
    assert.deepEqual(await list(), { sessions: [], gone: [] });
  });

  it('stays listed while its server does not answer, and is clicked on when it is back', async () => {
    const { sessionId = '' } = await open();
    client.door.cut();
    const { sessions } = await list();
    assert.deepEqual(
      sessions.map(({ state }) => state),
      ['unreachable'],
    );
    assert.match(await ok('sessions'), /not known: no answer/);
    const shown = await client.run('sessions', 'show', sessionId);
    assert.match(shown.stderr, /SERVICE_UNAVAILABLE/);
    assert.equal(shown.status, 5);
    const ended = await client.run('sessions', 'end', 'all');
    assert.equal(ended.status, 5, ended.stderr);
    client.door.open();
    await ok('annotate', '--session', sessionId, ...CLICK);
  });

  it('is not uploaded where the upload could not be remembered, but clicked on', async () => {
    mkdirSync(join(client.state, 'sextant'));
    writeFileSync(join(client.state, 'sextant/uploads'), 'no folder');
    const upload = await client.run('upload', 'head.nii', ...server());
    assert.match(upload.stderr, /FILE_UNWRITABLE: .*sextant\/uploads: .*XDG_STATE_HOME/);
    assert.equal(upload.status, 5);
    await ok('annotate', 'head.nii', ...CLICK, ...server(), '-o', 'forgetful.nii.gz');
  });

  it('is not lost with a connection in the middle of a click, and the error says so', async () => {
    const { sessionId = '' } = await open();
    const words = ['annotate', '--session', sessionId, ...CLICK, '-o', 'late.nii.gz'];
    // Only the greeting of HTTP/2 passes.
    client.door.holdAfter(1);
    const { ended } = client.start(...words);
    await client.door.held();
    setTimeout(() => client.door.cut(), 500);
    const { status, stderr } = await ended;
    assert.match(stderr, /SERVICE_UNAVAILABLE: .*; session [0-9a-f]{8} is kept by the server: run/);
    assert.equal(status, 5);
    client.door.open();
    await ok(...words);
  });
});
