/**
 * Whether a field holds labels, which are never interpolated linearly: the guide tells them by the
 * key alone, "label" in all its configurations.
 */
export function isLabelName(name: string): boolean {
  return name.startsWith('label');
}
