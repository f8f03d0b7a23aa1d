import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StepFailed } from './steps.mjs';

/**
 * Debian packages that cannot come from npm. `present` is a command on the PATH (no slash) or a
 * file; checking for files and not for packages lets another distribution satisfy them too.
 */
const PACKAGES = [
  { name: 'g++', present: 'g++', need: 'build' },
  { name: 'make', present: 'make', need: 'build' },
  { name: 'cmake', present: 'cmake', need: 'build' },
  // Wanted, and done without: .gz is slower, and DICOM of 12 bit JPEG is refused by name.
  { name: 'libisal-dev', present: '/usr/include/isa-l/igzip_lib.h', need: 'wanted' },
  { name: 'libgdcm-dev', present: '/usr/include/gdcm-3.0/gdcmImage.h', need: 'wanted' },
  ...(process.arch === 'arm64'
    ? []
    : [{ name: 'g++-aarch64-linux-gnu', present: 'aarch64-linux-gnu-g++', need: 'test' }]),
  { name: 'doctest-dev', present: '/usr/include/doctest/doctest.h', need: 'test' },
  { name: 'python3-nibabel', present: python('nibabel'), need: 'test' },
  // What conversion is compared with.
  { name: 'libinsighttoolkit5-dev', present: '/usr/include/ITK-5.2/itkImage.h', need: 'test' },
  { name: 'python3-pydicom', present: python('pydicom'), need: 'test' },
  { name: 'python3-scipy', present: python('scipy'), need: 'test' },
  { name: 'python3-grpcio', present: python('grpc'), need: 'test' },
  { name: 'python3-protobuf', present: python('google/protobuf'), need: 'test' },
  { name: 'protobuf-compiler', present: 'protoc', need: 'test' },
  {
    name: 'libprotobuf-dev',
    present: '/usr/include/google/protobuf/timestamp.proto',
    need: 'test',
  },
  { name: 'protobuf-compiler-grpc', present: 'grpc_python_plugin', need: 'test' },
  { name: 'dcm2niix', present: 'dcm2niix', need: 'test' },
  { name: 'mricron-data', present: '/usr/share/mricron/templates/ch2.nii.gz', need: 'test' },
];

function python(module) {
  return `/usr/lib/python3/dist-packages/${module}`;
}

/** Installs what is missing, or says in one line how to. With `tests`, the tests' references too. */
export function ensureSystemPackages({ tests }) {
  const missing = PACKAGES.filter(
    (entry) => (tests ? entry.need !== 'wanted' : entry.need === 'build') && !found(entry),
  );
  ensureWanted();
  if (missing.length === 0) return;
  const names = missing.map((entry) => entry.name);
  console.log(`missing system packages: ${names.join(' ')}`);
  const prefix = installPrefix();
  if (prefix === undefined) {
    throw new StepFailed(
      `install them with this line, then run the command again:\n${byHand(names)}`,
    );
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  apt([...prefix, 'apt-get', 'update', '-qq'], environment);
  const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names];
  apt([...prefix, ...install], environment);
  const still = missing.filter((entry) => !found(entry)).map((entry) => entry.name);
  if (still.length > 0) {
    throw new StepFailed(`apt-get ended well, but these are still not found: ${still.join(' ')}`);
  }
}

/** Installs what is wanted where that can be done; without it one line says so, and all goes on. */
function ensureWanted() {
  const missing = PACKAGES.filter((entry) => entry.need === 'wanted' && !found(entry));
  if (missing.length === 0) return;
  const names = missing.map((entry) => entry.name);
  const prefix = installPrefix();
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names];
  const steps = prefix === undefined ? [] : [['apt-get', 'update', '-qq'], install];
  for (const step of steps) {
    const [command, ...args] = [...prefix, ...step];
    spawnSync(command, args, { stdio: 'ignore', env: environment });
  }
  const still = missing.filter((entry) => !found(entry)).map((entry) => entry.name);
  if (still.length > 0) console.log(`going on without ${still.join(' ')}: ${byHand(still)}`);
}

function found({ present }) {
  if (present.startsWith('/')) return existsSync(present);
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => isExecutable(join(folder, present)));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The words before `apt-get`, or undefined when this user may not or does not want to install. */
function installPrefix() {
  if (process.env.SEXTANT_NO_INSTALL === '1') return undefined;
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return undefined;
  if (process.getuid?.() === 0) return [];
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  return sudo.status === 0 ? ['sudo', '-n', '--preserve-env=DEBIAN_FRONTEND'] : undefined;
}

function byHand(names) {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const install = `${sudo}apt-get install -y --no-install-recommends ${names.join(' ')}`;
  return `${sudo}apt-get update && ${install}`;
}

function apt([command, ...args], env) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env });
  if (status !== 0) throw new StepFailed(`${[command, ...args].join(' ')} failed`);
}
