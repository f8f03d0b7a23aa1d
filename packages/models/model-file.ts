import { stat } from 'node:fs/promises';
import type { ConfigProblem } from '#transforms';

/** Endings of TensorFlow's graphs and checkpoints; the guide's files are `.trt.pb` and `.fzn.pb`. */
const TENSORFLOW = /\.(pb|pbtxt|ckpt|meta|ckpt\.(index|data-\d+-of-\d+)|h5|savedmodel)$/i;

/** Why `modelPath`, which the model JSON calls `written`, cannot be loaded, before it is opened. */
export async function modelFileProblem(
  modelPath: string,
  written: string,
): Promise<ConfigProblem | undefined> {
  const path = ['model_path'];
  if (TENSORFLOW.test(written)) {
    return {
      path,
      at: 'value',
      got: `"${written}", a TensorFlow graph`,
      expected: 'an ONNX file',
      remedy: 'export the network to ONNX, for instance with tf2onnx, and name the .onnx file here',
    };
  }
  const found = await stat(modelPath).catch(() => undefined);
  if (found?.isFile()) return undefined;
  const got =
    found === undefined ? `"${modelPath}", which is not there` : `"${modelPath}", no file`;
  return { path, at: 'value', got, expected: 'an ONNX file, relative to this JSON file' };
}
