import { runService } from '#host';
import { startInference } from './start.ts';

await runService({
  name: 'inference',
  usage: 'node dist/inference/main.js [--config FILE] [flags]',
  summary: 'Keeps models and decoded volumes resident and computes masks for the gateway.',
  settings: [
    'config',
    'data',
    'listen',
    'inferencePort',
    'socket',
    'threads',
    'onnxruntime',
    'skipBrokenModels',
    'strictEngine',
    'keepResults',
    'volumeLimit',
    'cacheLimit',
    'logLevel',
  ],
  start: startInference,
});
