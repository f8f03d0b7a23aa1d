import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '..');

describe('npm start', function () {
  this.timeout(180_000);
  let data: string;

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'sextant-start-'));
  });

  afterEach(() => rmSync(data, { recursive: true, force: true }));

  it('serves, annotates the sample, says what to try next, and leaves nothing behind', async () => {
    const run = start('--grpc-port', '0', '--http-port', '0', '--data', data);
    const output = await run.until(/stop +Ctrl-C/);
    assert.match(output, /gRPC +127\.0\.0\.1:\d+/);
    assert.match(output, /HTTP +http:\/\/127\.0\.0\.1:\d+\/v1\/models/);
    assert.match(output, /model +annotation_hippocampus \(onnx on cpu\)/);
    assert.match(output, /try next +npx --no-install sextant annotate /);
    for (const [, file] of output.matchAll(/(annotations\/sample\/\S+)/g)) {
      assert.ok(statSync(join(ROOT, file ?? '')).size > 0, `${file} is empty`);
    }
    assert.notDeepEqual(run.processes(), []);
    run.interrupt();
    await run.ended;
    assert.deepEqual(run.processes(), []);
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`leaves nothing running when npm alone gets ${signal}`, async () => {
      const run = start('--grpc-port', '0', '--http-port', '0', '--data', data);
      await run.until(/stop +Ctrl-C/);
      run.kill(/^npm start/, signal);
      for (let waits = 0; run.processes().length > 0 && waits < 150; waits++) await pause(100);
      assert.deepEqual(run.processes(), []);
    });
  }

  it('says that the server was killed, and fails', async () => {
    const run = start('--grpc-port', '0', '--http-port', '0', '--data', data);
    await run.until(/stop +Ctrl-C/);
    run.kill(/main\.js serve /, 'SIGKILL');
    assert.equal(await run.ended, 1, run.output());
    assert.match(run.output(), /^error: the server ended without being asked to \(SIGKILL\)$/m);
  });

  it('says where its flags go when npm has taken one', async () => {
    const run = startNpm(['start', '--grpc-port', '50061']);
    assert.equal(await run.ended, 1);
    assert.match(run.output(), /npm start -- --grpc-port/);
  });

  it('names the port that is taken and the flag that gives another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const { port } = other.address() as { port: number };
      const run = start('--grpc-port', String(port), '--http-port', '0', '--data', data);
      const status = await run.ended;
      assert.notEqual(status, 0);
      assert.match(run.output(), new RegExp(`${port}`));
      assert.match(run.output(), /--grpc-port/);
      assert.deepEqual(run.processes(), []);
    } finally {
      other.close();
    }
  });
});

/** Runs `npm start` in a process group of its own, as a terminal would. */
function start(...flags: string[]) {
  return startNpm(['start', '--', ...flags]);
}

function startNpm(words: readonly string[]) {
  const mark = randomUUID();
  const child: ChildProcess = spawn('npm', words, {
    cwd: ROOT,
    detached: true,
    env: { ...process.env, START_TEST_MARK: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const ended = once(child, 'close').then(([status]: unknown[]) => status);
  return {
    ended,
    output: () => text,
    interrupt: () => process.kill(-(child.pid ?? 0), 'SIGINT'),
    /** Command lines of all processes that carry this run's mark in their environment. */
    processes: () => processesWith(mark).map(({ command }) => command),
    /** Sends a signal to the one process of the run with such a command line. */
    kill: (pattern: RegExp, signal: NodeJS.Signals) => {
      const found = processesWith(mark).filter(({ command }) => pattern.test(command));
      assert.equal(found.length, 1, `${pattern}: ${JSON.stringify(processesWith(mark))}`);
      process.kill(found[0]?.pid ?? 0, signal);
    },
    until: async (pattern: RegExp): Promise<string> => {
      while (!pattern.test(text)) {
        const over = await Promise.race([once(child.stdout ?? child, 'data'), ended]);
        if (!Array.isArray(over)) assert.fail(`npm start ended: ${text}`);
      }
      return text;
    },
  };
}

function processesWith(mark: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readProc(pid, 'environ').includes(mark))
    .map((pid) => ({
      pid: Number(pid),
      command: readProc(pid, 'cmdline').replaceAll('\0', ' '),
    }));
}

/** Empty for a process that has just ended, or that is not ours to read. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
