/**
 * Mixtures of normal distributions and both divergences from one: the twin of infocore/mixture.py.
 *
 * For targets whose modes lie at most some hundred widths of a mode apart, as the trapezoid rule
 * alone is used.
 */

import { Gaussian, gaussianKl, HALF_LOG_TAU } from './gaussian.js';
import { linspace } from './kernel.js';
import { sum } from './sum.js';

const REACH = 9.5; // standard deviations of q to either side; beyond lies less than 2e-17 of what is averaged
const MAP_REACH = 8.5; // beyond which lies 2e-17 of q
const PER_SIGMA = 2; // nodes a sigma and
const PER_ZERO = 6; // a zero's distance: errors stay below exp(-33)

/** Σ weights[i]·components[i]. */
export class Mixture {
  /** @param {number[]} weights probabilities @param {Gaussian[]} components */
  constructor(weights, components) {
    this.parts = components
      .map((component, i) => ({
        ...component,
        weight: weights[i],
        log: Math.log(weights[i] / component.sigma) - HALF_LOG_TAU,
      }))
      .filter(({ weight }) => weight > 0);
    this.mean = sum(this.parts.map(({ weight, mu }) => weight * mu));
    this.sigma = Math.sqrt(
      sum(this.parts.map(({ weight, mu, sigma }) => weight * ((mu - this.mean) ** 2 + sigma ** 2))),
    );
    this.zeros = zerosOf(this.parts);
    this.negentropy = null;
  }

