import { annotate, encodeNiftiGzip, prepareVolume } from '#annotation';
import { readNifti } from '#volume/nifti';
import { type Answer, type Question, STEPS } from './answer.ts';
import { checkImage } from './check-image.ts';
import type { LocalModelSettings } from './local-model-settings.ts';
import { openLocalModels } from './local-models.ts';

/** The whole click in this process: decode, annotate, encode. */
export async function annotateHere(
  question: Question,
  settings: LocalModelSettings,
): Promise<Answer> {
  const { imagePath, frame, points, space, volumeLimitBytes, signal, onStep } = question;
  await checkImage(question);
  onStep('loading the models');
  const pool = await openLocalModels(settings, signal);
  try {
    const model = pool.get(question.model);
    onStep(STEPS.decode ?? '');
    const started = performance.now();
    const chosen = frame === undefined ? {} : { frame };
    const decoded = await readNifti({ path: imagePath }, { volumeLimitBytes, ...chosen, signal });
    const volume = await prepareVolume(decoded, { signal });
    const decodeMs = performance.now() - started;
    try {
      const onStage = (stage: string) => onStep(STEPS[stage] ?? stage);
      const annotation = await annotate({ model, volume, points, space, signal, onStage });
      onStage('encode');
      const mask = await encodeNiftiGzip(annotation, signal);
      annotation.dispose();
      const stages = [{ stage: 'decode', ms: decodeMs }, ...annotation.stageTimes];
      return {
        mask,
        grid: annotation.grid,
        labels: annotation.labels,
        maskVoxels: annotation.voxels,
        box: annotation.box,
        stageTimes: stages.map(({ stage, ms }) => ({ stage, milliseconds: ms })),
        warnings: annotation.warnings,
      };
    } finally {
      volume.dispose();
    }
  } finally {
    pool.dispose();
  }
}
