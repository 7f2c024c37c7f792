/** What a room has answered: in groups, as shares, and how undecided that is. */

import { formatPlain } from '../front/format.js';
import { isNear } from '../front/number-pair.js';
import { entropy, klDivergence } from '../infocore/kernel.js';
import { sum } from '../infocore/sum.js';

const MOST_GROUPS = 12; // of numbers; so many different ones stand each for itself
const INNER = 8; // steps between the two ends of most numbers; with those beyond, at most twelve groups
const WHISKER = 1.5; // of the width of the middle half, beyond which a number is far out (Tukey's)

/** @typedef {[value: number, count: number]} Pair */
/** @typedef {{labels: string[], placeOf: (value: number) => number}} Groups a place of -1 is in no group */
/** @typedef {{kind: string, options: string[], truth?: number | null, near?: number}} Question */
/**
 * @typedef {object} Tally
 * @property {string[]} labels the groups, in words
 * @property {number[][]} counts of each group, a row a round
 * @property {number[]} right the groups of the right answers
 */

/**
 * The answers of all rounds in the same groups.
 * @param {Question} question
 * @param {(number[] | Pair[])[]} rounds how often each option was chosen or each number given
 * @returns {Tally}
 */
export function tallied({ kind, options, truth = null, near = 0 }, rounds) {
  if (kind === 'choice') {
    const counts = /** @type {number[][]} */ (rounds);
    return { labels: options, counts, right: truth === null ? [] : [truth] };
  }
  const given = /** @type {Pair[][]} */ (rounds);
  const isRight = (/** @type {number} */ value) => truth !== null && isNear(value, [truth, near]);
  const hits = given.flatMap((pairs) => pairs.map(([value]) => value).filter(isRight));
  const all = groupsOf(given.flat());
  const { labels, placeOf } = hits.length
    ? withRight(all, isRight, hits[0], spanOf(Number(truth), near))
    : all;
  const counts = given.map((pairs) => {
    const row = labels.map(() => 0);
    for (const [value, count] of pairs) row[placeOf(value)] += count;
    return row;
  });
  return { labels, counts, right: [...new Set(hits.map(placeOf))] };
}

/** The right numbers, as a group of their own is called. @param {number} truth @param {number} near */
function spanOf(truth, near) {
  return near ? `${written(truth - near)} to ${written(truth + near)}` : `exactly ${written(truth)}`;
}

/** The right number in words, and how near to it counts. @param {{truth: number, near: number}} question */
export function rightNumber({ truth, near }) {
  return near ? `${written(truth)}, give or take ${written(near)}` : written(truth);
}

/**
 * Where numbers stand in steps, those that are right are a group of their own.
 * @param {Groups} groups
 * @param {(value: number) => boolean} isRight
 * @param {number} hit one of them
 * @param {string} label
 * @returns {Groups}
 */
function withRight(groups, isRight, hit, label) {
  const { labels, placeOf } = groups;
  const place = placeOf(hit);
  if (labels[place] === written(hit)) return groups;
  const around = (/** @type {number} */ value) => placeOf(value) + Number(placeOf(value) >= place);
  return {
    labels: labels.toSpliced(place, 0, label),
    placeOf: (value) => (isRight(value) ? place : around(value)),
  };
}

/**
 * Groups for numbers: each by itself where they are few, else steps of 1, 2 or 5, and what lies beyond.
 * @param {Pair[]} pairs
 * @returns {Groups}
 */
function groupsOf(pairs) {
  const sorted = pairs.toSorted(([a], [b]) => a - b);
  const values = [...new Set(sorted.map(([value]) => value))];
  if (values.length <= MOST_GROUPS)
    return { labels: values.map(written), placeOf: (value) => values.indexOf(value) };
  const [low, high] = whiskers(sorted, values);
  const edges = edgesBetween(low, high, high - low || Math.abs(low) || values[values.length - 1] - values[0]);
  const [first, last] = [edges[0], edges[edges.length - 1]];
  const below = values[0] < first ? [`less than ${written(first)}`] : [];
  const above = values[values.length - 1] >= last ? [`${written(last)} or more`] : [];
  const inner = edges.slice(1).map((edge, i) => `${written(edges[i])} to less than ${written(edge)}`);
  const labels = [...below, ...inner, ...above];
  const placeOf = (/** @type {number} */ value) => {
    const place = edges.filter((edge) => value >= edge).length - 1 + below.length;
    return place < labels.length ? place : -1;
  };
  return { labels, placeOf };
}

/**
 * Steps of 1, 2 or 5 times a power of ten from one number to beyond another.
 * @param {number} low
 * @param {number} high
 * @param {number} spread
 */
function edgesBetween(low, high, spread) {
  const least = spread / INNER;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * /** @type {number} */ ([1, 2, 5, 10].find((one) => one * power >= least));
  const first = Math.floor(low / step);
  const count = Math.floor(high / step) - first + 2;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * The least and the largest number that is not far out: a few odd ones leave the others their groups.
 * @param {Pair[]} sorted
 * @param {number[]} values
 * @returns {[low: number, high: number]}
 */
function whiskers(sorted, values) {
  const [low, high] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = WHISKER * (high - low);
  const near = values.filter((value) => value >= low - reach && value <= high + reach);
  return [near[0], near[near.length - 1]];
}

/** @param {Pair[]} sorted @param {number} part */
function quantile(sorted, part) {
  let left = part * sum(sorted.map(([, count]) => count));
  for (const [value, count] of sorted) {
    left -= count;
    if (left <= 0) return value;
  }
  return sorted[sorted.length - 1][0];
}

/** @param {number} value */
function written(value) {
  return String(Number(value.toPrecision(8))).replace('-', '−');
}

/**
 * How undecided those are who answered, before and after a talk, as a sentence; none before the first answer.
 * @param {number[]} [first]
 * @param {number[]} [second]
 */
export function undecidedLine(first = [], second = []) {
  const bits = [first, second].filter(sum).map((counts) => formatPlain(entropy(sharesOf(counts)), 2));
  if (!bits.length) return '';
  if (first.length === 1) return 'How undecided the room is: H = 0 bits, as all gave the same answer.';
  const most = formatPlain(Math.log2(first.length), 2);
  const said = bits.length > 1 ? `H was ${bits[0]}, now ${bits[1]},` : `H = ${bits[0]}`;
  return `How undecided the room is: ${said} of at most ${most} bit${most === '1' ? '' : 's'}.`;
}

/**
 * How far a room has moved from its first answers to its second, as a sentence.
 * @param {number[]} first
 * @param {number[]} second
 * @param {string[]} labels
 */
export function movedLine(first, second, labels) {
  if (!sum(first) || !sum(second)) return '';
  const bits = klDivergence(sharesOf(first), sharesOf(second));
  if (bits < Infinity) return `D(first ‖ second) = ${formatPlain(bits, 2)} bits: how far it moved.`;
  const lost = labels.filter((_, i) => first[i] > 0 && second[i] === 0).map((one) => `“${one}”`);
  return `D(first ‖ second) = ∞: nobody gave ${lost.join(' or ')} the second time.`;
}

/** @param {number[]} counts */
function sharesOf(counts) {
  const total = sum(counts);
  return counts.map((count) => count / total);
}
