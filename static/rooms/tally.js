/** What a room has answered: in groups, as shares, and how undecided that is. */

import { formatPlain } from '../front/format.js';
import { isNear } from '../front/number-pair.js';
import { entropy, klDivergence } from '../infocore/kernel.js';
import { sum } from '../infocore/sum.js';

const MOST_GROUPS = 12; // of numbers; so many different ones stand each for itself
const INNER = 8; // steps between the two ends of most numbers; with those beyond, at most twelve groups
const WHISKER = 1.5; // of the width of the middle half, beyond which a number is far out (Tukey's)

/** @typedef {[value: number, count: number]} Pair */
/** @typedef {{label: string, low: number, high: number, holds: (value: number) => boolean}} Group */
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
  const groups = groupsOf(given.flat(), isRight, () => spanOf(Number(truth), near));
  const counts = given.map((pairs) =>
    groups.map(({ holds }) => sum(pairs.filter(([value]) => holds(value)).map(([, count]) => count))),
  );
  const hits = given.flatMap((pairs) => pairs.map(([value]) => value).filter(isRight));
  const right = groups.flatMap(({ holds }, place) => (hits.some(holds) ? [place] : []));
  return { labels: groups.map(({ label }) => label), counts, right };
}

/**
 * The right numbers, as a group and as it is called.
 * @param {number} truth
 * @param {number} near
 */
function spanOf(truth, near) {
  const [low, high] = [truth - near, truth + near];
  return { low, high, label: near ? `${written(low)} to ${written(high)}` : `exactly ${written(truth)}` };
}

/** The right number in words, and how near to it counts. @param {{truth: number, near: number}} question */
export function rightNumber({ truth, near }) {
  return near ? `${written(truth)}, give or take ${written(near)}` : written(truth);
}

/**
 * Groups for numbers: each by itself where they are few, else in steps; there, right ones are a group
 * of their own, which stands where it begins, and a step of which it leaves nothing goes.
 * @param {Pair[]} pairs
 * @param {(value: number) => boolean} isRight
 * @param {() => Omit<Group, 'holds'>} span of those
 * @returns {Group[]}
 */
function groupsOf(pairs, isRight, span) {
  const sorted = pairs.toSorted(([a], [b]) => a - b);
  const values = [...new Set(sorted.map(([value]) => value))];
  if (values.length <= MOST_GROUPS)
    return values.map((one) => ({
      label: written(one),
      low: one,
      high: one,
      holds: (value) => value === one,
    }));
  const steps = stepsOf(sorted, values);
  if (!values.some(isRight)) return steps;
  const right = { ...span(), holds: isRight };
  const others = values.filter((value) => !isRight(value));
  const left = steps
    .filter(({ low, high, holds }) => others.some(holds) || high <= right.low || low > right.high)
    .map((step) => ({
      ...step,
      holds: (/** @type {number} */ value) => !isRight(value) && step.holds(value),
    }));
  return [right, ...left].toSorted((a, b) => a.low - b.low);
}

/**
 * Steps of 1, 2 or 5, and what lies beyond.
 * @param {Pair[]} sorted
 * @param {number[]} values
 * @returns {Group[]}
 */
function stepsOf(sorted, values) {
  const [low, high] = whiskers(sorted, values);
  const edges = edgesBetween(low, high, high - low || Math.abs(low) || values[values.length - 1] - values[0]);
  const [first, last] = [edges[0], edges[edges.length - 1]];
  const below = values[0] < first ? [step(-Infinity, first)] : [];
  const above = values[values.length - 1] >= last ? [step(last, Infinity)] : [];
  return [...below, ...edges.slice(1).map((edge, i) => step(edges[i], edge)), ...above];
}

/** The numbers from one to less than another. @param {number} low @param {number} high @returns {Group} */
function step(low, high) {
  const inner = `${written(low)} to less than ${written(high)}`;
  const label =
    low === -Infinity ? `less than ${written(high)}` : high < Infinity ? inner : `${written(low)} or more`;
  return { label, low, high, holds: (value) => value >= low && value < high };
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
