/** One Gaussian for a target with two modes: the twin of model.py. */

import { cached } from '../../../static/contract/memo.js';
import { Gaussian } from '../../../static/infocore/gaussian.js';
import { linspace } from '../../../static/infocore/kernel.js';
import {
  forwardKl,
  Mixture,
  reverseKl,
  reverseKlDerivatives,
  reverseKlMap,
} from '../../../static/infocore/mixture.js';

const GRID = linspace(-8, 8, 321);
const GESTURES = ['descend_forward', 'descend_reverse'];
const [FORWARD, BEST_REVERSE, OTHER_REVERSE] = [7, 4, 1];
const PLACES = { covering: 0, 'right mode': 1, 'left mode': 2 };
const MARK_SIZES = [19, 17, 11]; // of the forward fit, the best and other reverse fits
const RECIPE_GRID = linspace(-6, 6, 1000);
const BOUNDS = { mu: [-6, 6], sigma: [0.2, 5] };
const MAP_MU = middles(...BOUNDS.mu, 80);
const MAP_SIGMA = middles(...BOUNDS.sigma, 60);
const SEPARATIONS = linspace(0, 4, 41);
const FARTHEST = 0.5; // a Newton step, in standard deviations of q
const STRIDE = 0.06; // of a step that is watched: its most,
const EASE = 0.25; // and its part of Newton's,
const CLOSE_BY = 0.02; // which it is itself from here on
const FOUND = 1e-7;
const FLAT = 0.03; // curvature below which the figure of the optima leaves one of several out
const SAME = 1e-4; // as close as this, two optima are one
const MOST_STEPS = 500;

const targetOf = cached(
  (d, left, right, weight) =>
    new Mixture([weight, 1 - weight], [new Gaussian(-d, left), new Gaussian(d, right)]),
  64,
);
const mapOf = cached(makeMap);
const optimaOf = cached(makeOptima);
const branchesOf = cached(makeBranches);
const marksOf = cached(makeMarks);
const separationOf = cached((d) => ({ d: [d] })); // alone, so that a moving Q leaves its figure as it is

/** Move one control, or let Q go a step downhill. */
export function move(state, name, value) {
  if (!GESTURES.includes(name)) return { [name]: value };
  const target = targetOf(state.d, state.sigma_1, state.sigma_2, state.weight);
  const newton = name === 'descend_forward' ? newtonForward : newtonReverse;
  let { mu, sigma } = state;
  for (let step = 0; step < (value === 'end' ? MOST_STEPS : 1); step += 1) {
    [mu, sigma] = stepped(target, newton, mu, sigma);
  }
  return { mu, sigma };
}

/** The densities, the map with its optima, and where the optima are as d changes. */
export function compute({ d, sigma_1, sigma_2, weight, mu, sigma, map, base }) {
  const shape = [d, sigma_1, sigma_2, weight];
  const [target, q, best] = [targetOf(...shape), new Gaussian(mu, sigma), optimaOf(...shape)];
  const p = target.pdf(GRID);
  const optima = marksOf(...shape, base);
  const { divergence } = optima;
  return {
    tables: {
      curves: { x: GRID, p, q: q.pdf(GRID) },
      map: mapOf(...shape, map),
      optima,
      branches: branchesOf(sigma_1, sigma_2, weight),
      separation: separationOf(d),
      here: { mu: [mu], sigma: [sigma] },
    },
    readouts: {
      forward_kl: forwardKl(target, mu, sigma, { base }),
      reverse_kl: reverseKl(target, mu, sigma, { base }),
      forward_best: divergence[0],
      reverse_best: divergence[1],
      forward_mu: best.mu[0],
      forward_sigma: best.sigma[0],
      reverse_mu: best.mu[1],
      reverse_sigma: best.sigma[1],
      ...gridRecipe(target, q, base),
    },
    ranges: { density: [0, 1.1 * Math.max(...p, 0.3989 / Math.max(sigma, 0.5))] },
    flags: {
      ...verdict(best, target),
      forward_done: isDone(newtonForward(target, mu, sigma)),
      reverse_done: isDone(newtonReverse(target, mu, sigma)),
    },
  };
}

/** The middle of each of so many equal parts. */
function middles(low, high, count) {
  return linspace(low, high, 2 * count + 1).filter((_, i) => i % 2);
}

