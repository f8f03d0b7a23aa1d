// `npm start`: from a fresh clone to a served sample. Flags go to the server:
// `npm start -- --grpc-port 50061`.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setup } from './setup.mjs';
import { main, ROOT, StepFailed } from './steps.mjs';

const SEXTANT = 'dist/cli/main.js';
const SAMPLE = 'samples/hippocampus';
const MODEL = 'annotation_hippocampus';
const RESULTS = 'annotations/sample';
const PARENT = process.ppid;
/** Flags of the server that npm keeps for itself when no `--` stands before them. */
const FLAGS = ['grpc-port', 'http-port', 'listen', 'data', 'config', 'threads', 'allow-hosts'];

await main(async () => {
  refuseFlagsOfNpm();
  await setup();
  const server = await serve(process.argv.slice(2));
  try {
    console.log(await tour(server));
  } catch (error) {
    server.stop();
    await server.ended;
    throw error;
  }
  const how = await server.ended;
  if (how !== 'in order') throw new StepFailed(`the server ended without being asked to (${how})`);
});

function refuseFlagsOfNpm() {
  for (const flag of FLAGS) {
    if (process.env[`npm_config_${flag.replaceAll('-', '_')}`] === undefined) continue;
    throw new StepFailed(
      `npm has taken --${flag} for a flag of its own: write npm start -- --${flag} VALUE`,
    );
  }
}

/**
 * Starts `sextant serve` and waits until it says that it is ready. It ends on stop(), and by itself
 * when the channel to this process closes, however that happens.
 */
async function serve(flags) {
  // A line for every call would bury the table; --log-level or the variable brings them back.
  const env = { SEXTANT_LOG_LEVEL: 'warn', ...process.env };
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];
  const child = spawn(process.execPath, [SEXTANT, 'serve', ...flags], { cwd: ROOT, env, stdio });
  const stop = () => child.kill('SIGTERM');
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // The terminal was closed.
  process.on('SIGHUP', stop);
  whenNpmIsGone(stop);
  const ended = once(child, 'exit').then(([status, signal]) =>
    status === 0 ? 'in order' : (signal ?? `status ${status}`),
  );
  const ready = await Promise.race([ended.then(() => undefined), readyMessage(child)]);
  // Its own last line has told why.
  if (ready === undefined) {
    const example = 'npm start -- --grpc-port 50061 --http-port 5001';
    throw new StepFailed(`the server did not start; its flags go after two dashes: ${example}`);
  }
  return { ...ready, ended, stop };
}

/**
 * Whoever ends npm itself means this too, and a killed npm cannot say it. package.json starts this
 * script with exec, so that npm is its parent, and not a shell that stays.
 */
function whenNpmIsGone(stop) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const watch = setInterval(() => {
    if (process.ppid === PARENT) return;
    clearInterval(watch);
    stop();
  }, 1000);
  watch.unref();
}

async function readyMessage(child) {
  for (;;) {
    const [message] = await once(child, 'message');
    if (message.type === 'ready') return message;
  }
}

/** Asks the running server for its models and for the sample's mask; answers with what to print. */
async function tour({ grpc: server, http }) {
  const { models } = await sextant('models', '--server', server, '--json');
  rmSync(join(ROOT, RESULTS), { recursive: true, force: true });
  mkdirSync(join(ROOT, RESULTS), { recursive: true });
  const click = ['annotate', `${SAMPLE}/image.nii.gz`, '--model', MODEL];
  click.push('--points', `${SAMPLE}/points.json`);
  const files = ['-o', `${RESULTS}/mask.nii.gz`, '--preview', `${RESULTS}/mask.png`];
  await sextant(...click, ...files, '--server', server, '--json');
  return table([
    ['gRPC', server],
    ['HTTP', `${http}/v1/models`],
    ...models.map(({ name, engine, device }) => ['model', `${name} (${engine} on ${device})`]),
    ['sample mask', `${RESULTS}/mask.nii.gz`],
    ['its picture', `${RESULTS}/mask.png`],
    [
      'try next',
      `npx --no-install sextant ${click.join(' ')} --server ${server} -o my-mask.nii.gz`,
    ],
    ['stop', 'Ctrl-C'],
  ]);
}

function table(rows) {
  const width = Math.max(...rows.map(([name]) => name.length));
  return `\n${rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n')}\n`;
}

async function sextant(...args) {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [SEXTANT, ...args], { cwd: ROOT }).catch(
    (error) => {
      throw new StepFailed(`sextant ${args[0]}: ${error.stderr || error.message}`);
    },
  );
  return JSON.parse(stdout);
}
