import type { AnyCommand } from './command.ts';

/** Every command, with what the program's own --help says of it. */
export const COMMANDS: Readonly<
  Record<string, { summary: string; load: () => Promise<AnyCommand> }>
> = {
  serve: {
    summary: 'serve models to clients, over gRPC and HTTP',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  models: {
    summary: 'list the models, here or of a server',
    load: async () => (await import('./models.ts')).modelsCommand,
  },
  upload: {
    summary: 'send an image to a server and open a session on it',
    load: async () => (await import('./upload.ts')).uploadCommand,
  },
  sessions: {
    summary: 'list the sessions that were opened from here, show one, end some',
    load: async () => (await import('./sessions.ts')).sessionsCommand,
  },
  dataconvert: {
    summary: 'turn DICOM, NIfTI, MetaImage and NRRD into one another, resampled or not',
    load: async () => (await import('./dataconvert.ts')).dataconvertCommand,
  },
  transform: {
    summary: 'run the transforms of a configuration on an image, to see what they do',
    load: async () => (await import('./transform.ts')).transformCommand,
  },
  annotate: {
    summary: "turn six or more points on an image into an organ's mask",
    load: async () => (await import('./annotate.ts')).annotateCommand,
  },
};
