import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  compilePreparation,
  type Field,
  type PreparationSource,
  prepareItem,
  type Sample,
} from '#transforms';
import { needs, SHARED } from '../outside-data.ts';
import { runTwin } from './twin.ts';

const HIPPOCAMPI = join(SHARED, 'data/hippocampus');
const ITEMS = ['003', '015', '250'];

interface Printed {
  readonly what: string;
  readonly source: () => PreparationSource;
  /** How often it is run for each item: random chains with other draws each time. */
  readonly epochs: number;
}

const config = (name: string) => JSON.parse(readFileSync(join(SHARED, 'configs', name), 'utf8'));

const PRINTED: readonly Printed[] = [
  {
    what: 'training (6.1)',
    source: () => config('config_train_aiaa_Task09_Spleen.json').train,
    epochs: 3,
  },
  {
    what: 'validation (6.1)',
    source: () => config('config_train_aiaa_Task09_Spleen.json').validate,
    epochs: 1,
  },
  {
    what: 'inference (8.1)',
    source: () => config('config_infer_aiaa_Task09_Spleen.json'),
    epochs: 1,
  },
  {
    what: 'evaluation (9.1)',
    source: () => config('config_eval_aiaa_Task09_Spleen.json'),
    epochs: 1,
  },
  { what: 'annotation (4.1.1)', source: () => config('annotation_spleen.json'), epochs: 1 },
];

describe('the printed chains, beside a twin in numpy and scipy', function () {
  this.timeout(120_000);
  before(function () {
    needs(this, HIPPOCAMPI, 'the specification beside the repository');
    needs(this, '/usr/lib/python3/dist-packages/scipy', 'apt install python3-scipy');
    needs(this, '/usr/lib/python3/dist-packages/nibabel', 'apt install python3-nibabel');
  });

  for (const { what, source, epochs } of PRINTED) {
    it(`${what}: the same arrays`, async () => {
      for (const [item, name] of ITEMS.entries()) {
        for (let epoch = 0; epoch < epochs; epoch++) {
          await compare(source(), name, { seed: 0x1_2345_6789, epoch, item });
        }
      }
    });
  }
});

async function compare(source: PreparationSource, name: string, sample: Sample): Promise<void> {
  const files = {
    image: [join(HIPPOCAMPI, `images/hippocampus_${name}.nii.gz`)],
    label: [join(HIPPOCAMPI, `labels/hippocampus_${name}.nii.gz`)],
  };
  const { preparation, problems } = compilePreparation(source, { files, hasPoints: false });
  assert.deepEqual(problems, []);
  assert.ok(preparation);
  using fields = await prepareItem(preparation, { files, sample });
  const { preloaded, absent } = preparation;
  const transforms = [...source.pre_transforms, ...(source.post_transforms ?? [])].filter(
    (json) => !absent.includes(Object(json).applied_key),
  );
  const paths = { image: files.image[0] ?? '', label: files.label[0] ?? '' };
  const twin = runTwin({ transforms, files: paths, preloaded, sample });
  assert.deepEqual(
    [...fields.entries()].map(([key]) => key).toSorted(),
    [...twin.keys()].toSorted(),
  );
  for (const [key, value] of fields.entries()) {
    assert.ok(value.kind === 'array');
    assertSame(`${name} epoch ${sample.epoch} ${key}`, value, twin.get(key) ?? assert.fail());
  }
}

/** Labels to the voxel; values to float32's rounding of the brightest, over the slope of the scaling. */
function assertSame(
  what: string,
  { storage, channels, hasChannels, isLabel }: Field,
  twin: { shape: readonly number[]; values: Float32Array },
): void {
  using used = storage.slice(0, 0, channels);
  const [, ...space] = used.shape;
  assert.deepEqual(hasChannels ? [...used.shape] : space, twin.shape, what);
  const ours = used.toArray();
  let largest = 0;
  for (let n = 0; n < twin.values.length; n++) {
    largest = Math.max(largest, Math.abs(Number(ours[n]) - (twin.values[n] ?? Number.NaN)));
  }
  const tolerance = isLabel ? 0 : 2e-5;
  assert.ok(largest <= tolerance, `${what}: ${largest} apart`);
}
