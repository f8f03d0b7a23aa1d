import { nearest, SextantError } from '#errors';
import { isDense } from '../lib/strides.ts';
import type { Tensor } from '../lib/tensor.ts';
import type { NetworkPort } from './network.ts';

/**
 * Finds, before anything runs, what would make the run fail: a name that the network does not have, an
 * input that is missing, another dtype or shape, a size that contradicts the same named size elsewhere
 * (an open batch is one size for all tensors of a run), a view that is not dense in C order.
 */
export function checkTensors(
  ports: { inputs: readonly NetworkPort[]; outputs: readonly NetworkPort[] },
  given: { inputs: Readonly<Record<string, Tensor>>; outputs: Readonly<Record<string, Tensor>> },
): void {
  const sizes = new Map<string, { size: number; subject: string }>();
  checkNames('inputs', ports.inputs, given.inputs);
  checkNames('outputs', ports.outputs, given.outputs);
  for (const port of ports.inputs) {
    const tensor = given.inputs[port.name];
    if (tensor === undefined) {
      throw invalid(`inputs.${port.name}`, 'nothing', describePort(port));
    }
    checkTensor(`inputs.${port.name}`, port, tensor, sizes);
  }
  for (const port of ports.outputs) {
    const tensor = given.outputs[port.name];
    if (tensor !== undefined) checkTensor(`outputs.${port.name}`, port, tensor, sizes);
  }
  if (Object.keys(given.outputs).length === 0) {
    throw invalid(
      'outputs',
      'none',
      `at least one of ${ports.outputs.map((p) => p.name).join(', ')}`,
    );
  }
}

function checkNames(
  side: 'inputs' | 'outputs',
  ports: readonly NetworkPort[],
  given: Readonly<Record<string, Tensor>>,
): void {
  const known = ports.map((port) => port.name);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    const remedy = meant === undefined ? undefined : `did you mean ${meant}?`;
    throw invalid(`${side}.${name}`, 'an unknown name', `one of ${known.join(', ')}`, remedy);
  }
}

function checkTensor(
  subject: string,
  port: NetworkPort,
  tensor: Tensor,
  sizes: Map<string, { size: number; subject: string }>,
): void {
  const got = `${tensor.dtype} [${tensor.shape.join(', ')}]`;
  const fits =
    tensor.dtype === port.dtype &&
    tensor.shape.length === port.shape.length &&
    port.shape.every((size, axis) => typeof size === 'string' || size === tensor.shape[axis]);
  if (!fits) throw invalid(subject, got, describePort(port));
  port.shape.forEach((name, axis) => {
    const size = tensor.shape[axis] ?? 0;
    if (typeof name !== 'string' || name === '') return;
    const other = sizes.get(name);
    if (other === undefined) sizes.set(name, { size, subject });
    else if (other.size !== size) {
      throw invalid(subject, got, `${name} = ${other.size}, as in ${other.subject}`);
    }
  });
  if (!isDense(tensor.shape, tensor.strides, 'C'))
    throw invalid(subject, 'a strided view', 'a dense tensor in C order');
}

function describePort({ dtype, shape }: NetworkPort): string {
  return `${dtype} [${shape.map((size) => (size === '' ? 'any' : size)).join(', ')}]`;
}

function invalid(subject: string, got: string, expected: string, remedy?: string): SextantError {
  const details = { subject, got, expected };
  return new SextantError(
    'ARGUMENT_INVALID',
    remedy === undefined ? details : { ...details, remedy },
  );
}