/** The divergence, in nats, at the middle of each of the map's cells. */
function makeMap(d, left, right, weight, direction) {
  const target = targetOf(d, left, right, weight);
  const forward = () =>
    Float64Array.from({ length: 80 * 60 }, (_, i) =>
      forwardKl(target, MAP_MU[i % 80], MAP_SIGMA[Math.floor(i / 80)], { base: Math.E }),
    );
  const cells = direction === 'D(P‖Q)' ? forward() : reverseKlMap(target, MAP_MU, MAP_SIGMA);
  return { image: [Object.assign(cells, { dimension: 2, shape: [60, 80] })] };
}

/** The table of the optima, in the unit of `base`, with how the map marks each. */
function makeMarks(d, left, right, weight, base) {
  const best = optimaOf(d, left, right, weight);
  return {
    kind: kindsOf(best, targetOf(d, left, right, weight)),
    mu: best.mu,
    sigma: best.sigma,
    divergence: best.divergence.map((nats) => nats / Math.log(base)),
    size: [MARK_SIZES[0], ...areBest(best).map((isBest) => MARK_SIZES[isBest ? 1 : 2])],
    marker: best.mu.map((_, i) => (i === 0 ? 'diamond' : 'circle')),
  };
}

/** The forward fit, then the reverse fits, best first. */
function makeOptima(d, left, right, weight) {
  const target = targetOf(d, left, right, weight);
  const ends = startsOf(target).map((start) => descended(target, ...start));
  const fits = distinct(ends, 0).map((i) => ends[i]);
  const cost = ({ mu, sigma }) => rounded(reverseKl(target, mu, sigma, { base: Math.E }));
  fits.sort((a, b) => cost(a) - cost(b) || a.mu - b.mu);
  const mu = [target.mean, ...fits.map((fit) => fit.mu)];
  const sigma = [target.sigma, ...fits.map((fit) => fit.sigma)];
  const divergence = [
    forwardKl(target, mu[0], sigma[0], { base: Math.E }),
    ...fits.map((fit) => reverseKl(target, fit.mu, fit.sigma, { base: Math.E })),
  ];
  return { mu, sigma, divergence };
}

/** The reverse fits for every separation, each search starting from the one before. */
function makeBranches(left, right, weight) {
  const rows = [];
  let ends = [];
  let alive = [];
  for (const d of SEPARATIONS.toReversed()) {
    const target = targetOf(d, left, right, weight);
    const before = ends;
    const alive_ = alive;
    ends = startsOf(target).map((start, i) =>
      descended(target, ...(alive_.includes(i) ? [before[i].mu, before[i].sigma] : start)),
    );
    alive = distinct(ends, FLAT);
    if (!alive.length) alive = distinct(ends, 0);
    const cost = alive.map((i) => rounded(reverseKl(target, ends[i].mu, ends[i].sigma, { base: Math.E })));
    const least = Math.min(...cost);
    alive.forEach((i, place) => rows.push({ d, ...ends[i], best: Number(cost[place] === least) }));
  }
  rows.sort((a, b) => a.d - b.d);
  return Object.fromEntries(
    ['d', 'mu', 'sigma', 'best'].map((name) => [name, Float64Array.from(rows, (row) => row[name])]),
  );
}

const rounded = (number) => Math.round(number * 1e9) / 1e9;

/** Where searches begin: on both modes, and covering both. @param {Mixture} target */
function startsOf({ components: [left, right], mean, sigma }) {
  return [
    [left.mu, left.sigma],
    [mean, sigma],
    [right.mu, right.sigma],
  ];
}

/** Where Newton's steps lead, and the least curvature there. */
function descended(target, mu, sigma) {
  let upward = 0;
  for (let i = 0; i < 60; i += 1) {
    const found = stepOf(reverseKlDerivatives(target, mu, sigma));
    const part = Math.min(1, FARTHEST / Math.max(Math.hypot(...found.step), 1e-300));
    const [v, w] = found.step.map((each) => each * part);
    upward = found.least;
    mu -= sigma * v;
    sigma *= Math.exp(-w);
    if (Math.max(Math.abs(v), Math.abs(w)) < 1e-11) break;
  }
  return { mu, sigma, upward };
}

/**
 * Newton's step downhill, the curvature raised where it is not, and the curvature.
 * @param {{gradient: number[], hessian: number[]}} derivatives
 */
