/**
 * ONNX models for the engine's tests and benches, written byte by byte: each is a few nodes, so the
 * handful of protobuf fields below is all of onnx.proto that is needed.
 */

/** One field of a protobuf message: a varint for a number, length-delimited for the rest. */
type Field = readonly [number: number, value: number | string | Uint8Array];

export interface Port {
  name: string;
  /** A number is a fixed size, a text names a size that is open. */
  shape: readonly (number | string)[];
}

export interface Node {
  type: string;
  inputs: readonly string[];
  outputs: readonly string[];
}

export interface ModelParts {
  inputs: readonly Port[];
  outputs: readonly Port[];
  nodes: readonly Node[];
  /** float32 weights that lie in a file beside the model. */
  external?: readonly { name: string; shape: readonly number[]; location: string }[];
}

const FLOAT = 1;
const EXTERNAL = 1;

/** The bytes of a float32 model, IR version 8, opset 13. */
export function encodeModel({ inputs, outputs, nodes, external = [] }: ModelParts): Uint8Array {
  const graph = message([
    ...nodes.map((node): Field => [1, encodeNode(node)]),
    [2, 'graph'],
    ...external.map((tensor): Field => [5, encodeExternal(tensor)]),
    ...inputs.map((port): Field => [11, encodePort(port)]),
    ...outputs.map((port): Field => [12, encodePort(port)]),
  ]);
  const opset = message([[2, 13]]);
  return message([
    [1, 8],
    [7, graph],
    [8, opset],
  ]);
}

/**
 * `length` matrix products one after another, power = x * x * … : a run of any duration whose nodes
 * are short, so that a cancellation has a next node to stop at. An identity matrix stays one.
 */
export function matrixPowerModel(length: number): Uint8Array {
  const name = (i: number) => (i === 0 ? 'x' : i === length ? 'power' : `x${i}`);
  return encodeModel({
    inputs: [{ name: 'x', shape: ['n', 'n'] }],
    outputs: [{ name: 'power', shape: ['n', 'n'] }],
    nodes: Array.from({ length }, (_, i) => ({
      type: 'MatMul',
      inputs: [name(i), 'x'],
      outputs: [name(i + 1)],
    })),
  });
}

function encodeNode({ type, inputs, outputs }: Node): Uint8Array {
  return message([
    ...inputs.map((name): Field => [1, name]),
    ...outputs.map((name): Field => [2, name]),
    [4, type],
  ]);
}

function encodePort({ name, shape }: Port): Uint8Array {
  const dimensions = shape.map(
    (size): Field => [1, message([typeof size === 'number' ? [1, size] : [2, size]])],
  );
  const tensor = message([
    [1, FLOAT],
    [2, message(dimensions)],
  ]);
  return message([
    [1, name],
    [2, message([[1, tensor]])],
  ]);
}

function encodeExternal(tensor: {
  name: string;
  shape: readonly number[];
  location: string;
}): Uint8Array {
  const location = message([
    [1, 'location'],
    [2, tensor.location],
  ]);
  return message([
    ...tensor.shape.map((size): Field => [1, size]),
    [2, FLOAT],
    [8, tensor.name],
    [13, location],
    [14, EXTERNAL],
  ]);
}

function message(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(fields.map(encodeField));
}

function encodeField([number, value]: Field): Uint8Array {
  if (typeof value === 'number') return Buffer.from([...varint(number << 3), ...varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([
    Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]),
    bytes,
  ]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
