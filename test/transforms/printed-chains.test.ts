import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PreparationSource } from '#transforms';
import { SHARED } from '../outside-data.ts';
import { compareWithTwin, needsTwin } from './compare.ts';

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
    needsTwin(this);
  });

  for (const { what, source, epochs } of PRINTED) {
    it(`${what}: the same arrays`, async () => {
      for (const [item, name] of ITEMS.entries()) {
        for (let epoch = 0; epoch < epochs; epoch++) {
          await compareWithTwin(source(), name, { seed: 0x1_2345_6789, epoch, item });
        }
      }
    });
  }
});
