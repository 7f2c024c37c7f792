/**
 * Samples of a feature and a label as samples.py draws them, and what they share.
 */

import { cached } from '../../../static/contract/memo.js';
import { binaryEntropy, erfc, klDivergence, linspace } from '../../../static/infocore/kernel.js';
import { sum } from '../../../static/infocore/sum.js';

export const SAMPLES = 2000;
export const BINS = [2, 3, 4, 6, 8, 10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 450, 630, 1000];
const SHUFFLES = 39;
const COUNT_LOGS = Float64Array.from({ length: SAMPLES + 1 }, (_, k) => k * Math.log(Math.max(k, 1)));

// PCG64 (M. O'Neill 2014) in the state to which numpy.random.default_rng(42) brings it.
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const START = 274674114334540486603088602300644985544n;
const INCREMENT = 332724090758049132448979897138935081983n;
const WORD = (1n << 64n) - 1n;
const TWO_WORDS = (1n << 128n) - 1n;

/** A source of random whole numbers of 64 bits, so many steps after the start. */
function pcg64(steps) {
  let state = START;
  let [factor, term] = [MULTIPLIER, INCREMENT];
  for (let left = steps; left > 0n; left >>= 1n) {
    if (left & 1n) state = (state * factor + term) & TWO_WORDS;
    term = ((factor + 1n) * term) & TWO_WORDS;
    factor = (factor * factor) & TWO_WORDS;
  }
  return () => {
    state = (state * MULTIPLIER + INCREMENT) & TWO_WORDS;
    const word = (state >> 64n) ^ (state & WORD);
    const turn = state >> 122n;
    return ((word >> turn) | (word << (64n - turn))) & WORD;
  };
}

// The ziggurat of Marsaglia and Tsang (J. Stat. Software 5, 2000) with the parameters of NumPy.
const LAYERS = 256;
const TAIL_FROM = 3.6541528853610088;
const UNIT = 2 ** 52;
const height = (x) => Math.exp(-0.5 * x * x);

const ZIGGURAT = (() => {
  const area = TAIL_FROM * height(TAIL_FROM) + Math.sqrt(Math.PI / 2) * erfc(TAIL_FROM / Math.SQRT2);
  const edges = [area / height(TAIL_FROM)];
  edges[LAYERS - 1] = TAIL_FROM;
  for (let i = LAYERS - 2; i > 0; i -= 1) {
    edges[i] = Math.sqrt(-2 * Math.log(area / edges[i + 1] + height(edges[i + 1])));
  }
  const inner = edges.map((edge, i) => (i === 1 ? 0 : ((i === 0 ? TAIL_FROM : edges[i - 1]) / edge) * UNIT));
  const heights = edges.map((edge, i) => (i === 0 ? 1 : height(edge)));
  return { widths: edges.map((edge) => edge / UNIT), inner, heights };
})();

/** A normal number as numpy.random.Generator draws it. @param {() => bigint} next */
function normal(next) {
  const uniform = () => Number(next() >> 11n) / 2 ** 53;
  for (;;) {
    const word = next();
    const layer = Number(word & 255n);
    const size = Number((word >> 9n) & ((1n << 52n) - 1n));
    const sign = (word >> 8n) & 1n ? -1 : 1;
    const x = size * ZIGGURAT.widths[layer];
    if (size < ZIGGURAT.inner[layer]) return sign * x;
    if (layer === 0) return tail(uniform, (BigInt(size) >> 8n) & 1n ? -1 : 1);
    const [upper, lower] = [ZIGGURAT.heights[layer - 1], ZIGGURAT.heights[layer]];
    if ((upper - lower) * uniform() + lower < height(x)) return sign * x;
  }
}

function tail(uniform, sign) {
  for (;;) {
    const beyond = -Math.log1p(-uniform()) / TAIL_FROM;
    const other = -Math.log1p(-uniform());
    if (other + other > beyond * beyond) return sign * (TAIL_FROM + beyond);
  }
}

/** x₀, the noise that may be added to it, and noise that has nothing to do with it. */
export const draws = cached((sample) => {
  const next = pcg64(BigInt(sample - 1) << 64n);
  return [0, 1, 2].map(() => new Float64Array(SAMPLES).map(() => normal(next)));
});

/**
 * The first n of a sample: the feature, and whether each has the label.
 * @returns {[Float64Array, Uint8Array]}
 */
export function featureAndLabel(feature, noise, n, sample) {
  const [x0, added, unrelated] = draws(sample);
  const x = feature === 'noise' ? unrelated : x0.map((value, i) => value + noise * added[i]);
  return [x.slice(0, n), new Uint8Array(x0.subarray(0, n).map((value) => Number(value > 0)))];
}

/** The feature's standard deviation. */
export function spread(feature, noise) {
  return feature === 'noise' ? 1 : Math.hypot(1, noise);
}

