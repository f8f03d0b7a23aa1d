import assert from 'node:assert/strict';
import { UploadVolumeRequest, VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { encodingChunksOnce } from './chunk-encoding.ts';

describe('the encoding of chunks', () => {
  const { requestType } = encodingChunksOnce(VolumeServiceDefinition).methods.uploadVolume;
  const bytesOf = (message: UploadVolumeRequest) =>
    new Uint8Array(requestType.encode(message).finish());

  for (const size of [0, 1, 127, 128, 16_383, 16_384, 1024 * 1024]) {
    it(`is the generated one, byte for byte, of ${size} bytes`, () => {
      const value = Uint8Array.from({ length: size }, (_, n) => n % 251);
      const message: UploadVolumeRequest = { part: { $case: 'chunk', value } };
      const generated = UploadVolumeRequest.encode(message).finish();
      assert.equal(Buffer.compare(bytesOf(message), generated), 0);
    });
  }

  it('leaves headers to the generated one', () => {
    const value = { uploadId: 'u', offsetBytes: 7 };
    const message: UploadVolumeRequest = { part: { $case: 'header', value } };
    assert.deepEqual(bytesOf(message), UploadVolumeRequest.encode(message).finish());
  });

  it('is an ArrayBuffer, which the library does not copy', () => {
    const message: UploadVolumeRequest = { part: { $case: 'chunk', value: new Uint8Array(9) } };
    assert.ok((requestType.encode(message).finish() as unknown) instanceof ArrayBuffer);
  });
});
