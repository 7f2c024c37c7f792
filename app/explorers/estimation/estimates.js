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
