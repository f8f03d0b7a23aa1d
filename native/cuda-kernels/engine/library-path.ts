import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SextantError } from '#errors';

const LIBRARY_NAME = 'libonnxruntime.so.1';

/**
 * The CPU library inside the onnxruntime-node package. The package is only a carrier: its own binding
 * is never loaded, since it blocks the event loop and does not survive a worker that ends in mid-run.
 */
export function packagedLibraryPath(): string {
  const subject = 'onnxruntime';
  const remedy = 'give the path of an ONNX Runtime library: --onnxruntime PATH';
  let folder: string;
  try {
    const manifest = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
    folder = join(dirname(manifest), 'bin');
  } catch (cause) {
    const expected = 'the package onnxruntime-node';
    throw new SextantError('ENGINE_UNAVAILABLE', {
      subject,
      got: 'no such package',
      expected,
      remedy,
      cause,
    });
  }
  // bin/napi-v6/linux/x64: the number is that of Node-API, which the package may raise.
  const candidates = readdirSync(folder)
    .filter((name) => name.startsWith('napi-v'))
    .map((name) => join(folder, name, process.platform, process.arch, LIBRARY_NAME));
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new SextantError('ENGINE_UNAVAILABLE', {
    subject,
    got: `no ${LIBRARY_NAME} for ${process.platform}/${process.arch} in onnxruntime-node`,
    expected: 'a library for this machine',
    remedy,
  });
}
