/** What a sample tells of the information that its feature and its label share, see estimates.py. */

import { COUNT_LOGS, featureAndLabel, labelLogs, MOST_SAMPLES } from '../../../static/contract/labelled.js';
import { cached } from '../../../static/contract/memo.js';
import { scrambled } from '../../../static/contract/scrambled.js';
import { binaryEntropy, erfc, klDivergence, linspace } from '../../../static/infocore/kernel.js';
import { sum } from '../../../static/infocore/sum.js';

export const BINS = [2, 3, 4, 6, 8, 10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 450, 630, 1000];
const SHUFFLES = 39;
const height = (x) => Math.exp(-0.5 * x * x);

/** The mutual information of feature and label in nats, see estimates.py. */
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

/** Orders of all samples, from scrambled counters. */
const orders = cached(() =>
  Array.from({ length: SHUFFLES }, (_, row) => {
    const keys = new Float64Array(MOST_SAMPLES).map(
      (_, i) => scrambled(row * MOST_SAMPLES + i) * MOST_SAMPLES + i,
    );
    return new Uint16Array(keys.sort().map((key) => key % MOST_SAMPLES));
  }),
);

const shuffles = cached((n) => [
  new Uint16Array(n).map((_, i) => i),
  ...orders().map((order) => order.filter((i) => i < n)),
]);

/** The labels of the first n of a sample, as drawn and in each shuffle. */
const labelled = cached((n, sample) => {
  const [, y] = featureAndLabel('noise', 0, n, sample);
  return shuffles(n).map((order) => new Uint8Array(order.map((i) => y[i])));
});

/** The values in order and, as drawn and in each shuffle, how many of the first have the label. */
export function inOrder(x, sample) {
  const order = new Uint16Array(x.length).map((_, i) => i).sort((i, j) => x[i] - x[j]);
  const counts = labelled(x.length, sample).map((labels) => running(order, labels));
  return { x: Float64Array.from(order, (i) => x[i]), counts };
}

/** Plug-in, corrected and shuffled estimates in nats of values in order, for each number of bins. */
export function estimates({ x, counts }, numbers = BINS) {
  const columns = numbers.map((bins) => ofBins(x, bins, counts));
  const names = ['plug_in', 'corrected', 'low', 'high'];
  return Object.fromEntries(names.map((name, k) => [name, columns.map((column) => column[k])]));
}

function running(order, labels) {
  const counts = new Uint16Array(order.length + 1);
  for (let i = 0; i < order.length; i += 1) counts[i + 1] = counts[i] + labels[order[i]];
  return counts;
}

function ofBins(x, bins, counts) {
  const [n, ones] = [x.length, counts[0].at(-1)];
  const ends = endsOf(x, bins);
  const [first, ...nulls] = counts.map((count) => (informationOf(ends, count) + labelLogs(n, ones)) / n);
  const excess = (occupiedIn(ends, counts[0]) - Math.min(ones, 1) - Math.min(n - ones, 1) + 1) / (2 * n);
  return [first, first - excess, Math.min(...nulls), Math.max(...nulls)];
}

/** Where each bin that is not empty ends among the values in order, from the first one's start at 0. */
function endsOf(x, bins) {
  const [least, width] = [x[0], x.at(-1) - x[0]];
  const placeOf = (value) => Math.floor(Math.min((value - least) * (bins / width), bins - 1));
  const ends = [];
  for (let i = 0, last = -1; i < x.length; i += 1) {
    const place = placeOf(x[i]);
    if (place !== last) ends.push(i);
    last = place;
  }
  return new Uint16Array([...ends, x.length]);
}

/** The sum of k·ln k of the counts in each bin, less that of the bins. */
function informationOf(ends, counts) {
  let both = 0;
  for (let bin = 1; bin < ends.length; bin += 1) {
    const rows = ends[bin] - ends[bin - 1];
    const found = counts[ends[bin]] - counts[ends[bin - 1]];
    both += COUNT_LOGS[found] + COUNT_LOGS[rows - found] - COUNT_LOGS[rows];
  }
  return both;
}

/** How many of a table's cells are not empty, less how many of its rows. */
function occupiedIn(ends, counts) {
  let mixed = 0;
  for (let bin = 1; bin < ends.length; bin += 1) {
    const found = counts[ends[bin]] - counts[ends[bin - 1]];
    mixed += Number(found > 0 && found < ends[bin] - ends[bin - 1]);
  }
  return mixed;
}
