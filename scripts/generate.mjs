// Makes packages/rpc/generated from proto/: messages, service definitions, and the descriptors that
// reflection answers with. Does nothing when neither the protos nor the tools have changed.
//
//   node scripts/generate.mjs              the generated code
//   node scripts/generate.mjs --contract   also proto/contract.binpb, what `buf breaking` compares
//                                          with: only when a change of the contract is meant
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const protoFolder = join(root, 'proto');
const outputFolder = join(root, 'packages/rpc/generated');
const cacheFolder = join(root, '.cache');
const stampPath = join(outputFolder, '.stamp');

const stamp = stampOfSources();
if (stamp !== readIfThere(stampPath)) generate();
if (process.argv.includes('--contract')) writeContract();

/** Builds beside the target and renames, so that a cut leaves no half-made folder. */
function generate() {
  const fresh = join(cacheFolder, `generated-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  buf(['generate', '--output', fresh]);
  // Serialised messages of one type joined end to end are their union.
  const descriptors = Buffer.concat(
    ['.', 'third-party'].map((module) =>
      buf(['build', module, '--as-file-descriptor-set', '--output', '-#format=binpb']),
    ),
  );
  writeFileSync(join(fresh, 'descriptors.ts'), descriptorModule(descriptors));
  writeFileSync(join(fresh, '.stamp'), stamp);
  mkdirSync(dirname(outputFolder), { recursive: true });
  rmSync(outputFolder, { recursive: true, force: true });
  renameSync(fresh, outputFolder);
  console.log(`generated ${relative(root, outputFolder)}`);
}

function writeContract() {
  const path = join(protoFolder, 'contract.binpb');
  buf(['build', '.', '--exclude-source-info', '--output', path]);
  console.log(`wrote ${relative(root, path)}`);
}

/** A module and not a file to read at run time, so that a bundle carries it along. */
function descriptorModule(bytes) {
  return `/** A serialised google.protobuf.FileDescriptorSet of every proto, with its comments. */
export const DESCRIPTOR_SET_BASE64 =
  '${bytes.toString('base64')}';
`;
}

function buf(args) {
  return execFileSync(
    process.execPath,
    [join(root, 'node_modules/@bufbuild/buf/bin/buf'), ...args],
    {
      cwd: protoFolder,
      env: {
        ...process.env,
        BUF_CACHE_DIR: join(cacheFolder, 'buf'),
        PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 64 * 1024 * 1024,
    },
  );
}

function stampOfSources() {
  const hash = createHash('sha256');
  const sources = readdirSync(protoFolder, { recursive: true })
    .filter((name) => /\.(proto|yaml)$/.test(name))
    .map((name) => join(protoFolder, name))
    .sort();
  const tools = ['ts-proto', '@bufbuild/buf'].map((name) =>
    join(root, 'node_modules', name, 'package.json'),
  );
  for (const path of [fileURLToPath(import.meta.url), ...sources, ...tools]) {
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
