/** Tilted policies and what they cost: the twin of what pages show of infocore/objectives.py. */

import { demand, elementwise, logBase, pmf, sameLength, scaledDifference } from './kernel.js';
import { sum } from './sum.js';

/** @typedef {import('./kernel.js').Numbers} Numbers */

/**
 * The policy reference·exp(reward/β)/Z, and log Z in nats.
 * @param {Numbers} reference a distribution
 * @param {Numbers} reward -Infinity forbids an outcome
 * @param {{beta: number}} options what a nat costs, from 0 to Infinity
 * @returns {{policy: Float64Array, logPartition: number}}
 */
export function tilt(reference, reward, { beta }) {
  demand(beta, (cost) => cost >= 0, 'beta must not be negative or NaN');
  sameLength(pmf(reference, 'reference'), reward, 'reference and reward');
  demand(reward, (one) => one < Infinity, 'reward must not be NaN or +inf');
  const allowed = Array.from(reference, (share, i) => share > 0 && reward[i] > -Infinity);
  const best = Math.max(...Array.from(reward).filter((_, i) => allowed[i]));
  demand(best, (one) => one > -Infinity, 'reward must be above -inf for an outcome that reference allows');
  const belowOf = (top) =>
    Float64Array.from(reward, (one, i) => {
      if (!allowed[i]) return -Infinity;
      return one === top ? 0 : scaledDifference(one, top, beta);
    });
  const place = heaviest(reference, belowOf(best));
  const below = belowOf(reward[place]);
  const weights = below.map((x, i) => weightedExp(reference[i], x, reference[place]));
  const whole = sum(weights);
  const x = Float64Array.from(reward, (one, i) => {
    if (!allowed[i]) return -Infinity;
    return one === 0 ? 0 : one / beta;
  });
  return {
    policy: weights.map((weight) => weight / whole),
    logPartition: logMeanExp(Float64Array.from(reference), x, below) + 0,
  };
}

/**
 * -log σ(β·(chosen - rejected)) of one pair, by its log-ratios log(π/π_ref) in nats.
 * @param {number} chosen
 * @param {number} rejected
 * @param {{beta: number, base?: number}} options
 */
export function dpoLoss(chosen, rejected, { beta, base = Math.E }) {
  const scale = logBase(base);
  demand(beta, (cost) => cost > 0 && cost < Infinity, 'beta must be positive and finite');
  demand([chosen, rejected], (ratio) => !Number.isNaN(ratio), 'chosen and rejected must not be NaN');
  const isOneInfinity = chosen === rejected && Math.abs(chosen) === Infinity;
  demand(chosen, () => !isOneInfinity, 'chosen and rejected must not both be infinite');
  const apart = chosen - rejected;
  const overflows = !Number.isFinite(apart) && Number.isFinite(chosen) && Number.isFinite(rejected);
  const margin = overflows ? beta * chosen - beta * rejected : beta * apart;
  return (Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(-margin, 0)) / scale;
}

/**
 * Three estimates of D(p‖q) in nats from what was drawn under p: k1, k2 and k3.
 * @param {number | Numbers} logRatio log(q/p), -Infinity where q is 0
 */
export function klEstimators(logRatio) {
  demand(logRatio, (x) => x < Infinity, 'log_ratio must not be NaN or +inf');
  const estimates = [(x) => -x, (x) => 0.5 * x * x, expm1Excess];
  return estimates.map((estimate) => elementwise(logRatio, estimate));
}

const EXCESS = Array.from({ length: 18 }, (_, k) => 1 / factorial(k + 2));

function factorial(n) {
  return n > 1 ? n * factorial(n - 1) : 1;
}

/** exp(x) - 1 - x, by its series where its parts would cancel; see infocore/_exponentials.py. */
function expm1Excess(x) {
  if (Math.abs(x) > 1) return Math.expm1(x) - x;
  return x * x * EXCESS.reduceRight((series, coefficient) => series * x + coefficient, 0);
}

/** weight·exp(x)/unit, also where the exponential alone leaves the normal doubles. */
function weightedExp(weight, x, unit = 1) {
  const half = Math.exp(0.5 * x);
  return ((weight * half) / unit) * half;
}

/** weight·(exp(x) - 1), also where the exponential alone overflows. */
function weightedExpm1(weight, x) {
  if (weight === 0) return 0;
  if (x <= 1) return weight * Math.expm1(x);
  return weight * Math.exp(0.5 * x) * (2 * Math.sinh(0.5 * x));
}

/** The first place where weight·exp(x) is largest. */
function heaviest(weight, x) {
  const logs = Array.from(weight, (share, i) => (share > 0 ? Math.log(share) + x[i] : -Infinity));
  return logs.indexOf(Math.max(...logs));
}

/** log(Σ weight·exp(x) / Σ weight), `below` being by how much x is less than where that is heaviest. */
function logMeanExp(weight, x, below) {
  const mass = sum(weight);
  const excess = sum(weight.map((share, i) => weightedExpm1(share, x[i]))) / mass;
  if (excess >= -0.5 && excess < Infinity) return Math.log1p(excess);
  const terms = weight.map((share, i) => (share > 0 ? weightedExp(share, below[i]) : 0));
  return x[heaviest(weight, x)] + Math.log(sum(terms)) - Math.log(mass);
}
