import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { SAMPLE, type Services, startServices, uploadMessages } from './running.ts';

const sha256 = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

describe('a proof of possession', function () {
  this.timeout(60_000);
  let services: Services;
  /** SAMPLE's digest, as anybody may read it in a reply or a log. */
  let volumeId: string;
  const sizeBytes = SAMPLE.length;

  before(async () => {
    services = await startServices();
    ({ volumeId } = await services.upload(SAMPLE));
  });
  after(() => services?.stop());

  const announce = (more: { volumeId?: string; sizeBytes?: number } = {}) =>
    services.volumes.createUpload({ sizeBytes, ...more });

  /** How a claim is refused: everything that the client can see of it. */
  async function refusal(uploadId: string, claim: { volumeId: string; proof: Uint8Array }) {
    const error = await services.volumes.proveVolume({ uploadId, ...claim }).then(
      () => assert.fail('the claim was taken'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof SextantError, String(error));
    const { reason, code, subject, message } = error;
    return { reason, code, subject, message };
  }

  it('gives a receipt without a transfer, and the same one again', async () => {
    const { uploadId, nonce } = await announce({ volumeId });
    assert.equal(nonce.length, 32);
    const claim = { uploadId, volumeId, proof: sha256(nonce, SAMPLE) };
    const { receipt } = await services.volumes.proveVolume(claim);
    assert.deepEqual(await services.volumes.proveVolume(claim), { receipt, volumes: [] });
    const { session } = await services.sessions.createSession({ receipt });
    assert.equal(session?.volumeId, volumeId);
    const { offsetBytes } = await services.volumes.getUpload({ uploadId });
    assert.equal(offsetBytes, sizeBytes, 'the upload is done');
  });

  it('that is wrong is refused like one of a volume that is not here', async () => {
    const proof = sha256('anything');
    const wrong = await refusal((await announce()).uploadId, { volumeId, proof });
    assert.equal(wrong.reason, 'POSSESSION_UNPROVEN');
    assert.equal(wrong.code, 'FAILED_PRECONDITION');
    assert.match(wrong.message, /send the bytes/);
    const unknown = { volumeId: 'ab'.repeat(32), proof };
    assert.deepEqual(await refusal((await announce()).uploadId, unknown), wrong);
    const shorter = await announce({ sizeBytes: sizeBytes - 1 });
    const ofAnotherSize = { volumeId, proof: sha256(shorter.nonce, SAMPLE) };
    assert.deepEqual(await refusal(shorter.uploadId, ofAnotherSize), wrong);
    const start = await announce({ sizeBytes: 100 });
    const ofItsStart = { volumeId, proof: sha256(start.nonce, SAMPLE.subarray(0, 100)) };
    assert.deepEqual(await refusal(start.uploadId, ofItsStart), wrong);
  });

  it('can be tried once; the bytes can be sent after it', async () => {
    const { uploadId, nonce } = await announce();
    const wrong = { volumeId, proof: sha256('a guess') };
    const { reason } = await refusal(uploadId, wrong);
    assert.equal(reason, 'POSSESSION_UNPROVEN');
    const right = { volumeId, proof: sha256(nonce, SAMPLE) };
    assert.equal((await refusal(uploadId, right)).reason, 'POSSESSION_UNPROVEN');
    const sent = await services.volumes.uploadVolume(uploadMessages(uploadId, SAMPLE));
    assert.equal(sent.volumeId, volumeId);
    for (const claim of [wrong, right]) {
      assert.equal((await refusal(uploadId, claim)).reason, 'POSSESSION_UNPROVEN');
    }
  });

  it('of one upload is none of another', async () => {
    const overheard = await announce();
    const proof = sha256(overheard.nonce, SAMPLE);
    const { uploadId } = await announce();
    assert.equal((await refusal(uploadId, { volumeId, proof })).reason, 'POSSESSION_UNPROVEN');
  });

  it('is not had by who knows the digest alone', async () => {
    const digest = Buffer.from(volumeId, 'hex');
    const guesses = (nonce: Uint8Array) => [
      digest,
      sha256(nonce),
      sha256(nonce, digest),
      sha256(nonce, volumeId),
      sha256(digest, nonce),
      sha256(nonce, Buffer.alloc(sizeBytes)),
    ];
    for (let guess = 0; guess < 6; guess++) {
      const { uploadId, nonce } = await announce({ volumeId });
      const proof = guesses(nonce)[guess] ?? assert.fail();
      assert.equal((await refusal(uploadId, { volumeId, proof })).reason, 'POSSESSION_UNPROVEN');
      const empty = services.volumes.uploadVolume(uploadMessages(uploadId, new Uint8Array()));
      await assert.rejects(empty, { reason: 'VOLUME_TRUNCATED' });
      const atEnd = services.volumes.uploadVolume(uploadMessages(uploadId, SAMPLE, sizeBytes));
      await assert.rejects(atEnd, { reason: 'UPLOAD_OFFSET_MISMATCH' });
    }
    for (const receipt of [volumeId, volumeId.slice(0, 32)]) {
      await assert.rejects(services.sessions.createSession({ receipt }), {
        reason: 'VOLUME_UNKNOWN',
      });
    }
  });

  it('has a form, and is about the announced volume', async () => {
    const { uploadId, nonce } = await announce({ volumeId });
    const proof = sha256(nonce, SAMPLE);
    const cases: [string, { volumeId: string; proof: Uint8Array }][] = [
      ['volume_id', { volumeId: volumeId.toUpperCase(), proof }],
      ['volume_id', { volumeId: '', proof }],
      ['volume_id', { volumeId: 'ab'.repeat(32), proof }],
      ['proof', { volumeId, proof: proof.subarray(1) }],
      ['proof', { volumeId, proof: new Uint8Array() }],
    ];
    for (const [field, claim] of cases) {
      const { reason, subject } = await refusal(uploadId, claim);
      assert.deepEqual([reason, subject], ['ARGUMENT_INVALID', field]);
    }
    await services.volumes.proveVolume({ uploadId, volumeId, proof });
  });

  it('is not needed for bytes: others than announced are refused, and nothing of them stays', async () => {
    for (const bad of ['x', volumeId.toUpperCase(), `${volumeId}0`]) {
      await assert.rejects(announce({ volumeId: bad }), {
        reason: 'ARGUMENT_INVALID',
        subject: 'volume_id',
      });
    }
    const files = () =>
      ['volumes', 'uploads'].map((name) => readdirSync(join(services.data, name)));
    const before = files();
    const { uploadId } = await announce({ volumeId });
    const other = Buffer.from(SAMPLE).reverse();
    await assert.rejects(services.volumes.uploadVolume(uploadMessages(uploadId, other)), {
      reason: 'VOLUME_DIGEST_MISMATCH',
    });
    await assert.rejects(services.volumes.getUpload({ uploadId }), { reason: 'UPLOAD_UNKNOWN' });
    assert.deepEqual(files(), before);
  });
});
