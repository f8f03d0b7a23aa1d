import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { isVolumeId } from './ids.ts';
import { type Layout, partPath } from './layout.ts';
import { STORE_LIMITS } from './limits.ts';
import type { Change, Records, Table } from './records.ts';

export interface RetentionOptions {
  readonly layout: Layout;
  readonly records: Records;
  readonly volumeMs: number;
  readonly uploadMs: number;
  readonly isBeingWritten: (uploadId: string) => boolean;
  readonly nowMs: number;
}

/** What a sweep took away. */
export interface Swept {
  readonly sessions: number;
  readonly volumes: number;
  readonly uploads: number;
  readonly receipts: number;
}

/** Forgets what its time has passed for. Records go first: a file without a record is nobody's. */
export async function sweepStore(options: RetentionOptions): Promise<Swept> {
  const { layout, records, nowMs } = options;
  const volumes = await staleVolumes(options);
  const stale = {
    sessions: await staleSessions(records, nowMs),
    receipts: await staleReceipts(records, nowMs),
    uploads: await staleUploads(options),
    volumes,
    // What was made of a file is remembered as long as the file is there.
    conversions: volumes,
  };
  const changes = (Object.entries(stale) as [Table, string[]][]).flatMap(([table, keys]) =>
    keys.map((key): Change => ({ table, key, record: undefined })),
  );
  const removeFiles = async () => {
    for (const id of stale.uploads) await rm(partPath(layout, id), { force: true });
    for (const id of stale.volumes) await rm(join(layout.volumes, id), { force: true });
  };
  try {
    if (changes.length > 0) await records.commit(changes);
  } catch (error) {
    if (!(error instanceof SextantError) || error.reason !== 'STORE_FULL') throw error;
    // Forgetting takes room as well: the files that nobody may open any more make it.
    await removeFiles();
    await records.commit(changes);
  }
  await removeFiles();
  return {
    sessions: stale.sessions.length,
    receipts: stale.receipts.length,
    uploads: stale.uploads.length,
    volumes: stale.volumes.length,
  };
}

/** At opening: files and records that a crash has parted are brought together. */
export async function reconcileStore(layout: Layout, records: Records): Promise<void> {
  const files = new Set(await readdir(layout.volumes));
  const changes: Change[] = [];
  for await (const [volumeId] of records.entries('volumes')) {
    if (files.delete(volumeId)) continue;
    changes.push({ table: 'volumes', key: volumeId, record: undefined });
    changes.push({ table: 'conversions', key: volumeId, record: undefined });
  }
  if (changes.length > 0) await records.commit(changes);
  for (const orphan of files) {
    if (isVolumeId(orphan)) await rm(join(layout.volumes, orphan), { force: true });
  }
  for (const name of await readdir(layout.uploads)) {
    const uploadId = name.replace(/\.part$/, '');
    const upload = await records.get('uploads', uploadId);
    // One that is done had its bytes in the store already, and was killed before its part went.
    if (upload === undefined || upload.done !== undefined) {
      await rm(join(layout.uploads, name), { force: true });
    }
  }
}

async function staleSessions(records: Records, nowMs: number): Promise<string[]> {
  const stale: string[] = [];
  for await (const [id, { expiresMs }] of records.entries('sessions')) {
    if (nowMs >= expiresMs + STORE_LIMITS.expiredSessionMs) stale.push(id);
  }
  return stale;
}

async function staleReceipts(records: Records, nowMs: number): Promise<string[]> {
  const stale: string[] = [];
  for await (const [id, { expiresMs }] of records.entries('receipts')) {
    if (nowMs >= expiresMs) stale.push(id);
  }
  return stale;
}

async function staleUploads(options: RetentionOptions): Promise<string[]> {
  const stale: string[] = [];
  for await (const [id, { touchedMs }] of options.records.entries('uploads')) {
    const old = options.nowMs >= touchedMs + options.uploadMs;
    if (old && !options.isBeingWritten(id)) stale.push(id);
  }
  return stale;
}

/** A volume stays while a receipt can open it, and for a time after the last session that used it. */
async function staleVolumes(options: RetentionOptions): Promise<string[]> {
  const { records, volumeMs, nowMs } = options;
  const keepUntil = new Map<string, number>();
  for await (const [id, { releasedMs }] of records.entries('volumes')) {
    keepUntil.set(id, releasedMs + volumeMs);
  }
  const extend = (id: string, untilMs: number) => {
    const soFar = keepUntil.get(id);
    if (soFar !== undefined) keepUntil.set(id, Math.max(soFar, untilMs));
  };
  for await (const [, session] of records.entries('sessions')) {
    extend(session.volumeId, session.expiresMs + volumeMs);
  }
  for await (const [, receipt] of records.entries('receipts')) {
    extend(receipt.volumeId, receipt.expiresMs);
  }
  return [...keepUntil].filter(([, untilMs]) => nowMs >= untilMs).map(([id]) => id);
}
