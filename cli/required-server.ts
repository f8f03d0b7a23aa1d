import { SextantError } from '#errors';

/** The server that a command cannot do without. Throws CONFIG_INVALID when none is given. */
export function requiredServer({ server }: { server: string | undefined }): string {
  if (server !== undefined) return server;
  throw new SextantError('CONFIG_INVALID', {
    subject: '--server',
    got: 'nothing',
    expected: 'HOST:PORT of a running server',
    remedy: 'start one with `sextant serve`, which says where it listens',
  });
}
