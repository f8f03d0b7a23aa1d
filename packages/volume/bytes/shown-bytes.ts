/** 1536 -> `1.5 KiB`. */
export function shownBytes(count: number): string {
  if (count < 1024) return `${count} bytes`;
  const power = Math.min(5, Math.floor(Math.log2(count) / 10));
  const unit = ['', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'][power];
  return `${Number((count / 1024 ** power).toPrecision(3))} ${unit}`;
}
