import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { niftiFile } from './testing/nifti-file.ts';
import { runSextant, temporaryFolder } from './testing/run-sextant.ts';

const NOBODY = ['--server', '127.0.0.1:1'];

interface Refusal {
  readonly words: readonly string[];
  readonly reason: string;
  readonly status: number;
  /** What the message has to say. */
  readonly says: readonly RegExp[];
}

/** In a folder with head.nii, series.nii (4D), empty.nii, slice.dcm and the folder scans/. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  'upload without a server': {
    words: ['upload', 'head.nii'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/--server: expected HOST:PORT/, /got nothing/, /sextant serve/],
  },
  'upload without an image': {
    words: ['upload', ...NOBODY],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/one IMAGE, got nothing/],
  },
  'upload to what is no address': {
    words: ['upload', 'head.nii', '--server', 'http://somewhere'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/--server/, /"http:\/\/somewhere"/, /host:port/],
  },
  'upload to where nobody listens': {
    words: ['upload', 'head.nii', ...NOBODY],
    reason: 'SERVICE_UNAVAILABLE',
    status: 5,
    says: [/127\.0\.0\.1:1: /, /nobody listens there; start it with `sextant serve`/],
  },
  'upload of an empty folder': {
    words: ['upload', 'scans', ...NOBODY],
    reason: 'NO_IMAGES',
    status: 3,
    says: [/scans: /, /no files/],
  },
  'upload of a DICOM file that is none': {
    words: ['upload', 'slice.dcm', ...NOBODY],
    reason: 'NO_IMAGES',
    status: 3,
    says: [/slice\.dcm: /, /1 NOT_DICOM/],
  },
  'upload of a file that is not there': {
    words: ['upload', 'nowhere.nii', ...NOBODY],
    reason: 'FILE_UNREADABLE',
    status: 4,
    says: [/nowhere\.nii: /, /no such file/],
  },
  'upload of an empty file': {
    words: ['upload', 'empty.nii', ...NOBODY],
    reason: 'VOLUME_FORMAT_UNKNOWN',
    status: 3,
    says: [/empty\.nii: /, /got an empty file/],
  },
  'upload of a 4D image without --frame': {
    words: ['upload', 'series.nii', ...NOBODY],
    reason: 'FRAME_REQUIRED',
    status: 3,
    says: [/--frame/, /0 to 2/],
  },
  'sessions with an unknown word': {
    words: ['sessions', 'ned'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/"ned"/, /show ID, or end ID/, /did you mean end\?/],
  },
  'sessions with an id alone': {
    words: ['sessions', 'c'.repeat(32)],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/`sextant sessions show c{32}`/],
  },
  'sessions show without an id': {
    words: ['sessions', 'show'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/sessions show: expected one ID, got nothing/],
  },
  'sessions end without an id': {
    words: ['sessions', 'end'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/sessions end: expected one ID or more, or all, got nothing/],
  },
  'sessions show of an unknown id': {
    words: ['sessions', 'show', 'c'.repeat(32)],
    reason: 'SESSION_UNKNOWN',
    status: 4,
    says: [/ID: /, /got c{32}/, /`sextant sessions` lists yours/],
  },
  'sessions end of what is no id': {
    words: ['sessions', 'end', 'mine'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/"mine"/, /32 hexadecimal digits/],
  },
  'annotate with neither image nor session': {
    words: ['annotate', '-m', 'any'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/one IMAGE, or --session/],
  },
  'annotate with both': {
    words: ['annotate', 'head.nii', '--session', 'c'.repeat(32)],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/IMAGE: expected nothing beside --session, got "head\.nii"/],
  },
  'annotate with a frame and a session': {
    words: ['annotate', '--session', 'c'.repeat(32), '--frame', '1'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/--frame: expected nothing beside --session/, /has its frame/],
  },
  'annotate with a preview and a session': {
    words: ['annotate', '--session', 'c'.repeat(32), '--preview', 'p.png'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/--preview: /, /a preview needs the file: give IMAGE and --server/],
  },
  'annotate with a session and flags of here': {
    words: ['annotate', '--session', 'c'.repeat(32), '--threads', '2'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/--threads: expected to compute here, got --session c{32} as well/],
  },
  'annotate with a session of nobody': {
    words: ['annotate', '--session', 'c'.repeat(8)],
    reason: 'SESSION_UNKNOWN',
    status: 4,
    says: [/--session: /, /got c{8}/],
  },
};

describe('uploads and sessions', function () {
  this.timeout(30_000);
  let folder: ReturnType<typeof temporaryFolder>;
  const state = () => join(folder.path, 'state');
  const run = (...words: string[]) =>
    runSextant(words, { cwd: folder.path, env: { XDG_STATE_HOME: state() } });

  before(() => {
    folder = temporaryFolder();
    writeFileSync(join(folder.path, 'head.nii'), niftiFile());
    writeFileSync(join(folder.path, 'series.nii'), niftiFile({ dims: [20, 24, 16, 3] }));
    writeFileSync(join(folder.path, 'empty.nii'), '');
    writeFileSync(join(folder.path, 'slice.dcm'), 'DICM');
    mkdirSync(join(folder.path, 'scans'));
  });
  after(() => folder.remove());

  for (const [what, { words, reason, status, says }] of Object.entries(REFUSALS)) {
    it(`refuse \`${what}\`, by name`, async () => {
      const ended = await run(...words, '--json');
      const told = `${ended.stderr}${ended.stdout}`;
      assert.match(ended.stderr, new RegExp(`^sextant ${words[0]}: ${reason}: `, 'm'), told);
      assert.equal(ended.status, status, told);
      for (const pattern of says) assert.match(ended.stderr, pattern);
      assert.equal(JSON.parse(ended.stdout).error.reason, reason);
    });
  }

  it('refuse a state folder that is none, before anything is sent', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    const env = { XDG_STATE_HOME: join(folder.path, 'file') };
    for (const words of [['upload', 'head.nii', ...NOBODY], ['sessions']]) {
      const { status, stderr } = await runSextant(words, { cwd: folder.path, env });
      assert.match(stderr, /FILE_UNWRITABLE: .*file\/sextant\/sessions: .*XDG_STATE_HOME/);
      assert.equal(status, 5);
    }
  });

  it('need no state folder for a whole id with its server', async () => {
    const env = { XDG_STATE_HOME: join(folder.path, 'head.nii') };
    const words = ['--session', 'c'.repeat(32), ...NOBODY, '-m', 'any', '--points', '1,2,3'];
    const { stderr } = await runSextant(['annotate', ...words, '--space', 'ras'], {
      ...{ cwd: folder.path, env },
    });
    assert.match(stderr, /SERVICE_UNAVAILABLE/);
  });

  it('set a damaged record aside with a line, and list the others', async () => {
    const records = join(state(), 'sextant/sessions');
    mkdirSync(records, { recursive: true });
    writeFileSync(join(records, 'one.json'), '{"sessionId":');
    const { status, stdout, stderr } = await run('sessions');
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^warning: .*one\.json is damaged; it is set aside as .*\.damaged$/m);
    assert.equal(stdout, 'no sessions; `sextant upload` opens one\n');
    assert.deepEqual(readdirSync(records), ['one.json.damaged']);
  });

  it('tell a server that hangs up from one that is not there, and end', async () => {
    const rude = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(rude, 'listening');
    const address = `127.0.0.1:${(rude.address() as AddressInfo).port}`;
    const { status, stderr } = await run('upload', 'head.nii', '--server', address);
    rude.close();
    assert.match(stderr, /SERVICE_UNAVAILABLE: .*no answer within/);
    assert.equal(status, 5);
  });
});
