import { SextantError } from '#errors';
import { check, checkIndex } from './check.ts';
import { DTYPES, type Dtype, type Element, type TypedArray } from './dtype.ts';
import { at, checkDtype, checkShape, copyInCOrder, fill, type Layout } from './layout.ts';
import type { NativeTensor } from './native.ts';
import { SharedStorage } from './shared-storage.ts';
import { denseStrides, elementCount, isDense, type Order } from './strides.ts';

/**
 * A handle on native memory: dtype, shape and strides over a block that views share. The block is
 * freed when its last view is disposed, and not before a running operation on it has ended.
 *
 * @example
 * using image = Tensor.empty('int16', [240, 240, 155], { order: 'F' });
 * image.bytes().set(fileBytes);
 * const seen = image.flip([0]).permute([1, 0, 2]); // no copy
 */
export class Tensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly device = 'cpu';
  readonly #offset: number;
  readonly #storage: SharedStorage;
  #disposed = false;

  private constructor(storage: SharedStorage, layout: Layout) {
    this.#storage = storage;
    this.dtype = layout.dtype;
    this.shape = Object.freeze([...layout.shape]);
    this.strides = Object.freeze([...layout.strides]);
    this.#offset = layout.offset;
  }

  /**
   * A dense tensor of zeros. `order` C (default): last axis fastest; F: first axis fastest.
   *
   * @throws SextantError ARGUMENT_INVALID for a shape or dtype that is none, LIMIT_EXCEEDED without memory.
   */
  static empty(dtype: Dtype, shape: readonly number[], options: { order?: Order } = {}): Tensor {
    checkDtype(dtype);
    checkShape(shape);
    const strides = denseStrides(shape, options.order ?? 'C');
    const storage = SharedStorage.zeroed(elementCount(shape) * DTYPES[dtype].bytes);
    return new Tensor(storage, { dtype, shape, strides, offset: 0 });
  }

  /**
   * A copy of `data`, whose elements come in the order of the tensor's memory: C or F as asked.
   * 64-bit integers are bigints (numbers are converted).
   */
  static fromArray(
    dtype: Dtype,
    shape: readonly number[],
    data: ArrayLike<Element>,
    options: { order?: Order } = {},
  ): Tensor {
    checkDtype(dtype);
    checkShape(shape);
    const expected = `${elementCount(shape)} elements for shape [${shape.join(', ')}]`;
    check(data.length === elementCount(shape), 'data', `${data.length} elements`, expected);
    const tensor = Tensor.empty(dtype, shape, options);
    fill(tensor.#elements(), data);
    return tensor;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Bytes of the elements seen; of a view that leaves some out, less than the block has. */
  get byteLength(): number {
    return elementCount(this.shape) * DTYPES[this.dtype].bytes;
  }

  /** The axes in another order: axis a of the view is axis order[a] of this tensor. */
  permute(order: readonly number[]): Tensor {
    const whole = [...order].sort((a, b) => a - b);
    const each = order.length === this.shape.length && whole.every((axis, n) => axis === n);
    check(each, 'order', `[${order.join(', ')}]`, `each of the ${this.shape.length} axes once`);
    return this.#view({
      shape: order.map((axis) => at(this.shape, axis)),
      strides: order.map((axis) => at(this.strides, axis)),
    });
  }

  /** The axes named run backwards. */
  flip(axes: readonly number[]): Tensor {
    const strides = [...this.strides];
    let offset = this.#offset;
    for (const axis of new Set(axes)) {
      this.#checkAxis(axis);
      offset += at(strides, axis) * Math.max(0, at(this.shape, axis) - 1);
      strides[axis] = -at(strides, axis);
    }
    return this.#view({ strides, offset });
  }

  /** The indices [start, stop) of one axis. */
  slice(axis: number, start: number, stop: number): Tensor {
    this.#checkAxis(axis);
    const extent = at(this.shape, axis);
    const whole = Number.isInteger(start) && Number.isInteger(stop);
    const inside = whole && start >= 0 && stop >= start && stop <= extent;
    check(inside, 'slice', `[${start}, ${stop})`, `a range inside [0, ${extent})`);
    const shape = [...this.shape];
    shape[axis] = stop - start;
    // An empty view keeps the offset: its start may be one past the last element.
    const offset = this.#offset + (stop > start ? start * at(this.strides, axis) : 0);
    return this.#view({ shape, offset });
  }

  /** One index of one axis; the axis goes. */
  select(axis: number, index: number): Tensor {
    this.#checkAxis(axis);
    const extent = at(this.shape, axis);
    checkIndex('index', index, extent);
    return this.#view({
      shape: this.shape.filter((_, n) => n !== axis),
      strides: this.strides.filter((_, n) => n !== axis),
      offset: this.#offset + index * at(this.strides, axis),
    });
  }

  /** The same memory in another shape; only of a dense tensor, and in its own order. */
  reshape(shape: readonly number[]): Tensor {
    checkShape(shape);
    const order = this.#denseOrder();
    const count = elementCount(this.shape);
    check(elementCount(shape) === count, 'shape', `[${shape.join(', ')}]`, `${count} elements`);
    return this.#view({ shape, strides: denseStrides(shape, order) });
  }

  /**
   * The memory of a dense tensor, not copied: writing writes the tensor. Valid after dispose() too,
   * because the ArrayBuffer holds the memory.
   */
  bytes(): Uint8Array {
    const elements = this.#elements();
    return new Uint8Array(elements.buffer as ArrayBuffer, elements.byteOffset, elements.byteLength);
  }

  /** A copy of the elements in C order, whatever the strides. On this thread: for small tensors. */
  toArray(): TypedArray {
    return copyInCOrder(this.#memory().buffer, this.#layout());
  }

  /** Gives up this handle's share of the memory. A second call does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#storage.release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** What C++ reads; of the tensor `tensor`. @internal */
  static toNative(tensor: Tensor): NativeTensor {
    tensor.#checkLive();
    return {
      storage: tensor.#storage.handle,
      offset: tensor.#offset,
      dtype: DTYPES[tensor.dtype].code,
      shape: tensor.shape,
      strides: tensor.strides,
    };
  }

  #view(changes: Partial<Layout>): Tensor {
    this.#checkLive();
    return new Tensor(this.#storage.share(), { ...this.#layout(), ...changes });
  }

  #layout(): Layout {
    const { dtype, shape, strides } = this;
    return { dtype, shape, strides, offset: this.#offset };
  }

  #memory(): { buffer: ArrayBuffer; first: number } {
    this.#checkLive();
    return { buffer: this.#storage.buffer(), first: this.#offset };
  }

  #elements(): TypedArray {
    const { buffer, first } = this.#memory();
    this.#denseOrder();
    const { array, bytes } = DTYPES[this.dtype];
    return array(buffer, first * bytes, elementCount(this.shape));
  }

  #denseOrder(): Order {
    if (isDense(this.shape, this.strides, 'C')) return 'C';
    if (isDense(this.shape, this.strides, 'F')) return 'F';
    throw new SextantError('ARGUMENT_INVALID', {
      subject: 'tensor',
      got: `strides [${this.strides.join(', ')}] of shape [${this.shape.join(', ')}]`,
      expected: 'a dense tensor',
      remedy: 'copy it with move() first',
    });
  }

  #checkAxis(axis: number): void {
    checkIndex('axis', axis, this.shape.length);
  }

  #checkLive(): void {
    if (!this.#disposed) return;
    throw new SextantError('TENSOR_DISPOSED', {
      subject: 'tensor',
      got: 'a disposed tensor',
      expected: 'a live one',
    });
  }
}

/** A tensor as an operation's native function takes it. */
export const nativeTensor = (tensor: Tensor): NativeTensor => Tensor.toNative(tensor);
