/** Axes that end on a step of a coarse ladder stay still while what they show changes a little. */

/** @typedef {{below: number, above: number}} Axis */

/**
 * The ends of a range that has to show a span; one that is no such axis is left as it is.
 * @param {Axis | undefined} axis its declaration
 * @param {[number, number]} span
 * @param {number[]} steps of the ladder, times a power of ten
 * @returns {[number, number]}
 */
export function endsOf(axis, [low, high], steps) {
  if (!axis) return [low, high];
  const top = ladder(high, steps);
  if (axis.below) return [-axis.below * top, axis.above * top];
  return [low < 0 ? -ladder(-low, steps) : low, axis.above * top];
}

/** The least step that is not below a size > 0. @param {number} size @param {number[]} steps */
export function ladder(size, steps) {
  const decade = Number(`1e${Math.floor(Math.log10(size))}`);
  return (steps.find((step) => step * decade >= size) ?? 10) * decade;
}