  /** The natural logarithm of the density. @param {Float64Array} x */
  logPdf(x) {
    return x.map((at) => this.#logAt(at));
  }

  /** The density. @param {Float64Array} x */
  pdf(x) {
    return x.map((at) => Math.exp(this.#logAt(at)));
  }

  #logAt(x) {
    let largest = -Infinity;
    for (const part of this.parts) largest = Math.max(largest, logTerm(part, x));
    let shares = 0;
    for (const part of this.parts) shares += Math.exp(logTerm(part, x) - largest);
    return largest + Math.log(shares);
  }
}

function logTerm({ log, mu, sigma }, x) {
  const z = (x - mu) / sigma;
  return log - 0.5 * z * z;
}

/** Where the sum of two components vanishes: their log ratio, a quadratic in x, is iπ there. */
function zerosOf(parts) {
  if (parts.length < 2) return [];
  const [{ weight: v, ...a }, { weight: w, ...b }] = parts;
  const [s, t, middle] = [1 / a.sigma, 1 / b.sigma, 0.5 * (a.mu + b.mu)];
  const [m, n] = [(a.mu - middle) * s, (b.mu - middle) * t];
  const level = Math.log(v / w) + Math.log(s / t) + 0.5 * (n * n - m * m);
  return quadraticRoots(0.5 * (t * t - s * s), m * s - n * t, [level, -Math.PI]).map(([real, imaginary]) => ({
    real: middle + real,
    distance: Math.abs(imaginary),
  }));
}

/** The roots of a·x² + b·x + c with real a and b and complex c. */
export function quadraticRoots(a, b, c) {
  if (a === 0 && b === 0) return [];
  if (a === 0) return [[-c[0] / b, -c[1] / b]];
  const [real, imaginary] = [b * b - 4 * a * c[0], -4 * a * c[1]];
  const larger = Math.sqrt(0.5 * (Math.hypot(real, imaginary) + Math.abs(real)));
  const smaller = (0.5 * imaginary) / larger; // not a difference, which would cancel
  const root = real >= 0 ? [larger, smaller] : [Math.abs(smaller), Math.sign(imaginary) * larger];
  const sign = b >= 0 ? -1 : 1; // towards the sum that does not cancel
  const q = [0.5 * (-b + sign * root[0]), 0.5 * sign * root[1]];
  const square = q[0] * q[0] + q[1] * q[1];
  const other = [(c[0] * q[0] + c[1] * q[1]) / square, (c[1] * q[0] - c[0] * q[1]) / square];
  return [[q[0] / a, q[1] / a], other];
}

/** The greatest distance of nodes that serves every q of at least this width between two ends. */
function stepFor(target, low, high, sigma) {
  const near = target.zeros.filter(({ real }) => low < real && real < high);
  return Math.min(sigma / PER_SIGMA, ...near.map(({ distance }) => distance / PER_ZERO));
}

/** Nodes for one q, with its probability around each. */
function nodesFor(target, mu, sigma) {
  const [low, high] = [mu - REACH * sigma, mu + REACH * sigma];
  const count = Math.ceil((high - low) / stepFor(target, low, high, sigma)) + 2;
  const x = linspace(low, high, count);
  const scale = (high - low) / (count - 1) / sigma;
  const weights = x.map((at) => scale * Math.exp(-0.5 * ((at - mu) / sigma) ** 2 - HALF_LOG_TAU));
  return { x, weights };
}

/** D(target‖q) for q = N(mu, sigma²). @param {Mixture} target */
export function forwardKl(target, mu, sigma, { base = 2 } = {}) {
  const matching = new Gaussian(target.mean, target.sigma);
  return negentropy(target) / Math.log(base) + gaussianKl(matching, new Gaussian(mu, sigma), { base });
}

/** D(q‖target) for q = N(mu, sigma²). @param {Mixture} target */
export function reverseKl(target, mu, sigma, { base = 2 } = {}) {
  const { x, weights } = nodesFor(target, mu, sigma);
  return Math.max(averageOf(logRatio(target, mu, sigma, x), weights), 0) / Math.log(base);
}

/** log(q/target) at nodes. */
function logRatio(target, mu, sigma, x) {
  const heights = target.logPdf(x);
  return heights.map(
    (height, i) => -0.5 * ((x[i] - mu) / sigma) ** 2 - HALF_LOG_TAU - Math.log(sigma) - height,
  );
}

function averageOf(values, weights) {
  let average = 0;
  for (let i = 0; i < values.length; i += 1) average += weights[i] * values[i];
  return average;
}

/**
 * D(q‖target) in nats for every q of a grid, a row for each sigma. With even steps of mu, and nodes
 * at even parts of them, all q of a row have the same weights, moved along.
 * @param {Mixture} target @param {Float64Array} mu evenly spaced @param {Float64Array} sigma rising
 */
export function reverseKlMap(target, mu, sigma) {
  const [first, last] = [mu[0], mu[mu.length - 1]];
  const pitch = (last - first) / (mu.length - 1);
  const reach = MAP_REACH * sigma[sigma.length - 1];
  const each = Math.ceil(pitch / stepFor(target, first - reach, last + reach, sigma[0]));
  const step = pitch / each;
  const margin = Math.ceil(reach / step);
  const nodes = (mu.length - 1) * each + 2 * margin + 1;
  const heights = target.logPdf(Float64Array.from({ length: nodes }, (_, i) => mu[0] + (i - margin) * step));
  const map = new Float64Array(mu.length * sigma.length);
  sigma.forEach((width, row) => {
    const half = Math.ceil((MAP_REACH * width) / step);
    const weights = Float64Array.from(
      { length: half + 1 },
      (_, i) => (step / width) * Math.exp(-0.5 * ((i * step) / width) ** 2 - HALF_LOG_TAU),
    );
    for (let column = 0; column < mu.length; column += 1) {
      const middle = margin + column * each;
      let average = weights[0] * heights[middle];
      for (let i = 1; i <= half; i += 1) average += weights[i] * (heights[middle - i] + heights[middle + i]);
      map[row * mu.length + column] = Math.max(-average - Math.log(width) - HALF_LOG_TAU - 0.5, 0);
    }
  });
  return map;
}

/** D(target‖q) in nats where q has the target's moments. */
function negentropy(target) {
  target.negentropy ??= negentropyOf(target);
  return target.negentropy;
}

function negentropyOf(target) {
  const [first, ...others] = target.parts;
  if (others.every(({ mu, sigma }) => mu === first.mu && sigma === first.sigma)) return 0;
  const matching = new Gaussian(target.mean, target.sigma);
  const shares = target.parts.map(({ weight, mu, sigma }) => {
    const toMatching = gaussianKl(new Gaussian(mu, sigma), matching, { base: Math.E });
    return weight * (toMatching - reverseKl(target, mu, sigma, { base: Math.E }));
  });
  return Math.max(sum(shares), 0);
}
