/** Two Gaussians, both directions of their KL divergence: the twin of model.py. */

import { DRAW_GESTURES, moveDraws } from '../../../static/contract/draws.js';
import {
  Gaussian,
  gaussianJensenShannon,
  gaussianKl,
  klIntegrand,
  klQuadrature,
} from '../../../static/infocore/gaussian.js';
import { erfc, linspace } from '../../../static/infocore/kernel.js';
import { drawnFrom } from './samples.js';

const VIEW = [-8, 8];
const BESIDE = 24;
const GRID = linspace(...VIEW, 641);

/** @typedef {{mu_p: number, sigma_p: number, mu_q: number, sigma_q: number, integrand: string,
 *   source: string, draw: number, seed: number}} State */

/** Swap, draw, or move one control. @param {State} state @param {string} name @param {unknown} value */
export function move(state, name, value) {
  if (DRAW_GESTURES.includes(name)) return moveDraws(state, name);
  if (name !== 'swap') return { [name]: value };
  return { mu_p: state.mu_q, sigma_p: state.sigma_q, mu_q: state.mu_p, sigma_q: state.sigma_p };
}

/**
 * Both densities, both integrands, what is drawn, and the numbers that result.
 * @param {State & {base: number, unit: string}} state
 */
export function compute({ mu_p, sigma_p, mu_q, sigma_q, integrand, source, draw, seed, unit, base }) {
  const [p, q] = [new Gaussian(mu_p, sigma_p), new Gaussian(mu_q, sigma_q)];
  const lifted = integrand === 'non-negative';
  const densities = { p: p.pdf(GRID), q: q.pdf(GRID) };
  const pq = integrandOf(p, q, densities.p, densities.q, base, lifted);
  const qp = integrandOf(q, p, densities.q, densities.p, base, lifted);
  const sample = drawnFrom(...(source === 'P' ? [p, q] : [q, p]), seed, draw, base);
  return {
    tables: {
      curves: {
        x: GRID,
        ...densities,
        log_ratio: logRatio(p, q, base),
        pq,
        pq_above: above(pq),
        pq_below: below(pq),
        qp,
        qp_above: above(qp),
        qp_below: below(qp),
      },
      marks: marksOf(p, q),
      ...sample.tables,
    },
    readouts: { ...readouts(p, q, base, lifted), ...sample.readouts },
    ranges: {
      ...sample.ranges,
      density: [0, 1.15 * Math.max(0.3989 / sigma_p, 0.3989 / sigma_q, 0.2)],
      integrand: [1.05 * Math.min(...pq, ...qp, -0.01), 1.05 * Math.max(...pq, ...qp, 0.05)],
    },
    flags: {
      lifted_nats: lifted && unit === 'nats',
      lifted_bits: lifted && unit === 'bits',
      from_p: source === 'P',
      from_q: source === 'Q',
    },
  };
}

function integrandOf(p, q, densityP, densityQ, base, lifted) {
  const signed = klIntegrand(GRID, p, q, { base });
  if (!lifted) return signed;
  return signed.map((height, i) => height + (densityQ[i] - densityP[i]) / Math.log(base));
}

function logRatio(p, q, base) {
  const ofQ = q.logPdf(GRID);
  return p.logPdf(GRID).map((ofP, i) => (ofP - ofQ[i]) / Math.log(base));
}

const above = (heights) => heights.map((height) => Math.max(height, 0));
const below = (heights) => heights.map((height) => Math.min(height, 0));

/** Place each letter on the outer shoulder of its curve, where the other does not cover it. */
function marksOf(p, q) {
  const side = q.mu >= p.mu ? 1 : -1;
  const [p_x, q_x] = [p.mu - side * p.sigma, q.mu + side * q.sigma];
  const letters = { p_x: [p_x], p_y: [p.pdf(p_x)], q_x: [q_x], q_y: [q.pdf(q_x)] };
  const asides = { p_aside: [aside(p_x, -side)], q_aside: [aside(q_x, side)] };
  return { ...letters, ...asides, ...pulled('p', p), ...pulled('q', q) };
}

/** How many px a letter is away from the knob at its shoulder, outwards if it can. */
function aside(x, side) {
  return BESIDE * (Math.abs(x) < 7 ? side : -Math.sign(x));
}

/** Where a curve's peak is, and its right shoulder, which is as high as its left one. */
function pulled(name, one) {
  return {
    [`${name}_mu`]: [one.mu],
    [`${name}_peak`]: [one.pdf(one.mu)],
    [`${name}_right`]: [one.mu + one.sigma],
  };
}

function readouts(p, q, base, lifted) {
  const [kl_pq, kl_qp] = [gaussianKl(p, q, { base }), gaussianKl(q, p, { base })];
  const quadrature = klQuadrature(p, q, { base });
  return {
    kl_pq,
    kl_qp,
    js: gaussianJensenShannon(p, q, { base }),
    ratio: kl_pq === 0 ? NaN : kl_qp / kl_pq,
    quadrature,
    quadrature_error: Math.abs(quadrature - kl_pq),
    kl_pq_outside: outside(p, q, lifted) / Math.log(base),
    kl_qp_outside: outside(q, p, lifted) / Math.log(base),
  };
}

/** The integral of p·ln(p/q), or of p·ln(p/q) − p + q, over what the view leaves out. */
function outside(p, q, lifted) {
  const mirrored = [new Gaussian(-p.mu, p.sigma), new Gaussian(-q.mu, q.sigma)];
  return beyond(VIEW[1], p, q, lifted) + beyond(-VIEW[0], ...mirrored, lifted);
}

/** Integrate from `edge` to infinity: with u = (x−μ_p)/σ_p, ln(p/q) is a + b·u + c·u². */
function beyond(edge, p, q, lifted) {
  const [scale, shift] = [p.sigma / q.sigma, (p.mu - q.mu) / q.sigma];
  const [a, b, c] = [0.5 * shift ** 2 - Math.log(scale), scale * shift, 0.5 * (scale ** 2 - 1)];
  const u = (edge - p.mu) / p.sigma;
  const tail = upperTail(u);
  const height = Math.exp(-0.5 * u * u) / Math.sqrt(2 * Math.PI);
  const area = a * tail + b * height + c * (u * height + tail);
  return lifted ? area + upperTail((edge - q.mu) / q.sigma) - tail : area;
}

/** The probability that a standard normal exceeds `u`. */
function upperTail(u) {
  return 0.5 * erfc(u / Math.sqrt(2));
}
