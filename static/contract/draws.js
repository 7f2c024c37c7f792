/** Outcomes drawn one at a time, by a seed: the twin of draws.py. */

import { cached } from './memo.js';
import { Refused } from './messages.js';
import { scrambled } from './scrambled.js';

export const MOST_DRAWN = 10000;
const SEEDS = 1000;
const RECENT = 32;
const DRAWS = { draw_1: 1, draw_10: 10, draw_100: 100, draw_1000: 1000 };
export const DRAW_GESTURES = [...Object.keys(DRAWS), 'draw_anew'];
const BAND = 1.959963984540054;

/** Draw some more, or begin again with another seed. */
export function moveDraws({ seed, draw }, name) {
  if (name === 'draw_anew') return { seed: (seed + 1) % SEEDS, draw: 0 };
  if (draw === MOST_DRAWN) throw new Refused('most_drawn', { most: MOST_DRAWN });
  return { draw: Math.min(MOST_DRAWN, draw + DRAWS[name]) };
}

/** What a move changes; with an outcome more or fewer another message begins. */
export function withDraws({ labels }, moved) {
  return (moved.labels ?? labels).length === labels.length ? moved : { ...moved, draw: 0 };
}

/** Random numbers between 0 and 1, which are neither; streams of one seed differ. */
const uniforms = cached((/** @type {number} */ seed, /** @type {number} */ stream) => {
  const start = scrambled(2 * seed + stream + 1);
  return Float64Array.from({ length: MOST_DRAWN }, (_, k) => (scrambled(k ^ start) + 0.5) / 2 ** 32);
}, 8);

/** Standard normal numbers (Box and Muller, 1958). */
export const normals = cached((/** @type {number} */ seed) => {
  const turn = uniforms(seed, 1);
  return uniforms(seed, 0).map((u, k) => Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * turn[k]));
});

/** Which outcome each draw gives; never one that p rules out. */
function outcomes(p, seed, drawn) {
  const reached = runningTotals(p);
  const sum = reached[reached.length - 1];
  return Array.from(uniforms(seed, 0).subarray(0, drawn), (u) => reached.findIndex((end) => end > u * sum));
}

/** @param {number[]} p */
function runningTotals(p) {
  let sum = 0;
  return Array.from(p, (share) => (sum += share));
}

/** Which outcome one draw of a sequence of its own gives; never one that p rules out. */
export function outcomeOf(p, seed, place) {
  const reached = runningTotals(p);
  const u = uniforms(seed, 1)[place] * reached[reached.length - 1];
  return reached.findIndex((end) => end > u);
}

/** The running mean of costs, and where 95 of 100 such means lie around their limit. */
function walk(costs, mean, spread) {
  const drawn = costs.length;
  /** @type {Record<'n' | 'mean' | 'limit' | 'low' | 'high', number[]>} */
  const path = { n: [], mean: [], limit: [], low: [], high: [] };
  let total = 0;
  costs.forEach((cost, k) => {
    total += cost;
    const n = k + 1;
    if (!(n <= 100 || (n <= 1000 && n % 10 === 0) || n % 100 === 0 || n === drawn)) return;
    const half = Number.isFinite(spread) ? (BAND * spread) / Math.sqrt(n) : Infinity;
    path.n.push(n);
    path.mean.push(total / n);
    path.limit.push(mean);
    path.low.push(Number.isFinite(half) ? mean - half : Infinity);
    path.high.push(mean + half);
  });
  return path;
}

/** Which outcomes came, their tables and their readouts; each costs what `cost` says. */
export function message(p, cost, labels, seed, drawn) {
  const came = outcomes(p, seed, drawn);
  const { tables, readouts } = shownDraws(
    came.map((i) => cost[i]),
    ...moments(p, cost),
  );
  tables.drops.label = came.slice(-RECENT).map((i) => labels[i]);
  return { came, tables, readouts };
}

/** The mean of a cost under p, and its standard deviation. @returns {[number, number]} */
function moments(p, cost) {
  /** @param {(paid: number) => number} of */
  const average = (of) =>
    p.reduce((/** @type {number} */ sum, share, i) => (share > 0 ? sum + share * of(cost[i]) : sum), 0);
  const mean = average((paid) => paid);
  return [mean, Number.isFinite(mean) ? Math.sqrt(average((paid) => (paid - mean) ** 2)) : Infinity];
}

/**
 * Tables of the last draws, of the running mean and where it is, and its readouts.
 * @param {number[]} costs
 * @param {number} mean
 * @param {number} spread
 */
export function shownDraws(costs, mean, spread) {
  const drawn = costs.length;
  const path = walk(costs, mean, spread);
  const last = costs.slice(-RECENT);
  /** @type {Record<string, Record<string, any[]>>} */
  const tables = {
    drops: { k: last.map((_, i) => drawn - last.length + 1 + i), cost: last },
    walk: path,
    arrived: { n: path.n.slice(-1), mean: path.mean.slice(-1) },
  };
  return { tables, readouts: { drawn, running_mean: drawn ? path.mean[path.mean.length - 1] : NaN } };
}

/** How far the axes of the draws reach. @param {number} drawn */
export function drawRanges(drawn) {
  const first = Math.max(0, drawn - RECENT);
  return { draws: [1, 1.05 * Math.max(10, drawn)], recent: [first + 0.5, Math.max(drawn, RECENT) + 0.5] };
}
