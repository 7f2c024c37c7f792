/**
 * How D(Q‖P) changes with Q: the twin of averages.py. What Q averages is the slope of log(1 + exp δ), with
 * δ quadratic; what its poles add to a sum over evenly spaced nodes is known.
 */

import { HALF_LOG_TAU } from '../../../static/infocore/gaussian.js';
import { quadraticRoots } from '../../../static/infocore/mixture.js';

const STEP = 0.25; // standard deviations of q between two nodes
const TURN = (2 * Math.PI) / STEP;
const SMALL = 39; // a pole whose share is below exp(-39) does not count
const STEEPEST = 266; // more than 2x·(SMALL - x²/2) ever is
// Each node with its weight in an average; beyond 9.5 standard deviations lies 2e-17 of q's u⁴.
const NODES = Array.from({ length: 77 }, (_, i) => {
  const u = STEP * (i - 38);
  return { u, weight: STEP * Math.exp(-0.5 * u * u - HALF_LOG_TAU) };
});

/** The derivatives of D(Q‖P) by v and w for N(mu + sigma·v, sigma·exp(w)), in nats. */
export function derivativesOf([d, left, right, weight], mu, sigma) {
  const [p, q] = [sigma / left, sigma / right];
  const [toLeft, toRight] = [(mu + d) / left, (mu - d) / right];
  const level = Math.log(weight) - Math.log1p(-weight) + Math.log(right / left);
  const atMean = level + 0.5 * (toRight - toLeft) * (toRight + toLeft);
  const sign = atMean > 0 ? -1 : 1; // so that δ at Q's mean is not positive
  const [linear, quadratic] = [q * toRight - p * toLeft, 0.5 * (q - p) * (q + p)];
  const [ofV, ofW, mixed, ofWw] = averagesOf(sign * atMean, sign * linear, sign * quadratic);
  const [size, away] = atMean > 0 ? [p, toLeft] : [q, toRight];
  const square = size * size;
  return {
    gradient: [size * away - ofV, square - 1 - ofW],
    hessian: [square - ofW, -mixed, 2 * square - ofWw],
  };
}

/**
 * Averages under a standard normal u of 1, u, u² − 1 and u³ − u times the
 * slope of log(1 + exp δ), δ = a + b·u + c·u².
 */
function averagesOf(a, b, c) {
  const averages = [0, 0, 0, 0];
  for (const { u, weight } of NODES) {
    const share = (weight * (b + 2 * c * u)) / (1 + Math.exp(-(a + (b + c * u) * u)));
    const square = u * u;
    averages[0] += share;
    averages[1] += share * u;
    averages[2] += share * (square - 1);
    averages[3] += share * u * (square - 1);
  }
  // The most that δ's imaginary part is where a pole counts.
  const most = (SMALL * Math.abs(b) + STEEPEST * Math.abs(c)) / TURN;
  for (let odd = Math.PI; odd <= most; odd += 2 * Math.PI) {
    for (const [x, y] of quadraticRoots(c, b, [a, -odd])) addPole(averages, x, Math.abs(y));
  }
  return averages;
}

/** Add what a pole at x + iy adds to each average, if it counts. */
function addPole(averages, x, y) {
  if (!(TURN * y + 0.5 * x * x < SMALL)) return;
  const grown = Math.exp(TURN * y);
  const [real, imaginary] = [grown * Math.cos(TURN * x) - 1, -grown * Math.sin(TURN * x)];
  const normal = Math.exp(0.5 * (y * y - x * x) - HALF_LOG_TAU);
  const scale = (4 * Math.PI * normal) / (real * real + imaginary * imaginary);
  const share = times([scale * Math.cos(x * y), -scale * Math.sin(x * y)], [real, -imaginary]);
  const ofU = times(share, [x, y]);
  const less = [x * x - y * y - 1, 2 * x * y]; // the square less 1
  averages[0] += share[1];
  averages[1] += ofU[1];
  averages[2] += times(share, less)[1];
  averages[3] += times(ofU, less)[1];
}

/** The product of two complex numbers. @param {number[]} first @param {number[]} second */
function times([a, b], [c, d]) {
  return [a * c - b * d, a * d + b * c];
}
