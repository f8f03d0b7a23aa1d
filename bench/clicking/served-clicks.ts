import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vec3 } from '#geometry';
import { AnnotationServiceDefinition } from '#proto/sextant/v1/annotation';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { createClient, openChannel } from '#rpc';
import { serve } from '../../test/served.ts';
import { type Answer, startClick, wholeClick } from '../../test/services/clicking.ts';
import { uploadMessages } from '../../test/services/running.ts';
import { childrenOf } from '../../test/services/threads-of.ts';

export interface Click {
  readonly sessionId: string;
  readonly model: string;
  /** Voxel indices. */
  readonly points: readonly Vec3[];
}

/** `sextant serve` with a store of its own, and this process as its client. */
export interface Server {
  /** Uploads a file and opens so many sessions on it. */
  open(file: Uint8Array, sessions: number): Promise<string[]>;
  /** Run lengths and what the server says of them. */
  click(click: Click): Promise<Answer>;
  /** The most memory that the inference process has had, in MiB. */
  inferencePeakMiB(): number;
  stop(): Promise<void>;
}

export async function startServer(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-bench-clicks-'));
  const served = await serve(folder, ['--log-level', 'warn']);
  const channel = openChannel(served.address);
  const volumes = createClient(VolumeServiceDefinition, channel);
  const sessions = createClient(SessionServiceDefinition, channel);
  const annotations = createClient(AnnotationServiceDefinition, channel);
  return {
    async open(file, count) {
      const { uploadId } = await volumes.createUpload({ sizeBytes: file.length });
      const { receipt } = await volumes.uploadVolume(uploadMessages(uploadId, file));
      const ids: string[] = [];
      for (let n = 0; n < count; n++) {
        const { session } = await sessions.createSession({ receipt });
        if (session !== undefined) ids.push(session.sessionId);
      }
      return ids;
    },
    async click({ points, ...question }) {
      const xyz = points.map(([x, y, z]) => ({ x, y, z }));
      return wholeClick(
        startClick({ annotations }, { ...question, points: xyz, progressAfterMs: undefined }),
      );
    },
    inferencePeakMiB() {
      const inference = childrenOf(served.pid).find(({ command }) =>
        command.includes('dist/inference/main.js'),
      );
      if (inference === undefined) throw new Error('no inference process');
      const status = readFileSync(`/proc/${inference.pid}/status`, 'utf8');
      return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
    },
    async stop() {
      channel.close();
      await served.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What the stages of a click took, for a line of a table. */
export function stagesText({ summary }: Answer, names: Readonly<Record<number, string>>): string {
  return summary.stageTimes
    .filter(({ milliseconds }) => milliseconds >= 0.05)
    .map(({ stage, milliseconds }) => `${names[stage]} ${milliseconds.toFixed(1)}`)
    .join(', ');
}
