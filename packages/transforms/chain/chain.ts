import type { RunContext } from '../declaration.ts';

/** One transform with its arguments. */
export interface Step {
  readonly name: string;
  /** Voxels of the Gaussian that it draws at the extreme points, where it does. */
  readonly sigma?: number | undefined;
  run(context: RunContext): Promise<void>;
}

/** A field of the chain and the network's input or output that it is bound to. */
export interface Binding {
  readonly field: string;
  readonly node: string;
}

/**
 * A chain that has been checked from end to end. Before the network: `pre` on the field that
 * `input` names, whose storage has `channels` channels. After it: `post` on the fields of
 * `outputs`, which leaves the answer in the field `answer`.
 */
export interface Chain {
  readonly pre: readonly Step[];
  readonly post: readonly Step[];
  readonly input: Binding;
  /** Channels of the network's input once `pre` has run. */
  readonly channels: number;
  readonly outputs: readonly Binding[];
  /** The field that the first writer names. */
  readonly answer: string;
  /** Its channels: 1 is compared with the threshold, more go to argmax; undefined while only the network can tell. */
  readonly answerChannels: number | undefined;
  /** Width of the extreme points' Gaussian in voxels of the network's grid; 0 without such a channel. */
  readonly sigma: number;
}
