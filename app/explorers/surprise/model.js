/** The surprise of one event, and of two that are independent: the twin of model.py. */

import { cached } from '../../../static/contract/memo.js';
import { informationContent } from '../../../static/infocore/kernel.js';

const LEAST = 1e-12;
const EVEN = Array.from({ length: 150 }, (_, k) => ((k + 1) / 150) ** 3);
const POWERS = Array.from({ length: 308 }, (_, k) => 0 - k);
const WEATHER = { sun: 0.5, cloud: 0.25, rain: 0.15, snow: 0.1 };
const RARE = { 'ten heads': 1 / 1024, 'six right of 49': 1 / 13983816 };
const [HIGHEST, HIGHEST_POWER] = [6, 40];
const FAR = 100;

/**
 * The curve, the reader's point on it, and the surprises of two events as bars.
 * @param {{p: number, p_2: number, scale: string, base: number}} state
 */
export function compute({ p, p_2, scale, base }) {
  const [surprise, second] = [p, p_2].map((one) => informationContent(one, { base }));
  const bit = Math.LN2 / Math.log(base);
  const finite = p > 0 ? surprise : 0;
  return {
    tables: { ...curvesOf(base), here: hereOf(p, surprise), stack: stackOf([p, p_2], surprise, second, bit) },
    readouts: { surprise, surprise_2: second, surprise_sum: surprise + second, both: p * p_2 },
    ranges: {
      height: [0, Math.max(HIGHEST * bit, 1.1 * finite)],
      height_power: [0, Math.max(HIGHEST_POWER * bit, 1.1 * finite)],
      power: [lowest(p), 2],
      amount: [0, longest(surprise, second, bit)],
    },
    flags: {
      curve: scale === 'linear',
      powers: scale === 'logarithmic',
      endless: p === 0,
      possible: p > 0,
      never: p === 0 || p_2 === 0,
      tiny: p * p_2 === 0 && p > 0 && p_2 > 0,
    },
  };
}

/** What no move changes, the very same tables, so that they are painted once. */
const curvesOf = cached((/** @type {number} */ base) => {
  const tenths = POWERS.map((power) => Number(`1e${power}`));
  /** @param {number[]} p */
  const points = (p) => ({ p, y: informationContent(p, { base }) });
  /** @param {Record<string, number>} some */
  const named = (some) => ({ label: Object.keys(some), ...points(Object.values(some)) });
  return {
    curve: points(EVEN),
    powers: { power: POWERS, ...points(tenths) },
    weather: named(WEATHER),
    rare: named(RARE),
  };
});

/** Where the logarithmic picture begins: LEAST, or below p where that is less. @param {number} p */
function lowest(p) {
  return p > 0 ? Math.max(Math.min(LEAST, p / 2), Number.MIN_VALUE) : LEAST;
}

/**
 * The reader's point; p = 0, which is on no logarithmic axis, stands at its left.
 * @param {number} p
 * @param {number} surprise
 */
function hereOf(p, surprise) {
  const top = surprise === Infinity ? FAR * HIGHEST_POWER : surprise;
  return { p: [p], at: [p > 0 ? p : LEAST], y: [surprise], top: [top] };
}

/**
 * How far the bars reach that are not infinite.
 * @param {number} surprise
 * @param {number} second
 * @param {number} bit
 */
function longest(surprise, second, bit) {
  return Math.max(
    4 * bit,
    [surprise, second].filter(Number.isFinite).reduce((sum, one) => sum + one, 0),
  );
}

/**
 * The bars: two surprises end to end, and that of both events below them.
 * @param {[number, number]} p
 * @param {number} surprise
 * @param {number} second
 * @param {number} bit
 */
function stackOf([p, p2], surprise, second, bit) {
  const far = FAR * longest(surprise, second, bit);
  const [first, both] = [Math.min(surprise, far), Math.min(surprise + second, far)];
  const [left, right] = [
    [0, first, 0],
    [first, both, both],
  ];
  return {
    name: ['first', 'second', 'both'],
    p: [p, p2, p * p2],
    surprise: [surprise, second, surprise + second],
    left,
    right,
    part: right.map((end, i) => (both ? (end - left[i]) / both : 0)),
    bottom: [1.1, 1.1, 0.1],
    top: [1.9, 1.9, 0.9],
    at: [1.5, 1.5, 0.5],
    alpha: [0.75, 0.4, 0.75],
  };
}
