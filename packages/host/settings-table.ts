import {
  CACHE_LIMIT_BYTES,
  DRAIN_SECONDS,
  MEMORY_LIMIT_BYTES,
  STORE_LIMIT_BYTES,
  STREAM_IDLE_SECONDS,
} from './limits.ts';
import { bytes, integer, numbers, oneOf, type SettingType, text, toggle } from './setting-types.ts';

/** One thing that can be set, declared once: flag, variable, key, help and errors come from it. */
export interface Setting<T = unknown> {
  /** As a flag without its dashes and as key of sextant.json: `grpc-port`. */
  readonly name: string;
  readonly type: SettingType<T>;
  /** Absent: the setting is undefined unless somebody gives it. */
  readonly default?: T;
  /** The default is a path in Sextant's own folder, wherever it is called from. */
  readonly inProject?: boolean;
  readonly unit?: string;
  /** One sentence without a full stop. */
  readonly help: string;
  /** One letter for a short flag: `o` for `-o`. */
  readonly short?: string;
  /** A flag of one command alone, which may have a name that means something else elsewhere: no variable, no key. */
  readonly onlyFlag?: boolean;
  /** Two of its flags are refused: who gives two means both. Elsewhere the last one is meant. */
  readonly once?: boolean;
}

const port = () => integer({ min: 0, max: 65535 });
/** Up to a year: what is kept for longer is an archive. */
const hours = () => integer({ min: 1, max: 8784 });
const KIB = 1024;
const GIB = 1024 ** 3;
const TIB = 1024 ** 4;

/**
 * Every setting of every process: one `sextant.json` serves them all, so a key is unknown only when
 * it is in none. A process names those that it reads.
 */
