import { move, Tensor } from '#kernels';
import type { RunContext } from '../declaration.ts';
import { type Field, shapeOf } from '../field.ts';

/** The field with float32 memory of its own that has room for one more channel. */
export async function withRoomForOne(name: string, context: RunContext): Promise<Field> {
  const { fields, capacity, signal } = context;
  const field = fields.array(name);
  const { storage, channels, isShared } = field;
  const hasRoom = (storage.shape[0] ?? 0) > channels;
  if (hasRoom && !isShared && storage.dtype === 'float32') return field;
  const room = Math.max(channels + 1, capacity?.get(name) ?? 0);
  const roomy = Tensor.empty('float32', [room, ...shapeOf(field)]);
  try {
    using used = storage.slice(0, 0, channels);
    using output = roomy.slice(0, 0, channels);
    await move({ input: used, output, ...(signal && { signal }) });
  } catch (error) {
    roomy.dispose();
    throw error;
  }
  const wide = { ...field, storage: roomy, isShared: false };
  fields.set(name, wide);
  return wide;
}
