import { readdirSync, readFileSync } from 'node:fs';
import type { Role, Server } from './server.ts';

const SAMPLE_MS = 1000;

interface Sample {
  readonly ageMs: number;
  readonly rssMiB: number;
  readonly descriptors: number;
}

/** One life of a process. */
export interface Life {
  readonly role: Role;
  readonly pid: number;
  readonly bornMs: number;
  readonly samples: Sample[];
}

/** Memory and open files, early and late. */
export interface Growth {
  readonly what: string;
  readonly first: Sample;
  readonly last: Sample;
}

/** Looks at memory and descriptors of a server's processes, life by life. */
export class ProcessWatch {
  readonly #server: Server;
  readonly #lives: Life[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(server: Server) {
    this.#server = server;
  }

  begin(): void {
    this.#timer = setInterval(() => this.#look(), SAMPLE_MS);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** How old the processes of that role are now that live. */
  #look(): void {
    for (const [role, pid] of this.#server.processes()) {
      const nowMs = performance.now();
      let life = this.#lives.find((known) => known.pid === pid);
      if (life === undefined) {
        life = { role, pid, bornMs: nowMs, samples: [] };
        this.#lives.push(life);
      }
      const sample = sampleOf(pid, nowMs - life.bornMs);
      if (sample !== undefined) life.samples.push(sample);
    }
  }

  /** Lives that were long enough: their sample at `settledMs` beside their last one. */
  grown(settledMs: number, leastMs: number): Growth[] {
    return this.#lives.flatMap(({ role, pid, samples }) => {
      const first = samples.find(({ ageMs }) => ageMs >= settledMs);
      const last = samples.at(-1);
      if (first === undefined || last === undefined) return [];
      return last.ageMs - first.ageMs < leastMs ? [] : [{ what: `${role} ${pid}`, first, last }];
    });
  }

  /** The first and the last life of a role that came to `ageMs`, both at that age. */
  reborn(role: Role, ageMs: number): Growth | undefined {
    const samples = this.#lives
      .filter((life) => life.role === role)
      .map((life) => life.samples.find((sample) => sample.ageMs >= ageMs))
      .filter((sample) => sample !== undefined);
    const [first] = samples;
    const last = samples.at(-1);
    if (first === undefined || last === undefined || samples.length < 2) return undefined;
    const seconds = Math.round(ageMs / 1000);
    return { what: `${role}, ${samples.length} lives at ${seconds} s`, first, last };
  }
}

function sampleOf(pid: number, ageMs: number): Sample | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kib = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    if (!Number.isFinite(kib)) return undefined;
    return { ageMs, rssMiB: kib / 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}
