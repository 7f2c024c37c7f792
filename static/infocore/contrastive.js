/** The expected InfoNCE loss of two correlated normals: the twin of infocore/contrastive.py. */

import { demand, logBase } from './kernel.js';

const MOST_CANDIDATES = 65536;
const REACH = 7.5;
const DEEP = 24;
const [STEP_T, STEP_X] = [Math.LN2 / 2, 0.25]; // t doubles every other step
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
    const [scale, bound] = [logBase(base), this.boundInNats(count)];
    return {
      loss: (Math.log(count) - bound) / scale,
      bound: bound / scale,
      spread: this.spreadInNats(count, -bound) / Math.abs(scale),
    };
  }

  /** The bound alone, for less than half of the work. */
  bound(count, { base = Math.E } = {}) {
    return this.boundInNats(count) / logBase(base);
  }

  /** See _bound_and_spread in Python. */
  boundInNats(count) {
    const must = `candidates must be whole numbers from 1 to ${MOST_CANDIDATES}`;
    demand(count, (n) => n >= 1 && n <= MOST_CANDIDATES && Number.isInteger(n), must);
    if (count === 1 || !this.r) return 0;
    if (!this.grid) return Math.log(count);
    const { t, weight, partner } = this.grid;
    const [any, even] = [anyOf(this.grid, count - 1), t.map((one) => missing(count * one))];
    let mean = 0;
    for (let row = 0, at = 0; row < weight.length; row += 1) {
      let sum = 0;
      for (let i = 0; i < t.length; i += 1, at += 1) {
        sum += any[at] - even[i] + partner[at] * (1 - any[at]);
      }
      mean += weight[row] * sum;
    }
    return -STEP_T * mean;
  }

  spreadInNats(count, mean) {
    if (count === 1 || !this.grid) return 0;
    const { logT, t, weight, score, partner, scored } = this.grid;
    const any = anyOf(this.grid, count - 1);
    let sum = 0;
    for (let row = 0, at = 0; row < weight.length; row += 1) {
      for (let i = 0; i < t.length; i += 1, at += 1) {
        const [more, none] = [any[at] - missing(count * t[i]), 1 - any[at]];
        const squared = (logT[i] + Math.log(count)) * (more + partner[at] * none);
        sum += weight[row] * (squared + score[row] * more + scored[at] * none);
      }
    }
    const variance = -2 * (STEP_T * sum + EULER_GAMMA * mean) + (this.r / this.tau) ** 2 - mean ** 2;
    return Math.sqrt(Math.max(variance, 0));
  }
}

/** 1 - φ₀^count at each x and t, to its last digits, from that of 1, 2, 4, … strangers. */
function anyOf({ strangers, any }, count) {
  let first = true;
  for (let k = 0; count >> k; k += 1) {
    strangers[k] ??= join(strangers[k - 1].slice(), strangers[k - 1]);
    if (!((count >> k) & 1)) continue;
    if (first) any.set(strangers[k]);
    else join(any, strangers[k]);
    first = false;
  }
  return any;
}

/** Make of each of some 1 - (1 - one)·(1 - other), so that small ones keep their digits. */
function join(some, others) {
  for (let at = 0; at < some.length; at += 1) some[at] += others[at] * (1 - some[at]);
  return some;
}

/** Averages over y at each x (a row) and log t (a column), and the weights of x. */
function contrastGrid(r, tau) {
  const sigma = Math.sqrt((1 - r) * (1 + r));
  const least = (REACH ** 2 * r) / ((1 - r) * tau);
  const last = Math.min(Math.max(DEEP / tau, 4), Math.log(NOTHING) + least);
  const logT = multiples(STEP_T, -DEEP / Math.min(1, tau) - 3 - Math.log(MOST_CANDIDATES), last);
  const t = logT.map((one) => 2 ** (Math.round(one / STEP_T) / 2)); // closer than exp of a rounded logarithm
  const x = multiples(STEP_X, 0, REACH);
  const weight = x.map((at) => STEP_X * standardDensity(at) * (at === 0 ? 1 : 2));
  const score = x.map((at) => ((r * at) ** 2 - r * r) / (2 * tau));
  const [any, stranger, partner, scored] = [0, 1, 2, 3].map(() => new Float64Array(x.length * t.length));
  const whole = [0, 1, 2].map(() => new Float64Array(t.length + 1));
  const step = Math.min(STEP_Y, (STEP_PEAK * Math.sqrt(Math.min(1, tau)) * sigma) / r);
  x.forEach((at, row) => {
    const far = sigma * Math.sqrt(at * at + 2 * tau * (last + DEEP - (at * at) / 4));
    const y = multiples(step, Math.max(-REACH, (at - far) / r), Math.min(REACH, (at + far) / r));
    const ofRow = (all) => all.subarray(row * t.length, (row + 1) * t.length);
    addAverages([stranger, partner, scored].map(ofRow), whole, y, step, at, { r, sigma, tau, t });
  });
  const strangers = [stranger.map((one) => Math.min(one, 1))];
  return { logT, t, weight, score, partner, scored, strangers, any };
}

/** Add up E[1 - exp(-t·w)] of a stranger and of the partner, and that of it times f/τ, at each t. */
function addAverages(sums, whole, y, step, x, { r, sigma, tau, t }) {
  const [strangers, partners, scores] = sums;
  const [wholeStrangers, wholePartners, wholeScores] = whole;
  for (let k = 0; k < y.length; k += 1) {
    const score = (x * x - ((x - r * y[k]) / sigma) ** 2) / (2 * tau);
    const w = Math.exp(score);
    const ofStranger = step * standardDensity(y[k]);
    const ofPartner = (step / sigma) * standardDensity((y[k] - r * x) / sigma);
    const ofScore = ofPartner * score;
    let less = missing(t[0] * w);
    let next = missing(t[1] * w);
    let i = 0;
    for (; less < 1 && i < t.length; i += 1) {
      strangers[i] += ofStranger * less;
      partners[i] += ofPartner * less;
      scores[i] += ofScore * less;
      const ofTwice = less * (2 - less); // 1 - exp(-2·t·w): small ones keep their digits
      less = next;
      next = ofTwice;
    }
    wholeStrangers[i] += ofStranger;
    wholePartners[i] += ofPartner;
    wholeScores[i] += ofScore;
  }
  addFromThere(sums, whole);
}

/** Add to sums what counts whole from its place on, and forget it. */
function addFromThere(sums, whole) {
  sums.forEach((all, k) => {
    let total = 0;
    for (let i = 0; i < all.length; i += 1) {
      total += whole[k][i];
      all[i] += total;
    }
    whole[k].fill(0);
  });
}
