// Uploads an image that it makes while it sends it, as a process whose memory can be looked at:
//   node --import=tsx client.ts ADDRESS X Y Z
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { createClient, openChannel } from '#rpc';
import { peakMiB, resetPeak, residentMiB } from './process-memory.ts';
import { seededNifti } from './seeded-nifti.ts';

const [address = '', ...extents] = process.argv.slice(2);
const [x = 0, y = 0, z = 0] = extents.map(Number);
const image = seededNifti([x, y, z]);
const channel = openChannel(address);
const volumes = createClient(VolumeServiceDefinition, channel);
const { uploadId } = await volumes.createUpload({ sizeBytes: image.sizeBytes });
resetPeak(process.pid);
const idleMiB = residentMiB(process.pid);

async function* messages() {
  yield { part: { $case: 'header' as const, value: { uploadId, offsetBytes: 0 } } };
  for (const value of image.chunks()) yield { part: { $case: 'chunk' as const, value } };
}

const { volumeId, receipt } = await volumes.uploadVolume(messages());
channel.close();
process.send?.({ volumeId, receipt, grownMiB: peakMiB(process.pid) - idleMiB });
process.disconnect?.();
