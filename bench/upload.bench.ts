// An upload over loopback, client and server in processes of their own, beside a bare stream of the
// same chunks to a file: no protobuf, no digest, no fsync. Both servers have the flags of Node that
// `sextant serve` gives its services. Then four uploads at once, for the event loop.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_FLAGS } from '../cli/child-service.ts';
import { comparePairs } from '../native/cuda-kernels/test/pairs.ts';
import type { Order } from './upload/client.ts';

const BYTES = 150 * 1000 * 1000;
const TOGETHER = 4;
const HERE = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), 'sextant-bench-upload-'));
const children: ChildProcess[] = [];

function start(path: string, args: readonly string[], execArgv: readonly string[]): ChildProcess {
  const child = fork(path, args, {
    execArgv: [...execArgv],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  return child;
}

async function answer<T>(child: ChildProcess, question?: Order | 'delay'): Promise<T> {
  const over = new AbortController();
  const answered = once(child, 'message', over);
  const ended = once(child, 'exit', over).then(() => {
    throw new Error(`${child.spawnargs.join(' ')} ended`);
  });
  if (question !== undefined) child.send(question);
  try {
    const [message] = await Promise.race([answered, ended]);
    return message as T;
  } finally {
    over.abort();
    ended.catch(() => undefined);
  }
}

async function timed(client: ChildProcess, to: Order['to'], port: number): Promise<number> {
  return (await answer<{ ms: number }>(client, { to, port, bytes: BYTES })).ms;
}

function memoryMiB({ pid }: ChildProcess, what: 'VmHWM' | 'VmRSS'): number {
  const line = new RegExp(`^${what}:\\s+(\\d+) kB`, 'm');
  return Number(line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

const rate = (ms: number) => `${(BYTES / 1000 / ms).toFixed(0)} MB/s`;

try {
  const tsx = ['--import=tsx'];
  const likeServe = [...tsx, ...NODE_FLAGS];
  const bare = start(join(HERE, 'upload/bare-server.ts'), [folder], likeServe);
  const { grpcPort: barePort } = await answer<{ grpcPort: number }>(bare);
  const ports = ['--grpc-port', '0', '--http-port', '0'];
  const flags = [...ports, '--log-level', 'warn', '--data', join(folder, 'store')];
  const gateway = start(join(HERE, '../dist/gateway/main.js'), flags, [
    ...NODE_FLAGS,
    `--import=${join(HERE, 'upload/loop-delay.mjs')}`,
  ]);
  const { grpcPort } = await answer<{ grpcPort: number }>(gateway);
  const idleMiB = memoryMiB(gateway, 'VmRSS');
  const clients = Array.from({ length: TOGETHER }, () =>
    start(join(HERE, 'upload/client.ts'), [], tsx),
  );
  const [client] = clients;
  if (client === undefined) throw new Error('no client');

  const { oursMs, rivalMs, ratio } = await comparePairs(
    { name: 'upload', run: () => timed(client, 'sextant', grpcPort) },
    { name: 'bare stream', run: () => timed(client, 'bare', barePort) },
    { pairs: 7 },
  );
  console.log(
    `upload of 150 MB   sextant ${rate(oursMs)}   bare grpc-js stream to a file ${rate(rivalMs)}   ` +
      `${ratio.toFixed(2)} of its speed (aim 0.8; median of the pairs)`,
  );

  await answer(gateway, 'delay');
  const begun = performance.now();
  await Promise.all(clients.map((one) => timed(one, 'sextant', grpcPort)));
  const all = rate((performance.now() - begun) / TOGETHER);
  const { p99Ms, worstMs } = await answer<{ p99Ms: number; worstMs: number }>(gateway, 'delay');
  console.log(
    `four at once       sextant ${all} together; the gateway's event loop was late by ` +
      `${p99Ms.toFixed(1)} ms at p99 (aim 20), ${worstMs.toFixed(1)} ms at worst`,
  );
  const peakMiB = memoryMiB(gateway, 'VmHWM');
  console.log(
    `memory             gateway ${idleMiB.toFixed(0)} MiB idle, ${peakMiB.toFixed(0)} MiB at most`,
  );
} finally {
  for (const child of children) child.kill();
  await Promise.all(
    children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')),
  );
  rmSync(folder, { recursive: true, force: true });
}
