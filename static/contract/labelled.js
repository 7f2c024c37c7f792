/**
 * Samples of a feature and a label that chapters share, as labelled.py draws them.
 */

import { erfc } from '../infocore/kernel.js';
import { cached } from './memo.js';

export const MOST_SAMPLES = 2000; // samples
/** k·ln k, of which estimates are sums. */
export const COUNT_LOGS = Float64Array.from(
  { length: MOST_SAMPLES + 1 },
  (_, k) => k * Math.log(Math.max(k, 1)),
);

// PCG64 (M. O'Neill 2014) in the state to which numpy.random.default_rng(42) brings it.
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const SEEDED = 274674114334540486603088602300644985544n;
const INCREMENT = 332724090758049132448979897138935081983n;
const WORD_MASK = (1n << 64n) - 1n;
const TWO_WORDS = (1n << 128n) - 1n;

/** A source of random whole numbers of 64 bits, so many steps after the start. */
function pcg64(steps) {
  let state = SEEDED;
  let [factor, term] = [MULTIPLIER, INCREMENT];
  for (let left = steps; left > 0n; left >>= 1n) {
    if (left & 1n) state = (state * factor + term) & TWO_WORDS;
    term = ((factor + 1n) * term) & TWO_WORDS;
    factor = (factor * factor) & TWO_WORDS;
  }
  return () => {
    state = (state * MULTIPLIER + INCREMENT) & TWO_WORDS;
    const word = (state >> 64n) ^ (state & WORD_MASK);
    const turn = state >> 122n;
    return ((word >> turn) | (word << (64n - turn))) & WORD_MASK;
  };
}

// The ziggurat of Marsaglia and Tsang (J. Stat. Software 5, 2000) with the parameters of NumPy.
const LAYERS = 256;
const TAIL_FROM = 3.6541528853610088;
const MANTISSA = 2 ** 52;
const bell = (x) => Math.exp(-0.5 * x * x);

const ZIGGURAT = (() => {
  const area = TAIL_FROM * bell(TAIL_FROM) + Math.sqrt(Math.PI / 2) * erfc(TAIL_FROM / Math.SQRT2);
  const edges = [area / bell(TAIL_FROM)];
  edges[LAYERS - 1] = TAIL_FROM;
  for (let i = LAYERS - 2; i > 0; i -= 1) {
    edges[i] = Math.sqrt(-2 * Math.log(area / edges[i + 1] + bell(edges[i + 1])));
  }
  const inner = edges.map((edge, i) =>
    i === 1 ? 0 : ((i === 0 ? TAIL_FROM : edges[i - 1]) / edge) * MANTISSA,
  );
  const heights = edges.map((edge, i) => (i === 0 ? 1 : bell(edge)));
  return { widths: edges.map((edge) => edge / MANTISSA), inner, heights };
})();

/** A normal number as numpy.random.Generator draws it. @param {() => bigint} next */
function normalFrom(next) {
  const uniform = () => Number(next() >> 11n) / 2 ** 53;
  for (;;) {
    const word = next();
    const layer = Number(word & 255n);
    const size = Number((word >> 9n) & ((1n << 52n) - 1n));
    const sign = (word >> 8n) & 1n ? -1 : 1;
    const x = size * ZIGGURAT.widths[layer];
    if (size < ZIGGURAT.inner[layer]) return sign * x;
    if (layer === 0) return normalTail(uniform, (BigInt(size) >> 8n) & 1n ? -1 : 1);
    const [upper, lower] = [ZIGGURAT.heights[layer - 1], ZIGGURAT.heights[layer]];
    if ((upper - lower) * uniform() + lower < bell(x)) return sign * x;
  }
}

function normalTail(uniform, sign) {
  for (;;) {
    const beyond = -Math.log1p(-uniform()) / TAIL_FROM;
    const other = -Math.log1p(-uniform());
    if (other + other > beyond * beyond) return sign * (TAIL_FROM + beyond);
  }
}

/** x₀, the noise that may be added to it, and noise that has nothing to do with it. */
export const normalDraws = cached((sample) => {
  const next = pcg64(BigInt(sample - 1) << 64n);
  return [0, 1, 2].map(() => new Float64Array(MOST_SAMPLES).map(() => normalFrom(next)));
});

/**
 * The first n of a sample: the feature, and whether each has the label.
 * @returns {[Float64Array, Uint8Array]}
 */
export function featureAndLabel(feature, noise, n, sample) {
  const [x0, added, unrelated] = normalDraws(sample);
  const x = feature === 'noise' ? unrelated : x0.map((value, i) => value + noise * added[i]);
  return [x.slice(0, n), new Uint8Array(x0.subarray(0, n).map((value) => Number(value > 0)))];
}

/** The sample after this one; the first follows the last. @param {number} sample */
export function another(sample) {
  return (sample % 100) + 1;
}

/** n times the entropy in nats of a label that so many of n samples have. */
export function labelLogs(n, ones) {
  return COUNT_LOGS[n] - COUNT_LOGS[ones] - COUNT_LOGS[n - ones];
}
