/**
 * The browser's half of infocore: the same measures by the same formulas in the same order.
 *
 * One distribution is an array of probabilities. A base of 2 gives bits, Math.E nats. Infinite is
 * Infinity; what cannot be is a RangeError that names the argument and the value.
 */

/** @typedef {number[] | Float64Array} Numbers */
/** @typedef {{base?: number}} InBase */

const TINY = 2 ** -1022; // the least normal double
const SUM_TOLERANCE = 1e-9; // an entry

/** The sum, compensated (Neumaier 1974): as good as twice the digits. @param {Numbers} terms */
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

/** Evenly spaced numbers, both ends included, rounded as NumPy rounds them. */
export function linspace(start, stop, count) {
  const step = (stop - start) / (count - 1);
  return Float64Array.from({ length: count }, (_, i) => (i === count - 1 ? stop : i * step + start));
}

/** Apply a function to a number or to each of many; adding 0 turns -0 into 0. */
function elementwise(values, f) {
  return typeof values === 'number' ? f(values) + 0 : Float64Array.from(values, (value) => f(value) + 0);
}

/** Refuse the first value that does not pass. */
function demand(values, passes, must) {
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

function probabilities(p) {
  return demand(p, (x) => x >= 0 && x <= 1, 'p must lie in [0, 1]');
}

export function pmf(p, name) {
  if (p.length === 0) throw new RangeError(`${name} is empty: length 0`);
  demand(p, (x) => x >= 0, `${name} must hold no negative probability and no NaN`);
  const isOne = (total) => Math.abs(total - 1) <= SUM_TOLERANCE * p.length;
  demand(sum(p), isOne, `${name} must sum to 1`);
  return p;
}

function sameLength(a, b, names) {
  if (a.length === b.length) return;
  throw new RangeError(`${names} do not broadcast: lengths ${a.length} and ${b.length}`);
}

function codeLengths(lengths) {
  if (lengths.length === 0) throw new RangeError('lengths is empty: length 0');
  return demand(lengths, (length) => length >= 0, 'lengths must not be negative or NaN');
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
  const terms = Float64Array.from(p, (x, i) =>
    divergenceTerm(2 * x, x + q[i], x - q[i]) + divergenceTerm(2 * q[i], x + q[i], q[i] - x));
  // A sum a little above 1, which pmf lets pass, would exceed the bound log 2.
  return (disjoint ? Math.LN2 : Math.min(sum(terms) / 4, Math.LN2)) / logBase(base);
}

const NEAR_RATIO = 0.4; // up to this |w|, the series leaves out less than 1e-17
const COEFFICIENTS = Array.from({ length: 19 }, (_, k) => 1 / (2 * k + 3));

/** (atanh(w) - w)/w³ at z = w² ≤ 0.16: the sum of z^k/(2k+3). */
function atanhTail(z) {
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
function scaledDifference(x, origin, scale) {
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
  const largest = z.reduce((a, b) => Math.max(a, b));
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

/** -log₂ p, in bits. @param {number | Numbers} p */
export function idealCodeLengths(p) {
  return informationContent(p);
}

/** ⌈-log₂ p⌉, from the exponents of the doubles. @param {number | Numbers} p */
export function shannonCodeLengths(p) {
  return elementwise(probabilities(p), (x) => (x > 0 ? 1 - binaryExponent(x) : Infinity));
}

const BITS = new DataView(new ArrayBuffer(8));

/** e of x = m·2^e with ½ ≤ m < 1. */
function binaryExponent(x) {
  if (x < TINY) return binaryExponent(x * 2 ** 54) - 54;
  BITS.setFloat64(0, x);
  return (BITS.getUint16(0) >> 4) - 1022;
}

/**
 * An optimal prefix code; among equal weights the older wins.
 * @param {Numbers} p
 * @returns {(string | null)[]} codewords; null where p is 0, '' where the outcome is certain
 */
export function huffmanCode(p) {
  const support = [...pmf(p, 'p').keys()].filter((outcome) => p[outcome] > 0);
  const words = canonicalWords(huffmanLengths(support.map((outcome) => p[outcome])));
  const code = new Map(support.map((outcome, place) => [outcome, words[place]]));
  return Array.from(p, (_, outcome) => code.get(outcome) ?? null);
}

/** The depth of every leaf of the tree, whose nodes are numbered in order of age. */
function huffmanLengths(weights) {
  const queue = weights.map((weight, node) => ({ weight, node }));
  const parent = [];
  for (let node = weights.length; node < 2 * weights.length - 1; node += 1) {
    queue.sort((a, b) => a.weight - b.weight || a.node - b.node);
    const [light, heavy] = queue.splice(0, 2);
    parent[light.node] = node;
    parent[heavy.node] = node;
    queue.push({ weight: light.weight + heavy.weight, node });
  }
  const depthOf = (node) => (node in parent ? depthOf(parent[node]) + 1 : 0);
  return weights.map((_, leaf) => depthOf(leaf));
}

/** Codewords numbered upwards in order of length, then of outcome. */
function canonicalWords(lengths) {
  const words = [];
  let number = 0n;
  let previous = 0;
  for (const outcome of [...lengths.keys()].sort((a, b) => lengths[a] - lengths[b] || a - b)) {
    number <<= BigInt(lengths[outcome] - previous);
    previous = lengths[outcome];
    words[outcome] = previous > 0 ? number.toString(2).padStart(previous, '0') : '';
    number += 1n;
  }
  return words;
}

/** Σ p·length. @param {Numbers} p @param {Numbers} lengths Infinity without a codeword */
export function expectedLength(p, lengths) {
  sameLength(pmf(p, 'p'), codeLengths(lengths), 'p and lengths');
  return sum(Float64Array.from(p, (x, i) => (x > 0 ? x * lengths[i] : 0)));
}

/** Σ 2^-length. @param {Numbers} lengths */
export function kraftSum(lengths) {
  return sum(Float64Array.from(codeLengths(lengths), (length) => 2 ** -length));
}

const NEAR_SCALE = 0.5; // up to this |t|, differences are of the scales and not of their logarithms
export const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

/** A normal distribution N(mu, sigma²). */
export class Gaussian {
  /** @param {number} mu @param {number} sigma */
  constructor(mu, sigma) {
    demand(mu, Number.isFinite, 'mu must be finite');
    demand(sigma, (s) => s > 0 && s < Infinity, 'sigma must be positive and finite');
    this.mu = mu;
    this.sigma = sigma;
    Object.freeze(this);
  }

  /** The natural logarithm of the density. @param {number | Numbers} x */
  logPdf(x) {
    const { mu, sigma } = this;
    const logSigma = Math.log(sigma);
    return elementwise(demand(x, (at) => !Number.isNaN(at), 'x must not be NaN'), (at) => {
      const z = scaledDifference(at, mu, sigma);
      return -0.5 * z * z - logSigma - HALF_LOG_TAU;
    });
  }

  /** The density. @param {number | Numbers} x */
  pdf(x) {
    return elementwise(this.logPdf(x), Math.exp);
  }
}

/** t = (σp-σq)/σq and z = (μp-μq)/σq, all that a divergence depends on. */
function offset(p, q) {
  return { t: (p.sigma - q.sigma) / q.sigma, z: scaledDifference(p.mu, q.mu, q.sigma) };
}

/** log(σp/σq) = log1p(t). */
function logSigmaRatio(p, q, t) {
  return Math.abs(t) <= NEAR_SCALE ? Math.log1p(t) : logQuotient(p.sigma, q.sigma);
}

/** t - log1p(t); near 0 from log1p(t) = 2·atanh(w) with w = t/(2+t). */
function scalePenalty(p, q, t) {
  if (Math.abs(t) > NEAR_SCALE) return t - logSigmaRatio(p, q, t);
  const w = t / (2 + t);
  return w * (t - 2 * w * w * atanhTail(w * w));
}

/** D(p‖q) in closed form. @param {Gaussian} p @param {Gaussian} q @param {InBase} [options] */
export function gaussianKl(p, q, { base = 2 } = {}) {
  const scale = logBase(base);
  const { t, z } = offset(p, q);
  const half = 0.5 / scale; // into each square before it can overflow
  return half * t * t + half * z * z + scalePenalty(p, q, t) / scale;
}

/** log p(x) - log q(x) at x = μp + σp·s, accurate as q approaches p. */
function standardLogRatio(s, t, z, logRatio) {
  const further = t * s + z;
  return 0.5 * further * (2 * s + further) - logRatio;
}

/** log p(x) - log q(x) at many x. */
function logDensityRatio(x, p, q) {
  const { t, z } = offset(p, q);
  const logRatio = logSigmaRatio(p, q, t);
  if (Math.abs(t) <= NEAR_SCALE) {
    return x.map((at) => standardLogRatio((at - p.mu) / p.sigma, t, z, logRatio));
  }
  const ofQ = q.logPdf(x);
  return p.logPdf(x).map((ofP, i) => ofP - ofQ[i]);
}

/** p(x)·log(p(x)/q(x)), the area under which is D(p‖q). @param {number | Numbers} x */
export function klIntegrand(x, p, q, { base = 2 } = {}) {
  const scale = logBase(base);
  const points = Float64Array.from(typeof x === 'number' ? [x] : x);
  const ratio = logDensityRatio(points, p, q);
  const heights = p.pdf(points).map((density, i) => (density > 0 ? (density * ratio[i]) / scale + 0 : 0));
  return typeof x === 'number' ? heights[0] : heights;
}

/** The area under heights over nodes, by trapezoids. */
function trapezoid(heights, nodes) {
  const areas = new Float64Array(nodes.length - 1);
  for (let i = 0; i < areas.length; i += 1) {
    areas[i] = ((nodes[i + 1] - nodes[i]) * (heights[i + 1] + heights[i])) / 2;
  }
  return sum(areas);
}

const STANDARD = new Gaussian(0, 1);
const KL_NODES = linspace(-10, 10, 1001);
const KL_DENSITY = STANDARD.pdf(KL_NODES);
const JS_NODES = linspace(-20, 20, 801);
const JS_LOG_DENSITY = STANDARD.logPdf(JS_NODES);
const JS_DENSITY = STANDARD.pdf(JS_NODES);
const APART = 40; // wider sigmas, from which on the densities' overlap is below 1e-86

/** D(p‖q) by the trapezoid rule over μp ± 10 σp. @param {Gaussian} p @param {Gaussian} q */
export function klQuadrature(p, q, { base = 2 } = {}) {
  const scale = logBase(base);
  const { t, z } = offset(p, q);
  if (0.5 * t * t + 0.5 * z * z === Infinity) return Infinity;
  const logRatio = logSigmaRatio(p, q, t);
  const heights = KL_NODES.map((s, i) => KL_DENSITY[i] * standardLogRatio(s, t, z, logRatio));
  return trapezoid(heights, KL_NODES) / scale;
}

/** Jensen-Shannon divergence, by quadrature. @param {Gaussian} p @param {Gaussian} q */
export function gaussianJensenShannon(p, q, { base = 2 } = {}) {
  const scale = logBase(base);
  const [narrow, wide] = p.sigma < q.sigma || (p.sigma === q.sigma && p.mu <= q.mu) ? [p, q] : [q, p];
  const { t, z } = offset(narrow, wide);
  if (Math.abs(z) > APART) return Math.LN2 / scale;
  const logRatio = logSigmaRatio(narrow, wide, t);
  const logOdds = JS_NODES.map((s) => standardLogRatio(s, t, z, logRatio));
  const close = Math.abs(t) <= NEAR_SCALE && Math.abs(z) <= 1;
  const part = close ? entropyDeficit : entropyOfOdds;
  const middle = (i) => 0.5 * (JS_DENSITY[i] + Math.exp(JS_LOG_DENSITY[i] - logOdds[i]));
  const area = trapezoid(logOdds.map((odds, i) => middle(i) * part(odds)), JS_NODES);
  return (close ? area : Math.LN2 - area) / scale;
}

/** Entropy in nats of a binary distribution with these log odds. */
function entropyOfOdds(logOdds) {
  const distance = Math.abs(logOdds);
  const odds = Math.exp(-distance);
  return Math.log1p(odds) + (distance * odds) / (1 + odds);
}

/** log 2 less that entropy, accurate where the log odds are small. */
function entropyDeficit(logOdds) {
  const near = Math.abs(logOdds);
  if (!(near < 1)) return Math.LN2 - entropyOfOdds(logOdds);
  const w = Math.tanh(0.5 * near);
  return 0.5 * near * w + 0.5 * Math.log1p(-w * w);
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
