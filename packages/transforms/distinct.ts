/** A refinement of lists whose entries stand for things that are done once each. */
export function areDistinct(list: readonly unknown[]): boolean {
  return new Set(list).size === list.length;
}
