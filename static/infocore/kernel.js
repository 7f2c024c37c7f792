/**
 * The browser's half of infocore: the same measures by the same formulas in the same order.
 *
 * One distribution is an array of probabilities. A base of 2 gives bits, Math.E nats. Infinite is
 * Infinity; what cannot be is a RangeError that names the argument and the value.
 */

import { sum } from './sum.js';

/** @typedef {number[] | Float64Array} Numbers */
/** @typedef {{base?: number}} InBase */

export const TINY = 2 ** -1022; // the least normal double
const SUM_TOLERANCE = 1e-9; // of doubles, however many

/** Evenly spaced numbers, both ends included, rounded as NumPy rounds them. */
export function linspace(start, stop, count) {
  const step = (stop - start) / (count - 1);
  const points = new Float64Array(count); // filled by hand, as below
  for (let i = 0; i < count; i += 1) points[i] = i === count - 1 ? stop : i * step + start;
  return points;
}

/** Apply a function to a number or to each of many; adding 0 turns -0 into 0. */
export function elementwise(values, f) {
  if (typeof values === 'number') return f(values) + 0;
  const results = new Float64Array(values.length); // filled by hand: "from" takes six times as long
  for (let i = 0; i < results.length; i += 1) results[i] = f(values[i]) + 0;
  return results;
}

/** Refuse the first value that does not pass. */
export function demand(values, passes, must) {
  for (const value of typeof values === 'number' ? [values] : values) {
    if (typeof value !== 'number' || !passes(value)) throw new RangeError(`${must}, got ${value}`);
  }
  return values;
}

/** The natural logarithm of a base, by which nats are divided. */
export function logBase(base) {
  demand(base, (b) => b > 0 && b < Infinity && b !== 1, 'base must be positive, finite and not 1');
  return Math.log(base);
}

export function probabilities(p) {
  return demand(p, (x) => x >= 0 && x <= 1, 'p must lie in [0, 1]');
}

export function pmf(p, name) {
  if (p.length === 0) throw new RangeError(`${name} is empty: length 0`);
  demand(p, (x) => x >= 0, `${name} must hold no negative probability and no NaN`);
  const isOne = (total) => Math.abs(total - 1) <= SUM_TOLERANCE;
  demand(sum(p), isOne, `${name} must sum to 1`);
  return p;
}

export function sameLength(a, b, names) {
  if (a.length === b.length) return;
  throw new RangeError(`${names} do not broadcast: lengths ${a.length} and ${b.length}`);
}

/** The logarithm in a base; for bits log2, exact at powers of 2. */
function logarithm(base) {
  const scale = logBase(base);
  return base === 2 ? Math.log2 : (x) => Math.log(x) / scale;
}

/** -log p. @param {number | Numbers} p @param {InBase} [options] */
export function informationContent(p, { base = 2 } = {}) {
  const log = logarithm(base);
  return elementwise(probabilities(p), (x) => -log(x));
}

/** H(p) = -Σ p·log p. @param {Numbers} p @param {InBase} [options] */
export function entropy(p, options) {
  return crossEntropy(p, p, options);
}

/** H of a coin. @param {number | Numbers} p @param {InBase} [options] */
export function binaryEntropy(p, { base = 2 } = {}) {
  const scale = logBase(base);
  const heads = (x) => (x > 0 ? x * Math.log(x) : 0);
  const tails = (x) => (x < 1 ? (1 - x) * Math.log1p(-x) : 0);
  return elementwise(probabilities(p), (x) => (-heads(x) - tails(x)) / scale);
}

/** H(p, q) = -Σ p·log q: data from p, code built for q. @param {Numbers} p @param {Numbers} q */
export function crossEntropy(p, q, { base = 2 } = {}) {
  sameLength(pmf(p, 'p'), pmf(q, 'q'), 'p and q');
  const log = logarithm(base);
  return -sum(Float64Array.from(p, (x, i) => (x === 0 ? 0 : x * log(q[i])))) + 0;
}

/** -y·log q - (1-y)·log(1-q). @param {number} y @param {number} q @param {InBase} [options] */
export function binaryCrossEntropy(y, q, { base = Math.E } = {}) {
  const scale = logBase(base);
  for (const x of [y, q]) probabilities(x);
  const ofOne = y === 0 ? 0 : -y * Math.log(q);
  const ofZero = y === 1 ? 0 : -(1 - y) * Math.log1p(-q);
  return (ofOne + ofZero) / scale + 0;
}

/** D(p‖q) = Σ p·log(p/q) - p + q, termwise at least 0. @param {Numbers} p @param {Numbers} q */
export function klDivergence(p, q, { base = 2 } = {}) {
  sameLength(pmf(p, 'p'), pmf(q, 'q'), 'p and q');
  return sum(Float64Array.from(p, (x, i) => divergenceTerm(x, q[i], x - q[i]))) / logBase(base);
}

