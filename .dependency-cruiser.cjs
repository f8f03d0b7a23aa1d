// The import rules of docs/ARCHITECTURE.md, held by `npm run lint`.

/** Rooms by layer. A room imports any lower layer, none beside it and none above it. */
const LAYERS = [
  ['packages/errors'],
  ['packages/geometry', 'packages/host', 'packages/rpc', 'native/cuda-kernels'],
  ['packages/volume'],
  [
    'packages/dicom',
    'packages/store',
    'packages/contours',
    'packages/transforms',
    'packages/preview',
  ],
  ['packages/models'],
  ['packages/annotation', 'packages/conversion'],
];
const ROOMS = LAYERS.flat();
const FACES = ['services', 'cli'];
const PROOFS = '^(test|bench)/';
/** A bench may call what the project itself must not. */
const RIVALS = ['^bench/', '/bench\\.ts$'];

const folders = (paths) => `^(${paths.join('|')})/`;
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})/`;

function layerRule(room, level) {
  const beside = LAYERS.slice(level)
    .flat()
    .filter((other) => other !== room);
  return {
    name: `layer-of-${room.split('/').at(-1)}`,
    comment: 'A room imports lower layers only.',
    severity: 'error',
    from: { path: folders([room]) },
    to: { path: folders([...beside, ...FACES]) },
  };
}

function forbid(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}

/** Packages of npm that belong to one room, so that they can be exchanged in one place. */
const OWNED = [
  ['nifti-reader-js', ['packages/volume/nifti']],
  ['lmdb', ['packages/store']],
  ['pino', ['packages/host/service']],
  ['prom-client', ['packages/host/service']],
  ['dicom-parser', ['packages/dicom']],
  ['yauzl', ['packages/conversion']],
  ['tar-stream', ['packages/conversion', 'cli']],
  ['fastify', ['services/gateway']],
];

module.exports = {
  forbidden: [
    ...LAYERS.flatMap((rooms, level) => rooms.map((room) => layerRule(room, level))),
    forbid(
      'room-without-layer',
      'A new package takes its place in LAYERS of .dependency-cruiser.cjs.',
      { path: `^packages/(?!(${ROOMS.map((room) => room.replace('packages/', '')).join('|')})/)` },
      {},
    ),
    forbid(
      'annotation-knows-no-wire-and-no-store',
      'The use cases get a volume; where it came from and who asked is for services.',
      { path: '^packages/annotation/' },
      { path: '^packages/(store|dicom|rpc)/' },
    ),
    forbid(
      'contours-without-kernels',
      'Polygons are traced in TypeScript.',
      { path: '^packages/contours/' },
      { path: '^native/cuda-kernels/' },
    ),
    forbid(
      'faces-never-meet',
      'Services and the command line meet in proto/.',
      { path: '^(services/[^/]+|cli)/' },
      { path: folders(FACES), pathNot: '^$1/' },
    ),
    forbid(
      'packages-by-their-index',
      "Another package's insides are reached through its index.ts (or that of a named part).",
      {
        path: '^(packages/[^/]+|native/cuda-kernels|services/[^/]+|cli)/',
        pathNot: ['\\.test\\.ts$', '/testing/[^/]+\\.ts$'],
      },
      {
        path: folders(ROOMS),
        pathNot: ['^$1/', '/index\\.ts$', '^packages/rpc/generated/'],
      },
    ),
    forbid(
      'proofs-are-leaves',
      'Nothing that runs imports tests or benches.',
      { pathNot: [PROOFS, '\\.test\\.ts$', '/testing/[^/]+\\.ts$', '/bench\\.ts$'] },
      { path: [PROOFS, '\\.test\\.ts$'] },
    ),
    forbid(
      'grpc-only-in-faces-rpc-and-host',
      'Packages know no wire.',
      { pathNot: ['^(packages/(rpc|host)|services|cli)/', PROOFS] },
      { path: npm('@grpc/[^/]+', 'nice-grpc[^/]*') },
    ),
    ...OWNED.map(([name, owners]) =>
      forbid(
        `${name}-only-in-its-room`,
        `Only ${owners.join(', ')} imports ${name}.`,
        { pathNot: [folders(owners), PROOFS] },
        { path: npm(name) },
      ),
    ),
    forbid(
      'onnxruntime-through-the-addon',
      "Its JavaScript face blocks the event loop: the addon drives the library's C API.",
      { pathNot: RIVALS },
      { path: npm('onnxruntime-node') },
    ),
    forbid(
      'no-cycles',
      'Modules load in one order; types may name each other.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid('resolvable', 'An import must lead somewhere.', {}, { couldNotResolve: true }),
    forbid(
      'declared',
      'What is imported stands in package.json.',
      { pathNot: RIVALS },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    forbid(
      'no-development-packages-at-run-time',
      'What runs may import only dependencies.',
      {
        path: '^(packages|services|cli|native)/',
        pathNot: '(\\.test|/cases|/bench|/reference|/testing/[^/]+)\\.ts$',
      },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.cache|native/cuda-kernels/build[^/]*)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
