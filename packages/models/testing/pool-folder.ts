import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of configuration files that is gone after the test. */
export interface PoolFolder {
  readonly path: string;
  /** `engine_pool.json` in it. */
  readonly pool: string;
  write(name: string, content: string | Uint8Array): Promise<void>;
  remove(): Promise<void>;
}

export async function poolFolder(): Promise<PoolFolder> {
  const path = await mkdtemp(join(tmpdir(), 'sextant-pool-'));
  return {
    path,
    pool: join(path, 'engine_pool.json'),
    async write(name, content) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), content);
    },
    remove: () => rm(path, { recursive: true }),
  };
}

/** A pool of one model, a key a line: `name` is on line 3, `labels` on line 7. */
export const ONE_MODEL = `[
  {
    "name": "spleen",
    "class": "Dextr3dCroppedEngine",
    "module": "medical.aas.dextr3dcropped",
    "config_file": "spleen.json",
    "labels": ["spleen"]
  }
]
`;

/** A model JSON for that pool, a key a line: `model_format` is on line 2. */
export const MODEL_JSON = `{
  "model_format": "onnx",
  "model_path": "model.onnx",
  "thresh": 0.5,
  "roi": [4, 4, 4],
  "padding": 2,
  "input_nodes": { "image": "in" },
  "output_nodes": { "model": "out" },
  "batch_size": 1,
  "pre_transforms": [
    { "name": "transforms.VolumeTo4dArray", "fields": ["image", "label"] },
    { "name": "transforms.AddExtremePointsChannel", "image_field": "image", "label_field": "label",
      "sigma": 3, "pert": 0 }
  ],
  "post_transforms": [
    { "name": "transforms.SplitAcrossChannels", "applied_key": "model",
      "channel_names": ["background", "prediction"] }
  ],
  "writers": [
    { "name": "writers.WriteNiftyResults", "applied_key": "prediction" }
  ]
}
`;
