import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from './layout.ts';
import type { Change, Records } from './records.ts';

interface Shared {
  readonly layout: Layout;
  readonly records: Records;
}

/**
 * Takes back an upload that is done, whose file turned out to be of no use: the upload and its receipt, and
 * the file unless another receipt or a session has it.
 */
export async function refuseUpload({ layout, records }: Shared, uploadId: string): Promise<void> {
  const done = (await records.get('uploads', uploadId))?.done;
  if (done === undefined) return;
  const { volumeId, receipt } = done;
  const changes: Change[] = [
    { table: 'uploads', key: uploadId, record: undefined },
    { table: 'receipts', key: receipt, record: undefined },
  ];
  const isHeld = await isHeldBesides(records, volumeId, receipt);
  if (!isHeld) {
    changes.push({ table: 'volumes', key: volumeId, record: undefined });
    changes.push({ table: 'conversions', key: volumeId, record: undefined });
  }
  await records.commit(changes);
  if (!isHeld) await rm(join(layout.volumes, volumeId), { force: true });
}

async function isHeldBesides(
  records: Records,
  volumeId: string,
  receipt: string,
): Promise<boolean> {
  for await (const [key, other] of records.entries('receipts')) {
    if (other.volumeId === volumeId && key !== receipt) return true;
  }
  for await (const [, session] of records.entries('sessions')) {
    if (session.volumeId === volumeId) return true;
  }
  return false;
}