function stepOf({ gradient: [u, v], hessian: [a0, b, c0] }) {
  const least = 0.5 * (a0 + c0) - Math.hypot(0.5 * (a0 - c0), b);
  const raised = least > 0.01 ? 0 : Math.max(0, 0.1 - least);
  const [a, c] = [a0 + raised, c0 + raised];
  const determinant = a * c - b * b;
  return { step: [(c * u - b * v) / determinant, (a * v - b * u) / determinant], least };
}

/** Which of the ends of the searches are minima, each once. */
function distinct(ends, flat) {
  const alive_ = [];
  for (const i of [1, 0, 2]) {
    const isNear = (j) => Math.abs(ends[i].mu - ends[j].mu) + Math.abs(ends[i].sigma - ends[j].sigma) < SAME;
    if (ends[i].upward > flat && !alive_.some(isNear)) alive_.push(i);
  }
  return alive_.sort();
}

/** Newton's step for D(P‖Q), which is ½((σ_P² + (μ_P−μ)²)/σ² + ln σ² + …). */
function newtonForward(target, mu, sigma) {
  const [z, r] = [(target.mean - mu) / sigma, target.sigma / sigma];
  const square = z * z + r * r;
  return stepOf({ gradient: [-z, 1 - square], hessian: [1, 2 * z, 2 * square] }).step;
}

function newtonReverse(target, mu, sigma) {
  return stepOf(reverseKlDerivatives(target, mu, sigma)).step;
}

function isDone(step) {
  return Math.hypot(...step) < FOUND;
}

/** Q after a step that the eye can follow; none where it has arrived. */
function stepped(target, newton, mu, sigma) {
  const step = newton(target, mu, sigma);
  if (isDone(step)) return [mu, sigma];
  const size = Math.hypot(...step);
  const part = size > CLOSE_BY ? Math.min(EASE, STRIDE / size) : 1;
  const within = (value, range) => Math.min(Math.max(value, range[0]), range[1]);
  return [
    within(mu - sigma * step[0] * part, BOUNDS.mu),
    within(sigma * Math.exp(-step[1] * part), BOUNDS.sigma),
  ];
}

/** What 1 000 points on ±6, each density summing to 1, clipped at 1e-12, would give. */
function gridRecipe(target, q, base) {
  const clipped = (density) => {
    const mass = density.reduce((sum, each) => sum + each, 0);
    return density.map((each) => Math.max(each / mass, 1e-12));
  };
  const [p, onGrid] = [clipped(target.pdf(RECIPE_GRID)), clipped(q.pdf(RECIPE_GRID))];
  let [forward, reverse] = [0, 0];
  p.forEach((each, i) => {
    const logRatio = Math.log(each / onGrid[i]) / Math.log(base);
    forward += each * logRatio;
    reverse -= onGrid[i] * logRatio;
  });
  return { recipe_forward: forward, recipe_reverse: reverse };
}

/** Whether each reverse fit is such that none is better. */
function areBest({ divergence }) {
  return divergence.slice(1).map((cost) => rounded(cost) === rounded(divergence[1]));
}

/** What each optimum is: the forward fit and, by rank and place, the reverse fits. */
function kindsOf(best, target) {
  const ranks = areBest(best).map((isBest) => (isBest ? BEST_REVERSE : OTHER_REVERSE));
  return [FORWARD, ...placesOf(best, target).map((place, i) => ranks[i] + PLACES[place])];
}

function placesOf({ mu, sigma }, { components }) {
  const on = (component, i) =>
    Math.abs(mu[i] - component.mu) < 0.5 * Math.abs(component.mu) && sigma[i] < 1.4 * component.sigma;
  const [left, right] = components;
  return mu.map((_, i) => (on(left, i) ? 'left mode' : on(right, i) ? 'right mode' : 'covering')).slice(1);
}

/** What the best reverse fit does, and whether there are others worth a word. */
function verdict(best, target) {
  const places = placesOf(best, target);
  const covers = places[0] === 'covering';
  const either = areBest(best).filter(Boolean).length > 1;
  return {
    covers,
    has_others: covers && places.length > 1,
    seeks_either: !covers && either,
    seeks_left: !covers && !either && places[0] === 'left mode',
    seeks_right: !covers && !either && places[0] === 'right mode',
    covering_too: !covers && places.includes('covering'),
  };
}
