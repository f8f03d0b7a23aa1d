import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import {
  HealthDefinition,
  HealthCheckResponse_ServingStatus as Serving,
} from '#proto/grpc/health/v1/health';
import {
  type ServerReflectionRequest,
  type ServerReflectionResponse,
  ServerReflectionDefinition as V1,
} from '#proto/grpc/reflection/v1/reflection';
import { ServerReflectionDefinition as V1Alpha } from '#proto/grpc/reflection/v1alpha/reflection';
import { createClient, openChannel } from '#rpc';
import { type Services, startServices } from './running.ts';

const PUBLIC = [
  'sextant.v1.AnnotationService',
  'sextant.v1.ConversionService',
  'sextant.v1.ModelService',
  'sextant.v1.SessionService',
  'sextant.v1.VolumeService',
];
const OWN = {
  gateway: PUBLIC,
  inference: ['sextant.v1.InferenceService', 'sextant.v1.MetricsService'],
  'data-convert': ['sextant.v1.ConversionService', 'sextant.v1.MetricsService'],
};
const SHARED = [
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
];

describe('health and reflection', () => {
  let services: Services;
  const channels = new Map<string, ReturnType<typeof openChannel>>();
  before(async () => {
    services = await startServices();
    channels.set('gateway', openChannel(services.address));
    channels.set('inference', openChannel(services.inferenceAddress));
    channels.set('data-convert', openChannel(services.convertAddress));
  });
  after(async () => {
    for (const channel of channels.values()) channel.close();
    await services?.stop();
  });
  const channelOf = (name: string) => channels.get(name) ?? assert.fail();

  for (const [name, own] of Object.entries(OWN)) {
    it(`${name}: Check and Watch say SERVING for each of its services`, async () => {
      const health = createClient(HealthDefinition, channelOf(name));
      await untilServing(async () => (await health.check({})).status);
      for (const service of ['', ...own]) {
        assert.equal((await health.check({ service })).status, Serving.SERVING, service);
        for await (const { status } of health.watch({ service })) {
          assert.equal(status, Serving.SERVING, service);
          break;
        }
      }
      await assert.rejects(health.check({ service: 'sextant.v1.Nobody' }), /unknown service/);
    });

    for (const [version, definition] of [
      ['v1', V1],
      ['v1alpha', V1Alpha],
    ] as const) {
      // What grpcurl sends for `list`, then for `describe SERVICE` of each.
      it(`${name}: reflection ${version} lists its services, and every type resolves`, async () => {
        const client = createClient(definition as typeof V1, channelOf(name));
        const ask = (request: ServerReflectionRequest['messageRequest']) =>
          only(client.serverReflectionInfo(one(request)));
        const listed = await ask({ $case: 'listServices', value: '*' });
        assert.ok(listed.$case === 'listServicesResponse', listed.$case);
        const names = listed.value.service.map((service) => service.name).sort();
        assert.deepEqual(names, [...SHARED, ...own].sort());
        for (const symbol of names) {
          const answer = await ask({ $case: 'fileContainingSymbol', value: symbol });
          assert.ok(answer.$case === 'fileDescriptorResponse', symbol);
          const files = answer.value.fileDescriptorProto.map(fileOf);
          await resolveImports(files, async (path) => {
            const file = await ask({ $case: 'fileByFilename', value: path });
            assert.ok(file.$case === 'fileDescriptorResponse', path);
            return file.value.fileDescriptorProto.map(fileOf);
          });
        }
      });

      it(`${name}: reflection ${version} says NOT_FOUND in the answer for what is not there`, async () => {
        const client = createClient(definition as typeof V1, channelOf(name));
        const request = { $case: 'fileContainingSymbol' as const, value: 'sextant.v1.Nothing' };
        const answer = await only(client.serverReflectionInfo(one(request)));
        assert.ok(answer.$case === 'errorResponse', answer.$case);
        assert.equal(answer.value.errorCode, 5);
      });
    }
  }
});

/** The gateway hears of the inference service's health a moment after its own start. */
async function untilServing(look: () => Promise<Serving>): Promise<void> {
  while ((await look()) !== Serving.SERVING) await pause(10);
}

async function* one(messageRequest: ServerReflectionRequest['messageRequest']) {
  yield { host: '', messageRequest };
}

async function only(answers: AsyncIterable<ServerReflectionResponse>) {
  for await (const { messageResponse } of answers) return messageResponse ?? assert.fail();
  return assert.fail('no answer');
}

interface File {
  name: string;
  imports: string[];
}

/** A FileDescriptorProto's name (field 1) and dependencies (field 3). */
function fileOf(bytes: Uint8Array): File {
  const reader = new BinaryReader(bytes);
  const file: File = { name: '', imports: [] };
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1) file.name = reader.string();
    else if (field === 3) file.imports.push(reader.string());
    else reader.skip(type);
  }
  return file;
}

/** Follows imports as a client does, until every file is there. */
async function resolveImports(
  files: readonly File[],
  fetch: (path: string) => Promise<File[]>,
): Promise<void> {
  const known = new Map(files.map((file) => [file.name, file]));
  for (const file of known.values()) {
    for (const path of file.imports) {
      if (known.has(path)) continue;
      for (const found of await fetch(path)) known.set(found.name, found);
      assert.ok(known.has(path), `${file.name} imports ${path}`);
    }
  }
}
