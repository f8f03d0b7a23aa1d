import { SextantError } from '#errors';
import { devices } from '#kernels';

/** Where networks run: `auto` as their JSON says, else on a GPU where there is one. */
export type Device = 'auto' | 'cpu' | 'cuda';

/**
 * The device, once it is known to be there; says what is.
 *
 * @throws SextantError ENGINE_UNAVAILABLE for `cuda` where no GPU can run networks, with the reason
 */
export function checkedDevice(
  device: Device,
  log?: { info(fields: object, message: string): void },
): Device {
  if (device === 'cpu') return device;
  const { cuda } = devices();
  if (cuda.available) return device;
  if (device === 'cuda') {
    throw new SextantError('ENGINE_UNAVAILABLE', {
      subject: '--device',
      got: `cuda, where there is ${cuda.reason}`,
      expected: 'an NVIDIA GPU of compute capability 8.0 or newer, with memory that is free',
      remedy: '--device auto takes the CPU instead',
    });
  }
  log?.info({ cuda: cuda.reason }, 'networks run on the CPU');
  return device;
}
