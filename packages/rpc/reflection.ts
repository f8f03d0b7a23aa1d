import { BinaryReader } from '@bufbuild/protobuf/wire';
import type {
  ServerDuplexStream,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import type { Server } from 'nice-grpc';
import { DESCRIPTOR_SET_BASE64 } from '#proto/descriptors';

/** Full names of the services that reflection itself adds. */
export const REFLECTION_SERVICES = [
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
] as const;

/**
 * Adds grpc.reflection v1 and v1alpha, which tell clients without the protos (grpcurl, buf curl)
 * what the named services look like, comments included.
 */
export function addReflection(server: Pick<Server, 'add'>, services: readonly string[]): void {
  const fileDescriptorProtos = splitDescriptorSet(Buffer.from(DESCRIPTOR_SET_BASE64, 'base64'));
  type Package = ConstructorParameters<typeof ReflectionService>[0];
  const reflection = new ReflectionService(
    { all: { fileDescriptorProtos } } as unknown as Package,
    { services: [...services, ...REFLECTION_SERVICES] },
  );
  // @grpc/reflection speaks to a grpc-js server; ours takes async generators.
  reflection.addToServer({
    addService(
      definition: ServiceDefinition,
      { ServerReflectionInfo }: UntypedServiceImplementation,
    ) {
      const answer = answerer(ServerReflectionInfo as StreamHandler);
      server.add(definition, {
        async *ServerReflectionInfo(requests: AsyncIterable<unknown>) {
          for await (const request of requests) yield answer(request);
        },
      });
    },
  });
}

type StreamHandler = (stream: ServerDuplexStream<unknown, unknown>) => void;

/** The handler answers each 'data' event with one write, at once: as a function, a call of it. */
function answerer(handler: StreamHandler): (request: unknown) => unknown {
  let receive: (request: unknown) => void = () => {};
  let answer: unknown;
  handler({
    on: (event: string, listener: typeof receive) => {
      if (event === 'data') receive = listener;
    },
    write: (message: unknown) => {
      answer = message;
    },
  } as unknown as ServerDuplexStream<unknown, unknown>);
  return (request) => {
    receive(request);
    return answer;
  };
}

/** The serialised files of a google.protobuf.FileDescriptorSet: its field 1. */
function splitDescriptorSet(bytes: Uint8Array): Buffer[] {
  const reader = new BinaryReader(bytes);
  const files: Buffer[] = [];
  while (reader.pos < reader.len) {
    reader.tag();
    files.push(Buffer.from(reader.bytes()));
  }
  return files;
}
