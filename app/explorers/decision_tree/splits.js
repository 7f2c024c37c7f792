/** Cuts of ordered samples: what each tells of the label, and which is the best; the twin of splits.py. */

import { COUNT_LOGS, labelLogs } from '../../../static/contract/labelled.js';

const NEAR = 1e-12; // by which two gains may differ and still count as the same

/** The information gain in nats, and by how much Gini's impurity falls, of each cut of ordered samples. */
export function gains(label) {
  const n = label.length;
  const ones = label.reduce((total, one) => total + one, 0);
  const most = Math.max(n, 1);
  const [found, gini] = [new Float64Array(n + 1), new Float64Array(n + 1)];
  for (let left = 0, hits = 0; left <= n; left += 1) {
    const [right, misses] = [n - left, ones - hits];
    const parts = [hits, left - hits, misses, right - misses];
    const sums =
      parts.reduce((total, part) => total + COUNT_LOGS[part], 0) - COUNT_LOGS[left] - COUNT_LOGS[right];
    const mixed = (hits * parts[1]) / Math.max(left, 1) + (misses * parts[3]) / Math.max(right, 1);
    found[left] = Math.max((sums + labelLogs(n, ones)) / most, 0);
    gini[left] = Math.max((2 * ((ones * (n - ones)) / most - mixed)) / most, 0);
    hits += label[left];
  }
  return [found, gini];
}

/** The first of the best cuts between ordered values and its gain; nothing between equals. */
export function bestCut(values, gained) {
  const places = Array.from({ length: Math.max(values.length - 1, 0) }, (_, i) => i + 1).filter(
    (i) => values[i] > values[i - 1],
  );
  if (!places.length) return null;
  const most = Math.max(...places.map((place) => gained[place]));
  const [place] = places.filter((one) => gained[one] >= most - NEAR);
  return [(values[place - 1] + values[place]) / 2, gained[place]];
}

/** How many of ordered values are at most a bound. */
export function upTo(ordered, bound) {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ordered[middle] <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