export const SETTINGS = {
  grpcPort: {
    name: 'grpc-port',
    type: port(),
    default: 50051,
    help: 'TCP port of gRPC; 0 takes a free one',
  },
  httpPort: {
    name: 'http-port',
    type: port(),
    default: 5000,
    help: 'TCP port of HTTP; 0 takes a free one',
  },
  listen: {
    name: 'listen',
    type: text('ADDRESS'),
    default: '127.0.0.1',
    help: 'address of this machine to listen on; there is no authentication yet, so think before you leave loopback',
  },
  inferencePort: {
    name: 'inference-port',
    type: port(),
    default: 50052,
    help: 'TCP port of the inference service; 0 takes a free one',
  },
  allowHosts: {
    name: 'allow-hosts',
    type: text('NAMES', 'host names separated by commas'),
    help: "names besides localhost, this machine's and its addresses that HTTP may be asked under, separated by commas",
  },
  socket: {
    name: 'socket',
    type: text('PATH', 'a path of at most 107 bytes'),
    help: 'listen for gRPC on this unix socket instead of TCP',
  },
  inference: {
    name: 'inference',
    type: text('ADDRESS', 'host:port or unix:/path'),
    default: '127.0.0.1:50052',
    help: 'where the inference service is: host:port or unix:/path',
  },
  convertPort: {
    name: 'convert-port',
    type: port(),
    default: 50053,
    help: 'TCP port of the conversion service; 0 takes a free one',
  },
  dataConvert: {
    name: 'data-convert',
    type: text('ADDRESS', 'host:port or unix:/path'),
    default: '127.0.0.1:50053',
    help: 'where the conversion service is: host:port or unix:/path',
  },
  config: {
    name: 'config',
    type: text('FILE', 'a path to a pool file'),
    default: 'models/engine_pool.json',
    inProject: true,
    help: "which models to load (engine_pool.json); the default is the one in Sextant's own folder",
  },
  data: {
    name: 'data',
    type: text('DIR', 'a path to a folder'),
    default: 'data',
    help: 'folder that keeps volumes and sessions; a relative path starts at the current folder',
  },
  threads: {
    name: 'threads',
    type: integer({ min: 0, max: 1024 }),
    default: 0,
    help: 'threads for computing; 0 takes one for each core',
  },
  onnxruntime: {
    name: 'onnxruntime',
    type: text('PATH', 'a path to libonnxruntime'),
    help: 'another ONNX Runtime library, for instance a GPU build',
  },
  skipBrokenModels: {
    name: 'skip-broken-models',
    type: toggle(),
    default: false,
    help: 'start without the models that do not load',
  },
  device: {
    name: 'device',
    type: oneOf('auto', 'cpu', 'cuda'),
    default: 'auto',
    help: 'where networks run: auto as their JSON says, else on a GPU where there is one; cpu; or cuda, refused where there is none',
  },
  strictEngine: {
    name: 'strict-engine',
    type: toggle(),
    default: false,
    help: 'refuse a model whose device is not there, instead of taking the CPU with a warning',
  },
  keepResults: {
    name: 'keep-results',
    type: toggle(),
    default: false,
    help: "write each mask into its model's result_dir as well: patient data, kept until removed",
  },
  volumeLimit: {
    name: 'volume-limit',
    type: bytes({ min: KIB, max: TIB }),
    default: 4 * GIB,
    help: 'largest volume, inflated',
  },
  conversionMemory: {
    name: 'conversion-memory',
    type: bytes({ min: 1024 * KIB, max: 16 * TIB }),
    help: "memory of the conversion service for voxels that it resamples or that are not DICOM; absent: half of the machine's, or of what its container may use",
  },
  cacheLimit: {
    name: 'cache-limit',
    type: bytes({ min: KIB, max: 16 * TIB }),
    default: CACHE_LIMIT_BYTES,
    help: 'memory for decoded volumes',
  },
  storeLimit: {
    name: 'store-limit',
    type: bytes({ min: KIB, max: 1024 * TIB }),
    default: STORE_LIMIT_BYTES,
    help: 'disk space for stored volumes',
  },
  uploadsPerPeer: {
    name: 'uploads-per-peer',
    type: integer({ min: 1, max: 1_000_000 }),
    default: 256,
    help: 'unfinished uploads that one address may have; behind a proxy everybody is one address',
  },
  sessionsPerPeer: {
    name: 'sessions-per-peer',
    type: integer({ min: 1, max: 1_000_000 }),
    default: 10_000,
    help: 'sessions that one address may have; behind a proxy everybody is one address',
  },
  sessionHours: {
    name: 'session-hours',
    type: hours(),
    default: 24,
    unit: 'hours',
    help: 'how long a session lasts after its last call',
  },
  volumeHours: {
    name: 'volume-hours',
    type: hours(),
    default: 24,
    unit: 'hours',
    help: 'how long a volume is kept after it was sent or its last session ended',
  },
  uploadHours: {
    name: 'upload-hours',
    type: hours(),
    default: 24,
    unit: 'hours',
    help: 'how long an unfinished upload is kept after its last byte',
  },
  streamIdleSeconds: {
    name: 'stream-idle-seconds',
    type: integer({ min: 1, max: 3600 }),
    default: STREAM_IDLE_SECONDS,
    unit: 'seconds',
    help: 'how long a client may send nothing of an upload, or take nothing of a mask, before it is cut; what came of an upload is kept',
  },
  drainSeconds: {
    name: 'drain-seconds',
    type: integer({ min: 0, max: 3600 }),
    default: DRAIN_SECONDS,
    unit: 'seconds',
    help: 'how long running calls may take to end when the server is told to stop; then they are cut',
  },
  logLevel: {
    name: 'log-level',
    type: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    default: 'info',
    help: 'least important log lines to write',
  },
  server: {
    name: 'server',
    type: text('HOST:PORT'),
    help: 'ask this server instead of computing here',
  },
  session: {
    name: 'session',
    type: text('ID'),
    help: 'a session that `sextant upload` has opened, instead of an image: its id, the first digits of it, or last',
  },
  model: {
    name: 'model',
    type: text('NAME'),
    help: 'which model; `sextant models` lists them',
    short: 'm',
  },
  points: {
    name: 'points',
    type: text('POINTS'),
    help: 'six or more outermost places, "x,y,z x,y,z ...", or a JSON file: {"points": [[x, y, z], ...], "space": "ras"}, or the bare list',
  },
  space: {
    name: 'space',
    type: oneOf('index', 'ras', 'lps'),
    help: 'the space of the points, where the JSON file does not say it',
  },
  frame: {
    name: 'frame',
    type: integer({ min: 0, max: 65535 }),
    help: 'which index of the fourth axis, for a 4D image',
  },
  volume: {
    name: 'volume',
    type: text('NAME'),
    help: 'which of several volumes of a folder or an archive: its name, or its number from 1',
  },
  output: {
    name: 'output',
    type: text('FILE'),
    help: 'where to write the mask (.nii or .nii.gz); a file that is there is replaced',
    short: 'o',
  },
  preview: {
    name: 'preview',
    type: text('FILE'),
    help: 'where to write a picture of the mask (.png); a file that is there is replaced',
  },
  input: {
    name: 'input',
    type: text('DIR', 'a path to a folder, a file or an archive'),
    help: 'folder of images, with its subfolders; or one file, zip or tar',
    short: 'd',
    once: true,
  },
  resolution: {
    name: 'resolution',
    type: numbers('MM', 'one spacing in millimetres, or three: "1" or "0.8,0.8,2"'),
    unit: 'mm',
    help: 'spacing of the result, one for all axes or three; absent: as it is',
    short: 'r',
  },
  sourceFormat: {
    name: 'source-format',
    type: oneOf('.dcm', '.nii', '.nii.gz', '.mha', '.mhd', '.nrrd', 'any'),
    default: '.dcm',
    help: 'which images to convert; .dcm is DICOM of any name, any is whatever is an image',
    short: 's',
  },
  outputFormat: {
    name: 'output-format',
    type: oneOf('.nii', '.nii.gz', '.mha', '.mhd', '.nrrd'),
    default: '.nii.gz',
    help: 'format to write',
    short: 'e',
  },
  outputDir: {
    name: 'output-dir',
    type: text('DIR', 'a path to a folder'),
    help: 'folder to write to; the folders of the input are kept below it',
    short: 'o',
  },
  force: {
    name: 'force',
    type: toggle(),
    default: false,
    help: 'write into an output folder that is there; what an earlier conversion wrote is replaced, and nothing else',
    short: 'f',
  },
  label: {
    name: 'label',
    type: toggle(),
    default: false,
    help: 'the images are labels: resampling takes the nearest voxel',
    short: 'l',
  },
  tilt: {
    name: 'tilt',
    type: oneOf('shear', 'resample'),
    default: 'shear',
    help: 'tilted slices: keep every voxel under a sheared affine, or resample to right angles',
  },
  uneven: {
    name: 'uneven',
    type: oneOf('refuse', 'resample', 'keep'),
    default: 'refuse',
    help: 'slices that are missing or unevenly spaced: refuse, resample to the smallest distance, or keep under the mean distance',
  },
  level: {
    name: 'level',
    type: integer({ min: 1, max: 9 }),
    default: 2,
    help: 'compression of .nii.gz and .nrrd: 1 is fastest, 9 smallest',
  },
  jobs: {
    name: 'jobs',
    type: integer({ min: 0, max: 256 }),
    default: 0,
    help: 'volumes that are converted at once; 0 takes one for each core',
  },
  memoryLimit: {
    name: 'memory-limit',
    type: bytes({ min: 1024 * KIB, max: 16 * TIB }),
    default: MEMORY_LIMIT_BYTES,
    help: 'memory for voxels of volumes that are converted at once; one that needs more goes alone',
  },
  chainConfig: {
    name: 'config',
    type: text('FILE', 'a path to a JSON file with pre_transforms'),
    onlyFlag: true,
    help: "a configuration of the guide's form, whose transforms are run",
  },
  section: {
    name: 'section',
    type: oneOf('train', 'validate'),
    onlyFlag: true,
    help: 'which part of a training configuration; train, unless the transforms stand at the top',
  },
  labelFile: {
    name: 'label',
    type: text('FILE', 'a path to a NIfTI file'),
    onlyFlag: true,
    help: 'the label of the image: its field is called "label"',
  },
  seed: {
    name: 'seed',
    type: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    default: 0,
    onlyFlag: true,
    help: 'what random transforms draw from: the same seed gives the same result anywhere',
  },
  json: { name: 'json', type: toggle(), default: false, help: 'print the result as JSON' },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

/** The type of a setting's value once read: undefined is possible only where there is no default. */
export type SettingValue<K extends SettingName> = (typeof SETTINGS)[K] extends {
  type: SettingType<infer T>;
}
  ? (typeof SETTINGS)[K] extends { default: unknown }
    ? T
    : T | undefined
  : never;
