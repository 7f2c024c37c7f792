/** The sum of numbers: the twin of Python's math.fsum, nearly. */

/**
 * The sum, compensated (Neumaier 1974): as good as twice the digits.
 * @param {ArrayLike<number> & Iterable<number>} terms
 */
export function sum(terms) {
  let total = 0;
  let lost = 0;
  for (const term of terms) {
    const next = total + term;
    lost += Math.abs(total) >= Math.abs(term) ? total - next + term : term - next + total;
    total = next;
  }
  return Number.isFinite(total) ? total + lost : total;
}
