import { GATEWAY_SETTINGS } from '#host';
import { runService } from '#host/service';
import { startGateway } from './start.ts';

await runService({
  name: 'gateway',
  usage: 'node dist/gateway/main.js [--inference ADDRESS] [flags]',
  summary:
    'The public door of Sextant: gRPC and HTTP. Keeps volumes and sessions, and asks the inference service for masks.',
  settings: GATEWAY_SETTINGS,
  start: startGateway,
});
