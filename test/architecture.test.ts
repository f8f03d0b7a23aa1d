import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

interface Rule {
  readonly name: string;
  readonly from: { readonly path?: string };
}

interface Breach {
  readonly file: string;
  readonly imports: string;
  readonly rule: string;
}

const RULES: readonly Rule[] = createRequire(import.meta.url)(
  '../.dependency-cruiser.cjs',
).forbidden;

/** A file that must not be, and the rule that has to say so. */
const PLANTED: readonly Breach[] = [
  { file: 'packages/errors/breach.ts', imports: '#geometry', rule: 'layer-of-errors' },
  { file: 'packages/geometry/breach.ts', imports: '#volume', rule: 'layer-of-geometry' },
  { file: 'packages/host/breach.ts', imports: '#rpc', rule: 'layer-of-host' },
  { file: 'packages/volume/breach.ts', imports: '#annotation', rule: 'layer-of-volume' },
  { file: 'packages/store/breach.ts', imports: '#transforms', rule: 'layer-of-store' },
  { file: 'packages/models/breach.ts', imports: '../../cli/main.ts', rule: 'layer-of-models' },
  {
    file: 'native/cuda-kernels/breach.ts',
    imports: '../../packages/geometry/index.ts',
    rule: 'layer-of-cuda-kernels',
  },
  {
    file: 'packages/annotation/breach-store.ts',
    imports: '#store',
    rule: 'annotation-knows-no-wire-and-no-store',
  },
  {
    file: 'packages/annotation/breach-wire.ts',
    imports: '#proto/sextant/v1/annotation',
    rule: 'annotation-knows-no-wire-and-no-store',
  },
  {
    file: 'services/gateway/src/breach.ts',
    imports: '../../inference/src/main.ts',
    rule: 'faces-never-meet',
  },
  { file: 'cli/breach.ts', imports: '../services/gateway/src/main.ts', rule: 'faces-never-meet' },
  {
    file: 'packages/volume/breach-nifti.ts',
    imports: 'nifti-reader-js',
    rule: 'nifti-reader-js-only-in-its-room',
  },
  {
    file: 'packages/store/breach-grpc.ts',
    imports: '@grpc/grpc-js',
    rule: 'grpc-only-in-faces-rpc-and-host',
  },
  {
    file: 'packages/annotation/breach-inside.ts',
    imports: '../geometry/affine.ts',
    rule: 'packages-by-their-index',
  },
  { file: 'packages/toolbox/index.ts', imports: '#errors', rule: 'room-without-layer' },
  { file: 'packages/preview/breach.ts', imports: './nowhere.ts', rule: 'resolvable' },
  {
    file: 'packages/models/breach-onnx.ts',
    imports: 'onnxruntime-node',
    rule: 'onnxruntime-through-the-addon',
  },
  {
    file: 'packages/contours/breach.ts',
    imports: '#kernels',
    rule: 'contours-without-kernels',
  },
  {
    file: 'packages/host/breach-proof.ts',
    imports: '../geometry/affine.test.ts',
    rule: 'proofs-are-leaves',
  },
  { file: 'packages/models/breach-lmdb.ts', imports: 'lmdb', rule: 'lmdb-only-in-its-room' },
  { file: 'packages/volume/breach-pino.ts', imports: 'pino', rule: 'pino-only-in-its-room' },
  {
    file: 'services/gateway/src/breach-prom.ts',
    imports: 'prom-client',
    rule: 'prom-client-only-in-its-room',
  },
  { file: 'cli/breach-fastify.ts', imports: 'fastify', rule: 'fastify-only-in-its-room' },
  {
    file: 'packages/conversion/breach-dicom.ts',
    imports: 'dicom-parser',
    rule: 'dicom-parser-only-in-its-room',
  },
  { file: 'services/gateway/src/breach-zip.ts', imports: 'yauzl', rule: 'yauzl-only-in-its-room' },
  {
    file: 'services/gateway/src/breach-tar.ts',
    imports: 'tar-stream',
    rule: 'tar-stream-only-in-its-room',
  },
  { file: 'packages/store/breach-cycle.ts', imports: './breach-cycle.ts', rule: 'no-cycles' },
  { file: 'services/gateway/src/breach-npm.ts', imports: 'find-my-way', rule: 'declared' },
  {
    file: 'packages/geometry/breach-check.ts',
    imports: 'fast-check',
    rule: 'no-development-packages-at-run-time',
  },
];

/** Every room, also one that is still to be built, reaches for the top of the house. */
const CLIMBERS: readonly Breach[] = RULES.filter(({ name }) => name.startsWith('layer-of-')).map(
  ({ name, from }) => {
    const room = /^\^\((.+)\)\/$/.exec(from.path ?? '')?.[1] ?? assert.fail(`no room: ${name}`);
    return { file: `${room}/breach-up.ts`, imports: '../../cli/main.ts', rule: name };
  },
);

const BREACHES = [...PLANTED, ...CLIMBERS];

describe('the import rules', () => {
  let house: string;

  before(() => {
    house = copyOfTheHouse();
  });

  after(() => rmSync(house, { recursive: true, force: true }));

  it('are kept', () => {
    const { status, output } = check(house);
    assert.equal(status, 0, output);
  });

  it('are all broken here', () => {
    const broken = new Set(BREACHES.map(({ rule }) => rule));
    assert.deepEqual(
      RULES.map(({ name }) => name).filter((name) => !broken.has(name)),
      [],
      'rules without a breach',
    );
  });

  it('fail for every forbidden import', () => {
    for (const { file, imports } of BREACHES) {
      mkdirSync(dirname(join(house, file)), { recursive: true });
      writeFileSync(join(house, file), `export * from '${imports}';\n`);
    }
    const { status, output } = check(house);
    assert.equal(status, 1, output);
    for (const { file, rule } of BREACHES) {
      assert.ok(output.includes(`${rule}: ${file} ->`), `${rule} missed ${file}:\n${output}`);
    }
  });

  it('fail when no module was seen', () => {
    const empty = mkdtempSync(join(tmpdir(), 'sextant-empty-house-'));
    try {
      furnish(empty, []);
      // dependency-cruiser wants one file that tsconfig.json includes; the cruise is of other folders.
      mkdirSync(join(empty, 'packages'));
      mkdirSync(join(empty, 'scripts'));
      writeFileSync(join(empty, 'scripts/alone.ts'), '');
      const { status, output } = check(empty);
      assert.equal(status, 1, output);
      assert.match(output, /saw no module at all/);
    } finally {
      rmSync(empty, { recursive: true });
    }
  });
});

/** The sources in a folder of their own, so that a breach never lies in the tree that others read. */
function copyOfTheHouse(): string {
  const house = mkdtempSync(join(tmpdir(), 'sextant-house-'));
  furnish(house, ['packages', 'services', 'cli', 'native', 'bench', 'test', 'scripts']);
  return house;
}

function furnish(house: string, folders: readonly string[]): void {
  for (const name of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.json', ...folders]) {
    cpSync(join(ROOT, name), join(house, name), {
      recursive: true,
      filter: (source) => !/\/(build[^/]*|node_modules)$/.test(source),
    });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(house, 'node_modules'));
}

function check(root: string): { status: number | null; output: string } {
  const script = join(ROOT, 'scripts/check-imports.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, root], {
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}
