/** The slow twin of argmax(): `input` is [channels, voxels] in C order, the result one per voxel. */
export function argmaxReference(input: Float32Array, channels: number): Uint8Array {
  const voxels = input.length / channels;
  return Uint8Array.from({ length: voxels }, (_, voxel) => {
    const values = Array.from({ length: channels }, (_, c) => input[c * voxels + voxel] as number);
    const highest = Math.max(...values.filter((value) => !Number.isNaN(value)));
    return Math.max(0, values.indexOf(highest));
  });
}
