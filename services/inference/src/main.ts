import { INFERENCE_SETTINGS } from '#host';
import { runService } from '#host/service';
import { startInference } from './start.ts';

await runService({
  name: 'inference',
  usage: 'node dist/inference/main.js [--config FILE] [flags]',
  summary: 'Keeps models and decoded volumes resident and computes masks for the gateway.',
  settings: INFERENCE_SETTINGS,
  start: startInference,
});
