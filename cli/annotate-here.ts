import { click, encodeNiftiGzip, prepareVolume } from '#annotation';
import { aboutImage } from '#volume';
import { readNifti } from '#volume/nifti';
import type { Answer, ImageQuestion } from './answer.ts';
import { checkQuestion } from './check-image.ts';
import type { LocalModelSettings } from './local-model-settings.ts';
import { openLocalModels } from './local-models.ts';
import { stepText } from './step-text.ts';

/** The whole click in this process: decode, annotate, encode. */
export async function annotateHere(
  question: ImageQuestion,
  settings: LocalModelSettings,
): Promise<Answer> {
  try {
    return await annotateFile(question, settings);
  } catch (error) {
    throw aboutImage(error, question.givenPath);
  }
}

async function annotateFile(
  question: ImageQuestion,
  settings: LocalModelSettings,
): Promise<Answer> {
  const { imagePath, frame, points, space, volumeLimitBytes, signal, onStep } = question;
  await checkQuestion(question);
  onStep('loading the models');
  const pool = await openLocalModels(settings, signal);
  try {
    const model = pool.get(question.model);
    const chosen = frame === undefined ? {} : { frame };
    const decode = async () => {
      const decoded = await readNifti({ path: imagePath }, { volumeLimitBytes, ...chosen, signal });
      const volume = await prepareVolume(decoded, { signal });
      return { volume, [Symbol.dispose]: () => volume.dispose() };
    };
    const onStage = (stage: string) => onStep(stepText({ stage }));
    const { keepResults } = settings;
    const how = { encode: encodeNiftiGzip, keepResults, signal, onStage };
    const clicked = await click({ model, decode, points, space, ...how });
    const { mask, grid, labels, voxels, box, stageTimes, warnings } = clicked;
    return {
      mask,
      grid,
      labels,
      maskVoxels: voxels,
      box,
      stageTimes: stageTimes.map(({ stage, ms }) => ({ stage, milliseconds: ms })),
      warnings,
    };
  } finally {
    pool.dispose();
  }
}
