import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { PointSpace } from '#proto/sextant/v1/annotation';
import { CLICKS, SAMPLE, type Services, startServices, uploadMessages } from './running.ts';

/** What an id's field answers; it resolves when the id opens it. */
type Field = (id: string) => Promise<unknown>;

const hex = (bytes: number) => randomBytes(bytes).toString('hex');
const digestOf = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

describe('ids that open something', function () {
  this.timeout(60_000);
  let services: Services;
  /** Everything that one user has been told. */
  let own: Record<'upload' | 'doneUpload' | 'receipt' | 'session' | 'volume' | 'nonce', string>;
  let fields: Record<string, Field>;

  before(async () => {
    services = await startServices();
    const { volumes, sessions, annotations } = services;
    const announced = await volumes.createUpload({ sizeBytes: SAMPLE.length });
    const done = await volumes.createUpload({ sizeBytes: SAMPLE.length });
    const sent = await volumes.uploadVolume(uploadMessages(done.uploadId, SAMPLE));
    const { session } = await sessions.createSession({ receipt: sent.receipt });
    own = {
      upload: announced.uploadId,
      doneUpload: done.uploadId,
      receipt: sent.receipt,
      session: session?.sessionId ?? '',
      volume: sent.volumeId,
      nonce: Buffer.from(announced.nonce).toString('hex'),
    };
    const proof = digestOf(announced.nonce, SAMPLE);
    fields = {
      'GetUpload.upload_id': (uploadId) => volumes.getUpload({ uploadId }),
      'UploadVolume.upload_id': (id) => volumes.uploadVolume(uploadMessages(id, SAMPLE)),
      'ProveVolume.upload_id': (uploadId) =>
        volumes.proveVolume({ uploadId, volumeId: own.volume, proof }),
      'CreateSession.receipt': (receipt) => sessions.createSession({ receipt }),
      'GetSession.session_id': (sessionId) => sessions.getSession({ sessionId }),
      'DeleteSession.session_id': (sessionId) => sessions.deleteSession({ sessionId }),
      'Annotate.session_id': async (sessionId) => {
        const space = PointSpace.POINT_SPACE_INDEX;
        const click = { sessionId, model: 'annotation_any', points: CLICKS, space };
        for await (const _ of annotations.annotate(click));
      },
    };
  });
  after(() => services?.stop());

  /** Which of a user's secrets a field is for. A deleted session and a finished upload come last. */
  const OPENS: Record<string, readonly string[]> = {
    'GetUpload.upload_id': ['upload', 'doneUpload'],
    'UploadVolume.upload_id': ['upload', 'doneUpload'],
    'ProveVolume.upload_id': ['upload', 'doneUpload'],
    'CreateSession.receipt': ['receipt'],
    'GetSession.session_id': ['session'],
    'DeleteSession.session_id': ['session'],
    'Annotate.session_id': ['session'],
  };

  async function answerTo(field: Field, id: string): Promise<object> {
    const error = await field(id).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof SextantError, `"${id}" was answered with ${String(error)}`);
    const { reason, code, subject, got, expected, remedy } = error;
    return { reason, code, subject, got, expected, remedy };
  }

  it('open nothing in a field that is not theirs, and it answers as to one that never was', async () => {
    for (const [name, field] of Object.entries(fields)) {
      const never = await answerTo(field, hex(16));
      for (const [kind, secret] of Object.entries(own)) {
        if (OPENS[name]?.includes(kind)) continue;
        assert.deepEqual(await answerTo(field, secret), never, `${kind} in ${name}`);
      }
    }
  });

  it('are whole and exact: one digit less, more or other, another letter case, a form of the digest', async () => {
    for (const [name, field] of Object.entries(fields)) {
      const never = await answerTo(field, hex(16));
      for (const kind of OPENS[name] ?? []) {
        const id = own[kind as keyof typeof own];
        const last = id.endsWith('0') ? '1' : '0';
        const near = [id.slice(0, -1), `${id}0`, id.slice(0, -1) + last, ` ${id}`, `${id}\n`];
        for (const other of [...near, `${id}\0`, hex(32), own.volume.slice(0, 32)]) {
          assert.deepEqual(
            await answerTo(field, other),
            never,
            `${JSON.stringify(other)} in ${name}`,
          );
        }
        if (id !== id.toUpperCase())
          assert.deepEqual(await answerTo(field, id.toUpperCase()), never);
      }
    }
  });

  it('are no paths, no keys of the store, and of no length', async () => {
    const { volume } = own;
    const forms = [
      '',
      '.',
      '..',
      '../volumes',
      `../volumes/${volume}`,
      `${'../'.repeat(20)}etc/passwd`,
      '/etc/passwd',
      `..%2fvolumes%2f${volume}`,
      '..\\volumes',
      `volumes/${volume}`,
      `file://${services.data}/volumes/${volume}`,
      'a\0b',
      '\0'.repeat(32),
      'é'.repeat(16),
      '\u{1f600}'.repeat(8),
      'f'.repeat(100_000),
      '0'.repeat(3_000_000),
      '*',
      "' OR ''='",
      '__proto__',
      'constructor',
    ];
    const before = filesOf(services.data);
    for (const [name, field] of Object.entries(fields)) {
      const never = await answerTo(field, hex(16));
      for (const form of forms) {
        const told = `${JSON.stringify(form.slice(0, 40))} in ${name}`;
        assert.deepEqual(await answerTo(field, form), never, told);
      }
    }
    assert.deepEqual(filesOf(services.data), before, 'no file came or went');
    assert.ok(!existsSync(join(services.data, '../b')));
  });

  it('a digest opens nothing, nor does a proof for another upload, and both answer as to a file that is not there', async () => {
    const { volumes } = services;
    const prove = async (volumeId: string, proofOf: (nonce: Uint8Array) => Uint8Array) => {
      const { uploadId, nonce } = await volumes.createUpload({ sizeBytes: SAMPLE.length });
      const proven = (id: string) =>
        volumes.proveVolume({ uploadId: id, volumeId, proof: proofOf(nonce) });
      return await answerTo(proven, uploadId);
    };
    const absent = await prove(hex(32), () => randomBytes(32));
    const digest = Buffer.from(own.volume, 'hex');
    const otherNonce = Buffer.from(own.nonce, 'hex');
    const wrong: Record<string, (nonce: Uint8Array) => Uint8Array> = {
      'any bytes': () => randomBytes(32),
      'the digest': () => digest,
      'the digest behind the nonce': (nonce) => digestOf(nonce, digest),
      'the bytes without the nonce': () => digestOf(SAMPLE),
      "the proof of another's nonce": () => digestOf(otherNonce, SAMPLE),
      'other bytes': (nonce) => digestOf(nonce, SAMPLE.subarray(1)),
    };
    for (const [what, proofOf] of Object.entries(wrong)) {
      assert.deepEqual(await prove(own.volume, proofOf), absent, what);
    }
  });

  it('an announced digest is not told apart, whether the file is here or not', async () => {
    const { volumes } = services;
    const here = await volumes.createUpload({ sizeBytes: SAMPLE.length, volumeId: own.volume });
    const absent = await volumes.createUpload({ sizeBytes: SAMPLE.length, volumeId: hex(32) });
    assert.deepEqual(Object.keys(here), Object.keys(absent));
    assert.deepEqual(
      [here.uploadId.length, here.nonce.length],
      [absent.uploadId.length, absent.nonce.length],
    );
  });

  it('are told to none who has them not: no list, no reflection, no HTTP', async () => {
    for (const path of ['/v1/sessions', '/v1/session', '/sessions', '/logs', '/v1/models']) {
      const text = await (await fetch(`${services.http}${path}`)).text();
      for (const [kind, secret] of Object.entries(own)) {
        assert.ok(!text.includes(secret), `${kind} at ${path}`);
      }
    }
  });

  it('open what is theirs, to the end', async () => {
    const opened = ['GetUpload.upload_id', 'CreateSession.receipt', 'GetSession.session_id'];
    for (const name of [...opened, 'Annotate.session_id', 'ProveVolume.upload_id']) {
      const [kind] = OPENS[name] ?? [];
      await fields[name]?.(own[kind as keyof typeof own]);
    }
    await fields['DeleteSession.session_id']?.(own.session);
    const gone = fields['GetSession.session_id'] ?? assert.fail();
    assert.deepEqual(await answerTo(gone, own.session), await answerTo(gone, hex(16)));
  });
});

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}
