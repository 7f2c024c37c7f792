/** Gaussians and their divergences: the twin of infocore/gaussian.py and quadrature.py. */

import {
  atanhTail,
  demand,
  elementwise,
  linspace,
  logBase,
  logQuotient,
  scaledDifference,
} from './kernel.js';
import { sum } from './sum.js';

/** @typedef {import('./kernel.js').Numbers} Numbers */
/** @typedef {import('./kernel.js').InBase} InBase */

const NEAR_SCALE = 0.5; // up to this |t|, differences are of the scales and not of their logarithms
export const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

/** A normal distribution N(mu, sigma²). */
export class Gaussian {
  /** @param {number} mu @param {number} sigma */
  constructor(mu, sigma) {
    demand(mu, Number.isFinite, 'mu must be finite');
    demand(sigma, (s) => s > 0 && s < Infinity, 'sigma must be positive and finite');
    this.mu = mu;
    this.sigma = sigma;
    Object.freeze(this);
  }

  /** The natural logarithm of the density. @param {number | Numbers} x */
  logPdf(x) {
    const { mu, sigma } = this;
    const logSigma = Math.log(sigma);
    return elementwise(
      demand(x, (at) => !Number.isNaN(at), 'x must not be NaN'),
      (at) => {
        const z = scaledDifference(at, mu, sigma);
        return -0.5 * z * z - logSigma - HALF_LOG_TAU;
      },
    );
  }

  /** The density. @param {number | Numbers} x */
  pdf(x) {
    return elementwise(this.logPdf(x), Math.exp);
  }
}

/** t = (σp-σq)/σq and z = (μp-μq)/σq, all that a divergence depends on. */
function offset(p, q) {
  return { t: (p.sigma - q.sigma) / q.sigma, z: scaledDifference(p.mu, q.mu, q.sigma) };
}

/** log(σp/σq) = log1p(t). */
function logSigmaRatio(p, q, t) {
  return Math.abs(t) <= NEAR_SCALE ? Math.log1p(t) : logQuotient(p.sigma, q.sigma);
}

/** t - log1p(t); near 0 from log1p(t) = 2·atanh(w) with w = t/(2+t). */
function scalePenalty(p, q, t) {
  if (Math.abs(t) > NEAR_SCALE) return t - logSigmaRatio(p, q, t);
  const w = t / (2 + t);
  return w * (t - 2 * w * w * atanhTail(w * w));
}

/** D(p‖q) in closed form. @param {Gaussian} p @param {Gaussian} q @param {InBase} [options] */
export function gaussianKl(p, q, { base = 2 } = {}) {
  const scale = logBase(base);
  const { t, z } = offset(p, q);
  const half = 0.5 / scale; // into each square before it can overflow
  return half * t * t + half * z * z + scalePenalty(p, q, t) / scale;
}

/** log p(x) - log q(x) at x = μp + σp·s, accurate as q approaches p. */
function standardLogRatio(s, t, z, logRatio) {
  const further = t * s + z;
  return 0.5 * further * (2 * s + further) - logRatio;
}

/** log p(x) - log q(x) at many x. */
function logDensityRatio(x, p, q) {
  const { t, z } = offset(p, q);
  const logRatio = logSigmaRatio(p, q, t);
  if (Math.abs(t) <= NEAR_SCALE) {
    return x.map((at) => standardLogRatio((at - p.mu) / p.sigma, t, z, logRatio));
  }
  const ofQ = q.logPdf(x);
  return p.logPdf(x).map((ofP, i) => ofP - ofQ[i]);
}

/** p(x)·log(p(x)/q(x)), the area under which is D(p‖q). @param {number | Numbers} x */
export function klIntegrand(x, p, q, { base = 2 } = {}) {
  const scale = logBase(base);
  const points = Float64Array.from(typeof x === 'number' ? [x] : x);
  const ratio = logDensityRatio(points, p, q);
  const heights = p.pdf(points).map((density, i) => (density > 0 ? (density * ratio[i]) / scale + 0 : 0));
  return typeof x === 'number' ? heights[0] : heights;
}

/** The area under heights over nodes, by trapezoids. */
function trapezoid(heights, nodes) {
  const areas = new Float64Array(nodes.length - 1);
  for (let i = 0; i < areas.length; i += 1) {
    areas[i] = ((nodes[i + 1] - nodes[i]) * (heights[i + 1] + heights[i])) / 2;
  }
  return sum(areas);
}

const STANDARD = new Gaussian(0, 1);
const KL_NODES = linspace(-10, 10, 1001);
const KL_DENSITY = STANDARD.pdf(KL_NODES);
const JS_NODES = linspace(-20, 20, 801);
const JS_LOG_DENSITY = STANDARD.logPdf(JS_NODES);
const JS_DENSITY = STANDARD.pdf(JS_NODES);
const APART = 40; // wider sigmas, from which on the densities' overlap is below 1e-86

/** D(p‖q) by the trapezoid rule over μp ± 10 σp. @param {Gaussian} p @param {Gaussian} q */
export function klQuadrature(p, q, { base = 2 } = {}) {
  const scale = logBase(base);
  const { t, z } = offset(p, q);
  if (0.5 * t * t + 0.5 * z * z === Infinity) return Infinity;
  const logRatio = logSigmaRatio(p, q, t);
  const heights = KL_NODES.map((s, i) => KL_DENSITY[i] * standardLogRatio(s, t, z, logRatio));
  return trapezoid(heights, KL_NODES) / scale;
}

/** Jensen-Shannon divergence, by quadrature. @param {Gaussian} p @param {Gaussian} q */
export function gaussianJensenShannon(p, q, { base = 2 } = {}) {
  const scale = logBase(base);
  const [narrow, wide] = p.sigma < q.sigma || (p.sigma === q.sigma && p.mu <= q.mu) ? [p, q] : [q, p];
  const { t, z } = offset(narrow, wide);
  if (Math.abs(z) > APART) return Math.LN2 / scale;
  const logRatio = logSigmaRatio(narrow, wide, t);
  const logOdds = JS_NODES.map((s) => standardLogRatio(s, t, z, logRatio));
  const close = Math.abs(t) <= NEAR_SCALE && Math.abs(z) <= 1;
  const part = close ? entropyDeficit : entropyOfOdds;
  const middle = (i) => 0.5 * (JS_DENSITY[i] + Math.exp(JS_LOG_DENSITY[i] - logOdds[i]));
  const area = trapezoid(
    logOdds.map((odds, i) => middle(i) * part(odds)),
    JS_NODES,
  );
  return (close ? area : Math.LN2 - area) / scale;
}

/** Entropy in nats of a binary distribution with these log odds. */
function entropyOfOdds(logOdds) {
  const distance = Math.abs(logOdds);
  const odds = Math.exp(-distance);
  return Math.log1p(odds) + (distance * odds) / (1 + odds);
}

/** log 2 less that entropy, accurate where the log odds are small. */
function entropyDeficit(logOdds) {
  const near = Math.abs(logOdds);
  if (!(near < 1)) return Math.LN2 - entropyOfOdds(logOdds);
  const w = Math.tanh(0.5 * near);
  return 0.5 * near * w + 0.5 * Math.log1p(-w * w);
}
