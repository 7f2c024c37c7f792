/** Rounds of the game, by a seed and the round's number: the twin of rounds.py. */

import { MOST_DRAWN } from '../../../static/contract/draws.js';
import { cached } from '../../../static/contract/memo.js';
import { scrambled } from '../../../static/contract/scrambled.js';

export const MOST_CANDIDATES = 128;
const STRIDE = MOST_CANDIDATES / 2 + 1;
const STEPS = 2 ** 16;
const BLOCK = 500;
const SEEDS = 1000;

/** @typedef {{seed: number, rho: number, count: number, tau: number}} Game */

/** The losses of the first rounds, in nats. @param {Game} game @param {number} draw */
export function losses({ seed, rho, count, tau }, draw) {
  const whole = Math.floor(draw / BLOCK);
  const blocks = Array.from({ length: whole }, (_, block) => kept(seed, block, rho, count, tau));
  return [...blocks.flat(), ...lost({ seed, rho, count, tau }, whole * BLOCK, draw)];
}

const kept = cached(
  (seed, block, rho, count, tau) => lost({ seed, rho, count, tau }, block * BLOCK, (block + 1) * BLOCK),
  (2 * MOST_DRAWN) / BLOCK,
);

/** -ln of the partner's share in some rounds. */
function lost(game, first, end) {
  return Array.from({ length: end - first }, (_, k) => lossOf(played(game, first + k).behind));
}

/** -ln of a partner's share, from the strangers' scores less its own. */
export function lossOf(behind) {
  let weight = 0;
  for (const score of behind) weight += Math.exp(score);
  return weight < 1 ? Math.log1p(weight) : Math.log(1 + weight);
}

/** x, y of partner and strangers, (x - ρy)/σ of the partner, and the strangers' scores less its own. */
export function played(game, round) {
  const { rho, count } = game;
  const sigma = Math.sqrt((1 - rho) * (1 + rho));
  const z = normalNumbers(game.seed, round, count + 1);
  const [x, own] = z;
  const strangers = z.subarray(2);
  const missed = sigma * x - rho * own;
  return { x, partner: rho * x + sigma * own, strangers, missed, behind: scores(x, strangers, missed, game) };
}

/** By how much the scores of some y exceed the partner's; -Infinity where they cannot be x's. */
export function scores(x, y, missed, { rho, tau }) {
  const sigma = Math.sqrt((1 - rho) * (1 + rho));
  if (sigma === 0) return y.map(() => -Infinity); // y is x or -x, and a stranger is neither
  return y.map((at) => {
    const v = (x - rho * at) / sigma;
    return (missed * missed - v * v) / (2 * tau);
  });
}

/** So many standard normal numbers of a round (Box and Muller, 1958). */
function normalNumbers(seed, round, count) {
  const [ofFar, ofTurn] = [0, 1].map((stream) => scrambled(2 * (SEEDS + seed) + stream + 1));
  const numbers = new Float64Array(count);
  for (let k = 0; k < count; k += 2) {
    const key = round * STRIDE + k / 2;
    const far = (scrambled(key ^ ofFar) + 0.5) / 2 ** 32;
    const angle = 2 * Math.PI * ((scrambled(key ^ ofTurn) + 0.5) / 2 ** 32);
    const size = STEPS * Math.sqrt(-2 * Math.log(far));
    numbers[k] = Math.round(size * Math.cos(angle)) / STEPS;
    if (k + 1 < count) numbers[k + 1] = Math.round(size * Math.sin(angle)) / STEPS;
  }
  return numbers;
}
