import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

export interface Served {
  /** host:port of gRPC. */
  readonly address: string;
  /** host:port of HTTP. */
  readonly httpAddress: string;
  /** Of `sextant serve`; the services are its children. */
  readonly pid: number;
  /** What it has logged until now, a line of JSON for every call. */
  log(): string;
  stop(): Promise<void>;
}

/** `sextant serve` on a free port, as a child that ends with this process. */
export async function serve(data: string, more: readonly string[] = []): Promise<Served> {
  const flags = ['serve', '--grpc-port', '0', '--http-port', '0', '--data', join(data, 'store')];
  const child = spawn(process.execPath, ['dist/cli/main.js', ...flags, ...more], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  const port = message?.grpcPort ?? assert.fail(`the server did not start:\n${log}`);
  return {
    address: `127.0.0.1:${port}`,
    httpAddress: `127.0.0.1:${message.httpPort}`,
    pid: child.pid ?? 0,
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
