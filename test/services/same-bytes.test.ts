import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { ModelPool } from '#models';
import { maskAndRunLengthsOf } from '../../packages/annotation/testing/annotate-structure.ts';
import { readImage } from '../../packages/annotation/testing/images.ts';
import {
  HIPPOCAMPUS,
  hippocampusImage,
  hippocampusPoints,
} from '../../packages/annotation/testing/measured.ts';
import { shippedModels } from '../../packages/annotation/testing/shipped-models.ts';
import { needs } from '../outside-data.ts';
import { runLengthsOver } from './run-lengths.ts';
import { type Services, startServices } from './running.ts';

/** Every 40th of the 208: the bench of Dice has them all. */
const SAMPLE_STEP = 40;

describe('the same bytes in process and over gRPC', () => {
  let pool: ModelPool;
  let services: Services;
  before(async function () {
    needs(this, HIPPOCAMPUS, 'the data of the specification');
    pool = await shippedModels();
    services = await startServices();
  });
  after(async () => {
    await services?.stop();
    pool?.dispose();
  });

  for (const name of ['annotation_hippocampus', 'annotation_any']) {
    it(`of real hippocampi, with ${name}`, async () => {
      const sample = [...hippocampusPoints()].filter((_, at) => at % SAMPLE_STEP === 0);
      assert.equal(sample.length, 6);
      for (const [image, points] of sample) {
        const path = hippocampusImage(image);
        const volume = await readImage(path);
        const here = await maskAndRunLengthsOf(pool.get(name), volume, points);
        volume.dispose();
        const sessionId = await services.open(await readFile(path));
        const there = await runLengthsOver(services, { sessionId, model: name, points });
        assert.ok(here.mask.includes(1), `${image}: an empty mask would show nothing`);
        assert.ok(there.equals(here.runLengths), `${image}: other bytes over gRPC`);
      }
    });
  }
});
