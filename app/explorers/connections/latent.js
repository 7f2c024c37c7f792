/** Losses with a latent variable: an autoencoder's code, and the steps of a diffusion; see latent.py. */

import { Gaussian, gaussianKl } from '../../../static/infocore/gaussian.js';
import { linspace } from '../../../static/infocore/kernel.js';
import { sum } from '../../../static/infocore/sum.js';

const NATS = { base: Math.E };
const SEEN = [1.2, 0.8];
const NOISE = 0.25;
const SHRUNK = 1 / (1 + NOISE);
const EVIDENCE = Math.log(2 * Math.PI * (1 + NOISE)) + ((SEEN[0] ** 2 + SEEN[1] ** 2) * SHRUNK) / 2;

/** D(N(z, sigma²)‖N(mean, side²)) in two dimensions. */
function planeKl(z, sigma, mean, side) {
  return sum(z.map((one, i) => gaussianKl(new Gaussian(one, sigma), new Gaussian(mean[i], side), NATS)));
}

/** -ELBO of an encoder q(z|x) = N((z1, z2), σ²) in two dimensions, with a fixed decoder. */
export function autoencoder({ z1, z2, sigma }) {
  const z = [z1, z2];
  const middle = SEEN.map((x) => SHRUNK * x);
  const side = Math.sqrt(NOISE * SHRUNK);
  const rate = planeKl(z, sigma, [0, 0], 1);
  const missed = (z1 - SEEN[0]) ** 2 + (z2 - SEEN[1]) ** 2;
  const distortion = Math.log(2 * Math.PI * NOISE) + (missed + 2 * sigma ** 2) / (2 * NOISE);
  return {
    tables: {
      prior: { x: [0], y: [0], rx: [1], ry: [1] },
      encoder: { x: [z1], y: [z2], rx: [sigma], ry: [sigma] },
      truth: { x: [middle[0]], y: [middle[1]], rx: [side], ry: [side] },
      floor: { distortion: [0, EVIDENCE], rate: [EVIDENCE, 0] },
      now: { distortion: [distortion], rate: [rate] },
    },
    readouts: {
      elbo_loss: distortion + rate,
      elbo_distortion: distortion,
      elbo_rate: rate,
      elbo_evidence: EVIDENCE,
      elbo_gap: planeKl(z, sigma, middle, side),
    },
    ranges: { 'plane.x': [0, 1.05 * Math.max(distortion, 1)], 'plane.y': [0, 1.05 * Math.max(rate, 1)] },
  };
}

/** The divergences of the steps of a diffusion, given how wrong its noise is. */
export function diffusion({ early, late, steps }) {
  const betas = Array.from(linspace(0.1, 20, steps), (one) => one / steps);
  let product = 1;
  const kept = betas.map((beta) => (product *= 1 - beta));
  const later = betas.map((_, i) => i).slice(1);
  const errors = later.map((i) => early + ((late - early) * i) / (steps - 1));
  const variances = later.map((i) => (betas[i] * (1 - kept[i - 1])) / (1 - kept[i]));
  const gains = later.map((i) => betas[i] / Math.sqrt((1 - betas[i]) * (1 - kept[i])));
  const weights = gains.map((gain, k) => gain ** 2 / (2 * variances[k]));
  const nats = gains.map((gain, k) => {
    const sigma = Math.sqrt(variances[k]);
    return gaussianKl(new Gaussian(0, sigma), new Gaussian(gain * Math.sqrt(errors[k]), sigma), NATS);
  });
  const step = later.map((i) => i + 1);
  return {
    tables: {
      steps: { step, nats },
      errors: { step, error: errors },
      first: { step: [2], error: [early] },
      last: { step: [steps], error: [late] },
    },
    readouts: {
      diffusion_bound: sum(nats),
      diffusion_simple: sum(errors) / errors.length,
      diffusion_ratio: weights[0] / weights[weights.length - 1],
    },
    ranges: { 'steps.x': [0, steps], 'errors.x': [0, steps] },
  };
}
