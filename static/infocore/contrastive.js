/** The expected InfoNCE loss of two correlated normals: the twin of infocore/contrastive.py. */

import { demand, logBase } from './kernel.js';

const MOST_CANDIDATES = 65536;
const REACH = 7.5;
const DEEP = 24;
const [STEP_T, STEP_X] = [0.4, 0.25];
const [STEP_Y, STEP_PEAK] = [0.5, 0.15];
const NOTHING = 40; // exp(-40) is nothing beside 1
const SMALL = 1e-3; // up to which five terms of a series leave out less than 1e-17 of it
const EULER_GAMMA = 0.5772156649015329;

const standardDensity = (x) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

/** 1 - exp(-power) to its last digits; expm1 takes twice as long as a series or exp. */
function missing(power) {
  if (power > NOTHING) return 1;
  if (power > 0.5) return 1 - Math.exp(-power);
  if (power > SMALL) return -Math.expm1(-power);
  return power * (1 - (power / 2) * (1 - (power / 3) * (1 - (power / 4) * (1 - power / 5))));
}

/** So many steps from the first multiple of a step that is not below `low` to the last one up to `high`. */
function multiples(step, low, high) {
  const first = Math.ceil(low / step);
  const count = Math.max(Math.floor(high / step) - first + 1, 0);
  return Float64Array.from({ length: count }, (_, k) => step * (first + k));
}

/** Two standard normals of a correlation, and scores of a temperature: what any number of candidates has. */
export class GaussianContrast {
  /** @param {number} correlation @param {number} [temperature] */
  constructor(correlation, temperature = 1) {
    demand(correlation, (r) => r >= -1 && r <= 1, 'correlation must lie in [-1, 1]');
    demand(temperature, (t) => t >= 0.25 && t <= 4, 'temperature must lie in [0.25, 4]');
    this.r = Math.abs(correlation);
    this.tau = temperature;
    this.grid = this.r > 0 && this.r < 1 ? contrastGrid(this.r, temperature) : null;
  }

  /** The loss of picking among `count`, the bound log N - loss, and the spread of one loss. */
  infoNce(count, { base = Math.E } = {}) {
    const must = `candidates must be whole numbers from 1 to ${MOST_CANDIDATES}`;
    demand(count, (n) => n >= 1 && n <= MOST_CANDIDATES && Number.isInteger(n), must);
    const scale = logBase(base);
    const [bound, spread] = this.boundAndSpread(count);
    return {
      loss: (Math.log(count) - bound) / scale,
      bound: bound / scale,
      spread: spread / Math.abs(scale),
    };
  }

  /** Both in nats; see _bound_and_spread in Python. */
  boundAndSpread(count) {
    if (count === 1 || !this.r) return [0, 0];
    if (!this.grid) return [Math.log(count), 0];
    const { logT, t, weight, score, logStranger, partner, scored } = this.grid;
    const size = logT.length;
    const [less, mixed] = [new Float64Array(size), new Float64Array(size)];
    const even = t.map((one) => missing(count * one));
    weight.forEach((share, row) => {
      for (let i = 0, at = row * size; i < size; i += 1, at += 1) {
        const power = (1 - count) * logStranger[at];
        const [more, none] = [missing(power) - even[i], Math.exp(-power)];
        less[i] += share * (more + partner[at] * none);
        mixed[i] += share * (score[row] * more + scored[at] * none);
      }
    });
    let [mean, square, both] = [0, 0, 0];
    for (let i = 0; i < size; i += 1) {
      mean += less[i];
      square += (logT[i] + Math.log(count)) * less[i];
      both += mixed[i];
    }
    mean *= STEP_T;
    square = -2 * STEP_T * square - 2 * EULER_GAMMA * mean;
    const variance = square - 2 * STEP_T * both + (this.r / this.tau) ** 2 - mean ** 2;
    return [-mean, Math.sqrt(Math.max(variance, 0))];
  }
}

/** Averages over y at each x (a row) and log t (a column), and the weights of x. */
function contrastGrid(r, tau) {
  const sigma = Math.sqrt((1 - r) * (1 + r));
  const least = (REACH ** 2 * r) / ((1 - r) * tau);
  const last = Math.min(Math.max(DEEP / tau, 4), Math.log(NOTHING) + least);
  const logT = multiples(STEP_T, -DEEP / Math.min(1, tau) - 3 - Math.log(MOST_CANDIDATES), last);
  const t = logT.map(Math.exp);
  const x = multiples(STEP_X, 0, REACH);
  const score = x.map((at) => ((r * at) ** 2 - r * r) / (2 * tau));
  const grid = {
    logT,
    t,
    weight: x.map((at) => STEP_X * standardDensity(at) * (at === 0 ? 1 : 2)),
    score,
    logStranger: new Float64Array(x.length * t.length),
    partner: new Float64Array(x.length * t.length),
    scored: new Float64Array(x.length * t.length),
  };
  const step = Math.min(STEP_Y, (STEP_PEAK * Math.sqrt(Math.min(1, tau)) * sigma) / r);
  x.forEach((at, row) => {
    const far = sigma * Math.sqrt(at * at + 2 * tau * (last + DEEP - (at * at) / 4));
    const y = multiples(step, Math.max(-REACH, (at - far) / r), Math.min(REACH, (at + far) / r));
    const [stranger, partner, scored] = averagesOver(y, step, at, { r, sigma, tau, t });
    for (let i = 0, place = row * t.length; i < t.length; i += 1, place += 1) {
      grid.logStranger[place] = Math.log1p(-Math.min(stranger[i], 1));
      grid.partner[place] = partner[i];
      grid.scored[place] = scored[i];
    }
  });
  return grid;
}

/** E[1 - exp(-t·w)] of a stranger and of the partner, and that of it times f/τ, at each t. */
function averagesOver(y, step, x, { r, sigma, tau, t }) {
  const sums = [0, 1, 2].map(() => new Float64Array(t.length));
  const [strangers, partners, scores] = sums;
  for (let k = 0; k < y.length; k += 1) {
    const score = (x * x - ((x - r * y[k]) / sigma) ** 2) / (2 * tau);
    const w = Math.exp(score);
    const ofStranger = step * standardDensity(y[k]);
    const ofPartner = (step / sigma) * standardDensity((y[k] - r * x) / sigma);
    const ofScore = ofPartner * score;
    for (let i = 0; i < t.length; i += 1) {
      const less = missing(t[i] * w);
      strangers[i] += ofStranger * less;
      partners[i] += ofPartner * less;
      scores[i] += ofScore * less;
    }
  }
  return sums;
}
