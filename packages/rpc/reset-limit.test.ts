import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type ModelServiceImplementation,
  ModelServiceDefinition as Models,
} from '#proto/sextant/v1/model';
import type { CallInfo } from './calls.ts';
import { createClient, openChannel } from './client.ts';
import { startServer } from './server.ts';

/** Three times what nghttp2 bears at once. */
const CANCELS = 3000;

describe('a connection on which much is cancelled', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-resets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const kind of ['TCP port', 'unix socket']) {
    it(`loses none of its other calls, on a ${kind}`, async () => {
      let release = () => {};
      const released = new Promise<void>((resolve) => (release = resolve));
      const models: ModelServiceImplementation<CallInfo> = {
        async listModels({ label }, { signal }) {
          const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
          await Promise.race([released, ...(label === 'long' ? [] : [aborted])]);
          return { models: [] };
        },
        async getModel() {
          return {};
        },
      };
      const address = kind === 'TCP port' ? '127.0.0.1:0' : `unix:${join(folder, 's')}`;
      const server = await startServer({
        address,
        flag: '--grpc-port',
        services: [Models.fullName],
        add: (target) => target.add(Models, models),
        serving: true,
        onFinished() {},
      });
      const channel = openChannel(kind === 'TCP port' ? `127.0.0.1:${server.port}` : address);
      const client = createClient(Models, channel);
      try {
        const long = client.listModels({ label: 'long' });
        long.catch(() => {});
        for (let left = CANCELS; left > 0; left -= 50) {
          await Promise.all(Array.from({ length: 50 }, () => cancelled(client)));
        }
        await client.getModel({ name: 'any' });
        release();
        assert.deepEqual((await long).models, []);
      } finally {
        release();
        channel.close();
        server.abandon();
        await server.drain();
      }
    });
  }
});

async function cancelled(client: { listModels: ListModels }): Promise<void> {
  const controller = new AbortController();
  const call = client.listModels({}, { signal: controller.signal });
  const outcome = assert.rejects(call, { reason: 'CANCELLED' });
  // The server is to hear of the call before it hears of its end.
  for (let i = 0; i < 10; i++) await turn();
  controller.abort();
  await outcome;
}

type ListModels = (request: object, options: { signal: AbortSignal }) => Promise<unknown>;
