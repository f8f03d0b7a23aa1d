import { SextantError } from '#errors';
import { EXIT_CODES } from '#host';
import { aboutImage } from '#volume';
import { checkImage } from './check-image.ts';
import { columns } from './columns.ts';
import type { Call, Command } from './command.ts';
import { withServer } from './connect.ts';
import { expiryText } from './expiry-text.ts';
import { gridText } from './grid-text.ts';
import { interruption } from './interruption.ts';
import { ID_PREFIX_DIGITS } from './limits.ts';
import { niftiImage } from './nifti-image.ts';
import { type Opened, openSession } from './open-session.ts';
import { type ProgressLine, progressLine } from './progress-line.ts';
import { requiredServer } from './required-server.ts';
import { openSessionMemory, type SessionMemory } from './session-memory.ts';
import { megabytes } from './transfer-progress.ts';

const SETTINGS_READ = [
  'server',
  'frame',
  'volume',
  'tilt',
  'uneven',
  'json',
  'volumeLimit',
] as const;

type UploadCall = Call<(typeof SETTINGS_READ)[number]>;

export const uploadCommand: Command<(typeof SETTINGS_READ)[number]> = {
  usage: 'sextant upload IMAGE --server HOST:PORT [--volume NAME] [--frame N] [--json]',
  summary: [
    'Sends an image to a server and opens a session on it, so that clicks need not send it. IMAGE is',
    'NIfTI (.nii, .nii.gz, .hdr and .img), MetaImage, NRRD, or DICOM: a folder, or a zip or tar of',
    'one. What is no NIfTI is converted here: nothing else of DICOM leaves this machine. What the',
    'server holds already is not sent again. After a cut or Ctrl-C the same command goes on from what',
    'the server has on its disk. What that takes, and the sessions, are remembered in the folder',
    'sextant of XDG_STATE_HOME, or of ~/.local/state, for this user alone: who has an id has the image.',
  ].join('\n'),
  settings: SETTINGS_READ,
  operands: { count: 1, name: 'IMAGE' },
  examples: [
    'sextant upload head.nii.gz --server 127.0.0.1:50051',
    'sextant upload scans/ct --volume 2 --server 127.0.0.1:50051',
    'sextant upload series.nii.gz --frame 3 --server 127.0.0.1:50051 --json',
  ],
  run: uploadImage,
};

async function uploadImage({ settings, operands: [givenPath = ''] }: UploadCall): Promise<number> {
  const server = requiredServer(settings);
  const { frame, volume, tilt, uneven, volumeLimit: volumeLimitBytes } = settings;
  const signal = interruption();
  const progress = progressLine();
  try {
    const how = { volume, tilt, uneven, volumeLimitBytes, isCompressed: true, signal };
    await using image = await niftiImage(givenPath, { ...how, onStep: progress.show });
    const place = { ...image, frame, volumeLimitBytes, signal };
    const { singleFile } = await checkImage(place).catch((error) => {
      throw aboutImage(error, givenPath);
    });
    const memory = await openSessionMemory({ warn: (line) => progress.say(`warning: ${line}`) });
    progress.show(`connecting to ${server}`);
    const opened = await withServer(server, signal, async (channel) => {
      const how = { channel, server, singleFile, mustRemember: true };
      return await openSession(place, { ...how, show: progress.show, say: progress.say });
    });
    await remember(memory, opened, progress);
    progress.clear();
    tell({ ...opened, warnings: [...image.warnings, ...opened.warnings] }, settings);
    return EXIT_CODES.ok;
  } finally {
    progress.clear();
  }
}

/** The session is open, whatever happens here: its id must not be lost for a full disk. */
async function remember(
  memory: SessionMemory,
  { session }: Opened,
  progress: ProgressLine,
): Promise<void> {
  try {
    await memory.keep(session);
  } catch (error) {
    if (!(error instanceof SextantError)) throw error;
    progress.say(`warning: \`sextant sessions\` will not list this session: ${error.message}`);
  }
}

function tell(opened: Opened, { json }: UploadCall['settings']): void {
  const { session, sent, sizeBytes, warnings } = opened;
  const { sessionId, server, volumeId, grid, frame, expiresMs } = session;
  if (json) {
    const { shape, affine } = grid;
    const { wasThere, sentBytes, resumedBytes } = sent;
    console.log(
      JSON.stringify({
        ...{ sessionId, server, volumeId, frame, grid: { shape, affineRasMm: affine } },
        expireTime: new Date(expiresMs).toISOString(),
        ...{ sizeBytes, sentBytes, resumedBytes, wasThere, warnings },
      }),
    );
    return;
  }
  for (const { reason, message } of warnings) console.error(`warning: ${reason}: ${message}`);
  const short = sessionId.slice(0, ID_PREFIX_DIGITS);
  console.log(
    columns([
      ['session', sessionId],
      ['volume', volumeId],
      ['grid', gridText(grid)],
      ['expires', expiryText(expiresMs)],
      ['sent', sentText(opened, sizeBytes)],
      ['next', `sextant annotate --session ${short} --model NAME --points POINTS`],
    ]),
  );
}

function sentText({ sent: { wasThere, sentBytes, resumedBytes } }: Opened, size: number): string {
  if (wasThere) return 'nothing: the server holds this image already';
  if (resumedBytes === 0) return megabytes(sentBytes);
  return `${megabytes(sentBytes)} of ${megabytes(size)}; the rest was there`;
}
