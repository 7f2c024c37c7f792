/** Axes that end on a step of a coarse ladder stay still while what they show changes a little. */

const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

/** The least step that is not below a size > 0. @param {number} size */
export function ladder(size) {
  const decade = Number(`1e${Math.floor(Math.log10(size))}`);
  return (STEPS.find((step) => step * decade >= size) ?? 10) * decade;
}