/** ½D(p‖m) + ½D(q‖m) with m = (p+q)/2. @param {Numbers} p @param {Numbers} q */
export function jensenShannonDivergence(p, q, { base = 2 } = {}) {
  sameLength(pmf(p, 'p'), pmf(q, 'q'), 'p and q');
  const disjoint = [...p].every((x, i) => x === 0 || q[i] === 0);
  const terms = Float64Array.from(
    p,
    (x, i) => divergenceTerm(2 * x, x + q[i], x - q[i]) + divergenceTerm(2 * q[i], x + q[i], q[i] - x),
  );
  // A sum a little above 1, which pmf lets pass, would exceed the bound log 2.
  return (disjoint ? Math.LN2 : Math.min(sum(terms) / 4, Math.LN2)) / logBase(base);
}

const NEAR_RATIO = 0.4; // up to this |w|, the series leaves out less than 1e-17
const COEFFICIENTS = Array.from({ length: 19 }, (_, k) => 1 / (2 * k + 3));

/** (atanh(w) - w)/w³ at z = w² ≤ 0.16: the sum of z^k/(2k+3). */
export function atanhTail(z) {
  return COEFFICIENTS.reduceRight((tail, coefficient) => tail * z + coefficient, 0);
}

/** p·log(p/q) - p + q in nats, given p - q: nothing cancels, see infocore/_stable.py. */
export function divergenceTerm(p, q, difference) {
  if (p === 0) return q;
  const w = difference / (p + q);
  if (!(Math.abs(w) <= NEAR_RATIO)) return p * logQuotient(p, q) - difference;
  return (atanhTail(w * w) * (w + w * w) + 1) * w * difference;
}

/** log(a/b), also where the quotient overflows or is subnormal. */
export function logQuotient(a, b) {
  const quotient = a / b;
  const normal = quotient >= TINY && quotient < Infinity;
  return normal ? Math.log(quotient) : Math.log(a) - Math.log(b);
}

/** (x - origin)/scale, also where the difference alone overflows. */
export function scaledDifference(x, origin, scale) {
  const difference = x - origin;
  const direct = Number.isFinite(difference) || !Number.isFinite(x);
  return direct ? difference / scale : x / scale - origin / scale;
}

/**
 * The distribution proportional to exp(z / temperature).
 * @param {Numbers} z scores; -Infinity gives probability 0 at every temperature
 * @param {{temperature?: number}} [options]
 */
export function softmax(z, { temperature = 1 } = {}) {
  demand(temperature, (t) => t >= 0, 'temperature must not be negative or NaN');
  if (z.length === 0) throw new RangeError('z is empty: length 0');
  demand(z, (score) => score < Infinity, 'z must not be NaN or +inf');
  const largest = Math.max(...z);
  demand(largest, (score) => score > -Infinity, 'z must hold a finite score');
  const weights = Float64Array.from(z, softmaxWeight(largest, temperature));
  const total = sum(weights);
  return weights.map((weight) => weight / total);
}

function softmaxWeight(largest, temperature) {
  if (temperature === 0) return (score) => (score === largest ? 1 : 0);
  if (temperature === Infinity) return (score) => (score === -Infinity ? 0 : 1);
  return (score) => Math.exp(scaledDifference(score, largest, temperature));
}

const ERFC_STEP = 0.5;
const ERFC_TERMS = Array.from({ length: 13 }, (_, k) => ({
  square: (ERFC_STEP * (k + 1)) ** 2,
  weight: Math.exp(-((ERFC_STEP * (k + 1)) ** 2)),
}));

/**
 * The complementary error function, 1 - erf(x).
 *
 * Above ½ by the trapezoid rule for (2x/π)·exp(-x²)·∫ exp(-t²)/(t²+x²) dt with the pole's residue
 * (Matta and Reichel, "Uniform computation of the error function", Math. Comp. 25, 1971).
 * @param {number} x
 */
export function erfc(x) {
  if (x < 0) return 2 - erfc(-x);
  if (x < 0.5) return 1 - erfSeries(x);
  if (x > 28) return 0; // below the least double
  const series = sum(ERFC_TERMS.map(({ square, weight }) => weight / (square + x * x)));
  const coarse = Math.fround(x); // whose square is exact
  const gauss = Math.exp(-coarse * coarse) * Math.exp((coarse - x) * (coarse + x));
  const residue = x < 6 ? 2 / Math.expm1((2 * Math.PI * x) / ERFC_STEP) : 0;
  return (ERFC_STEP / Math.PI) * gauss * (1 / x + 2 * x * series) - residue;
}

/** erf(x) for |x| ≤ ½, by Maclaurin's series. */
function erfSeries(x) {
  let [term, total] = [x, x];
  for (let k = 1; k < 16; k += 1) {
    term *= (-x * x) / k;
    total += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

/**
 * The sums of the first 1, 2, … numbers.
 * @template {number[] | Float64Array} T
 * @param {T} values
 * @returns {T}
 */
export function runningSums(values) {
  let total = 0;
  return /** @type {T} */ (
    values.map((value) => {
      total += value;
      return total;
    })
  );
}
