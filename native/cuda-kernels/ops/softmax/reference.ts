/** The slow twin of softmax(): `input` is [channels, voxels] in C order, and so is the result. */
export function softmaxReference(input: Float32Array, channels: number): Float32Array {
  const voxels = input.length / channels;
  const output = new Float32Array(input.length);
  for (let voxel = 0; voxel < voxels; voxel++) {
    const values = Array.from({ length: channels }, (_, c) => input[c * voxels + voxel] as number);
    const highest = Math.max(...values);
    const powers = values.map((value) => Math.exp(value - highest));
    const sum = powers.reduce((total, power) => total + power, 0);
    for (const [c, power] of powers.entries()) output[c * voxels + voxel] = power / sum;
  }
  return output;
}
