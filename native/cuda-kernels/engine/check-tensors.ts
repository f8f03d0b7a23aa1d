import { nearest, SextantError } from '#errors';
import { spansOverlap } from '../lib/overlap.ts';
import { isDense } from '../lib/strides.ts';
import type { Tensor } from '../lib/tensor.ts';
import type { NetworkPort } from './network.ts';

/**
 * Finds, before anything runs, what would make the run fail: a name that the network does not have, an
 * input that is missing, another dtype or shape, a size that contradicts the same named size elsewhere
 * (an open batch is one size for all tensors of a run), a view that is not dense in C order, a
 * disposed tensor, an output in the memory of another tensor.
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
  checkMemory(given);
  if (Object.keys(given.outputs).length === 0) {
    throw invalid(
      'outputs',
      'none',
      `at least one of ${ports.outputs.map((p) => p.name).join(', ')}`,
    );
  }
}

/** The network writes its outputs while it reads its inputs. */
function checkMemory(given: {
  inputs: Readonly<Record<string, Tensor>>;
  outputs: Readonly<Record<string, Tensor>>;
}): void {
  const tensors = [
    ...Object.entries(given.outputs).map(([name, tensor]) => ({ name: `outputs.${name}`, tensor })),
    ...Object.entries(given.inputs).map(([name, tensor]) => ({ name: `inputs.${name}`, tensor })),
  ];
  for (const [n, output] of tensors.slice(0, Object.keys(given.outputs).length).entries()) {
    const other = tensors.slice(n + 1).find(({ tensor }) => spansOverlap(output.tensor, tensor));
    if (other !== undefined) {
      throw invalid(output.name, `memory of ${other.name}`, 'memory of its own');
    }
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
  if (tensor.disposed) {
    const expected = 'a live one';
    throw new SextantError('TENSOR_DISPOSED', { subject, got: 'a disposed tensor', expected });
  }
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