/** The mutual information of feature and label in nats, see samples.py. */
export function exactInformation(feature, noise) {
  if (feature === 'noise') return 0;
  const end = noise < 1 ? 10 : 9;
  const nodes = linspace(0, end, 181);
  const weight = (i) => (i === 0 ? end / 360 : end / 180);
  const density = (z) => height(z) / Math.sqrt(2 * Math.PI);
  const upperTailAt = (z) => 0.5 * erfc(z / Math.SQRT2);
  if (noise < 1) {
    const left = nodes.map(
      (t, i) => weight(i) * density(noise * t) * binaryEntropy(upperTailAt(t), { base: Math.E }),
    );
    return Math.LN2 - 2 * noise * sum(left);
  }
  return (
    2 *
    sum(
      nodes.map((z, i) => {
        const p = upperTailAt(z / noise);
        return weight(i) * density(z) * klDivergence([p, 1 - p], [0.5, 0.5], { base: Math.E });
      }),
    )
  );
}

/** Orders of all samples, from scrambled counters (C. Wellons' lowbias32). */
const orders = cached(() =>
  Array.from({ length: SHUFFLES }, (_, row) => {
    const keys = new Float64Array(SAMPLES).map((_, i) => scrambled(row * SAMPLES + i) * SAMPLES + i);
    return new Uint16Array(keys.sort().map((key) => key % SAMPLES));
  }),
);

function scrambled(counter) {
  const once = Math.imul(counter ^ (counter >>> 16), 0x7feb352d);
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b);
  return (twice ^ (twice >>> 16)) >>> 0;
}

const shuffles = cached((n) => [
  new Uint16Array(n).map((_, i) => i),
  ...orders().map((order) => order.filter((i) => i < n)),
]);

/** Where the label stands among the first n of a sample, as drawn and in each shuffle. */
const labelled = cached((n, sample) => {
  const [, y] = featureAndLabel('noise', 0, n, sample);
  const places = new Uint16Array(n).map((_, i) => i);
  return shuffles(n).map((order) => places.filter((i) => y[order[i]]));
});

/** Plug-in, corrected and shuffled estimates in nats of a feature in a sample, for each number of bins. */
export function estimates(x, sample, numbers = BINS) {
  const places = labelled(x.length, sample);
  const least = Math.min(...x);
  const width = Math.max(...x) - least;
  const columns = numbers.map((bins) => ofBins(x, least, width, bins, places));
  const names = ['plug_in', 'corrected', 'low', 'high'];
  return Object.fromEntries(names.map((name, k) => [name, columns.map((column) => column[k])]));
}

function ofBins(x, least, width, bins, labels) {
  const [n, ones] = [x.length, labels[0].length];
  const place = new Uint16Array(x.map((value) => Math.min((value - least) * (bins / width), bins - 1)));
  const rows = new Uint16Array(bins);
  for (const bin of place) rows[bin] += 1;
  const [first, ...nulls] = labels.map((places) => {
    const found = new Uint16Array(bins);
    for (let i = 0; i < ones; i += 1) found[place[places[i]]] += 1;
    let both = 0;
    for (let bin = 0; bin < bins; bin += 1) {
      both += COUNT_LOGS[found[bin]] + COUNT_LOGS[rows[bin] - found[bin]] - COUNT_LOGS[rows[bin]];
    }
    return { nats: (both + labelLogs(n, ones)) / n, found };
  });
  let occupied = 0;
  first.found.forEach((count, bin) => {
    occupied += Math.min(count, 1) + Math.min(rows[bin] - count, 1) - Math.min(rows[bin], 1);
  });
  const excess = (occupied - Math.min(ones, 1) - Math.min(n - ones, 1) + 1) / (2 * n);
  const chance = nulls.map(({ nats }) => nats);
  return [first.nats, first.nats - excess, Math.min(...chance), Math.max(...chance)];
}

/** n times the entropy in nats of a label that so many of n samples have. */
function labelLogs(n, ones) {
  return COUNT_LOGS[n] - COUNT_LOGS[ones] - COUNT_LOGS[n - ones];
}

/** The feature in order, and the gain in nats of a cut before each of its samples and behind all. */
export function gains(x, y) {
  const n = x.length;
  const order = Array.from(x.keys()).sort((a, b) => x[a] - x[b]);
  const ones = y.reduce((total, one) => total + one, 0);
  const found = new Float64Array(n + 1);
  for (let left = 0, hits = 0; left <= n; left += 1) {
    const parts = [hits, left - hits, ones - hits, n - left - (ones - hits)];
    const sums =
      parts.reduce((total, part) => total + COUNT_LOGS[part], 0) - COUNT_LOGS[left] - COUNT_LOGS[n - left];
    found[left] = Math.max((sums + labelLogs(n, ones)) / n, 0);
    if (left < n) hits += y[order[left]];
  }
  return [Float64Array.from(order, (i) => x[i]), found];
}
