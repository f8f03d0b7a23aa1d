// Does nothing but write what a stream brings to a file: what an upload is measured beside. Each
// stream has a file of its own, kept as the store keeps its volumes: a file written over and over
// would find its memory warm.
//   node --import=tsx bench/upload/bare-server.ts FOLDER
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Server, ServerCredentials, type ServerReadableStream } from '@grpc/grpc-js';
import { BARE_METHODS } from './bare-method.ts';

const folder = process.argv[2] ?? '';
let files = 0;
const server = new Server();
server.addService(BARE_METHODS, {
  put(call: ServerReadableStream<Buffer, Buffer>, answer: (error: null, reply: Buffer) => void) {
    const path = join(folder, `bare-${++files}`);
    call.pipe(createWriteStream(path)).on('finish', () => answer(null, Buffer.alloc(0)));
  },
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.send?.({ grpcPort: port });
});
process.on('disconnect', () => process.exit());
