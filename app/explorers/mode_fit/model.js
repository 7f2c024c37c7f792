/** One Gaussian for a target with two modes: the twin of model.py. */

import { cached } from '../../../static/contract/memo.js';
import { Gaussian } from '../../../static/infocore/gaussian.js';
import { linspace } from '../../../static/infocore/kernel.js';
import { forwardKl, reverseKl, reverseKlMap } from '../../../static/infocore/mixture.js';
import {
  BOUNDS,
  endsOf,
  isDone,
  lengthOfRace,
  pathOf,
  racerOf,
  stepped,
  targetOf,
  trackOf,
  trail,
  WAYS,
} from './descent.js';

const GRID = linspace(-8, 8, 321);
const GESTURES = { descend_forward: 'forward', descend_reverse: 'reverse' };
const START = ['d', 'sigma_1', 'sigma_2', 'weight', 'mu', 'sigma']; // of a race, which a change ends
const [FORWARD, BEST_REVERSE, OTHER_REVERSE] = [9, 5, 1];
const PLACES = { covering: 0, 'right mode': 1, 'left mode': 2, 'only mode': 3 };
const FORWARD_MAP = 'D(P‖Q)';
const MARK_SIZES = [19, 17, 11]; // of the forward fit, the best and other reverse fits
const RECIPE_GRID = linspace(-6, 6, 1000);
const MAP_MU = middles(...BOUNDS.mu, 80);
const MAP_SIGMA = middles(...BOUNDS.sigma, 60);
const SEPARATIONS = linspace(0, 4, 41);
const FLAT = 0.03; // curvature below which the figure of the optima leaves one of several out
const SAME = 1e-4; // as close as this, two optima are one
const COVERED = 2.5; // standard deviations of q within which it covers a mode

const modesOf = cached(makeModes);
const mapOf = cached(makeMap);
const optimaOf = cached(makeOptima);
const branchesOf = cached(makeBranches);
const marksOf = cached(makeMarks);
const separationOf = cached((d) => ({ d: [d] })); // alone, so that a moving Q leaves its figure as it is

/** Move one control, or let Q go a step downhill, or two racers from where it is. */
export function move(state, name, value) {
  const start = START.map((one) => state[one]);
  if (name === 'race') {
    const left = Math.max(0, lengthOfRace(start) - state.steps);
    return { steps: state.steps + (value === 'end' ? left : Math.min(1, left)) };
  }
  if (name in GESTURES) {
    const way = GESTURES[name];
    const q = value === 'end' ? pathOf(...start, way).slice(-1)[0] : stepped(way, ...start);
    const [mu, sigma] = q.map((one) => Math.floor(1e9 * one + 0.5) / 1e9); // alike in both languages
    return { mu, sigma, steps: 0 };
  }
  return START.includes(name) ? { [name]: value, steps: 0 } : { [name]: value };
}

/** The densities, the map with its optima and the race, and the optima against d. */
export function compute({ d, sigma_1, sigma_2, weight, mu, sigma, steps, map, optima, base }) {
  const shape = [d, sigma_1, sigma_2, weight];
  const [target, q, best] = [targetOf(...shape), new Gaussian(mu, sigma), optimaOf(...shape)];
  const p = target.pdf(GRID);
  const isShown = optima === 'shown';
  const marks = marksOf(...shape, base, isShown);
  const { divergence } = marks;
  const isForward = map === FORWARD_MAP;
  const [forwardOfQ, reverseOfQ] = [forwardKl, reverseKl].map((one) => one(target, mu, sigma, { base }));
  const tracks = Object.keys(WAYS).map((way) => trackOf(steps, ...shape, mu, sigma, way));
  const [forward, reverse] = tracks.map(racerOf);
  const narrowest = Math.min(sigma, forward.sigma, reverse.sigma);
  return {
    tables: {
      curves: { x: GRID, p, q: q.pdf(GRID), forward: forward.pdf(GRID), reverse: reverse.pdf(GRID) },
      race_forward: trail(tracks[0]),
      race_reverse: trail(tracks[1]),
      map: mapOf(...shape, map),
      optima: marks,
      branches: branchesOf(sigma_1, sigma_2, weight),
      separation: separationOf(d),
      here: {
        mu: [mu],
        sigma: [sigma],
        peak: [q.pdf(mu)],
        right: [mu + sigma],
        shoulder: [q.pdf(mu + sigma)],
      },
    },
    readouts: {
      map_kl: isForward ? forwardOfQ : reverseOfQ,
      forward_kl: forwardOfQ,
      reverse_kl: reverseOfQ,
      forward_best: divergence[0],
      reverse_best: divergence[1],
      forward_mu: best.mu[0],
      forward_sigma: best.sigma[0],
      reverse_mu: best.mu[1],
      reverse_sigma: best.sigma[1],
      race_forward: forwardKl(target, forward.mu, forward.sigma, { base }),
      race_reverse: reverseKl(target, reverse.mu, reverse.sigma, { base }),
      race_forward_mu: forward.mu,
      race_forward_sigma: forward.sigma,
      race_reverse_mu: reverse.mu,
      race_reverse_sigma: reverse.sigma,
      ...gridRecipe(target, q, base),
    },
    ranges: { density: [0, 1.1 * Math.max(...p, 0.3989 / Math.max(narrowest, 0.5))] },
    flags: {
      ...verdict(best, modesOf(...shape)),
      optima_shown: isShown,
      map_forward: isForward,
      map_reverse: !isForward,
      forward_done: isDone(WAYS.forward(shape, mu, sigma)),
      reverse_done: isDone(WAYS.reverse(shape, mu, sigma)),
      densities: steps === 0,
      race_forward: steps > 0,
      race_reverse: steps > 0,
      race_done: steps > 0 && steps >= lengthOfRace([...shape, mu, sigma]),
    },
  };
}

/** The middle of each of so many equal parts. */
function middles(low, high, count) {
  return linspace(low, high, 2 * count + 1).filter((_, i) => i % 2);
}

/** Where the target's density has its one maximum or its two, from left to right. */
function makeModes(d, left, right, weight) {
  const x = linspace(-d, d, 401);
  const height = targetOf(d, left, right, weight).logPdf(x);
  if (d <= Math.min(left, right)) return [x[height.indexOf(Math.max(...height))]];
  const rises = x.map((_, i) => Number(i === 0 || height[i - 1] < height[i]));
  return Array.from(x.filter((_, i) => rises[i] && !rises[i + 1]));
}

/** The divergence, in nats, at the middle of each of the map's cells. */
function makeMap(d, left, right, weight, direction) {
  const target = targetOf(d, left, right, weight);
  const forward = () =>
    Float64Array.from({ length: 80 * 60 }, (_, i) =>
      forwardKl(target, MAP_MU[i % 80], MAP_SIGMA[Math.floor(i / 80)], { base: Math.E }),
    );
  const cells = direction === FORWARD_MAP ? forward() : reverseKlMap(target, MAP_MU, MAP_SIGMA);
  return { image: [Object.assign(cells, { dimension: 2, shape: [60, 80] })] };
}

/** The table of the optima, in the unit of `base`, with how the map marks each. */
function makeMarks(d, left, right, weight, base, isShown) {
  const best = optimaOf(d, left, right, weight);
  return {
    kind: kindsOf(best, modesOf(d, left, right, weight)),
    mu: best.mu,
    sigma: best.sigma,
    divergence: best.divergence.map((nats) => nats / Math.log(base)),
    size: [MARK_SIZES[0], ...areBest(best).map((isBest) => MARK_SIZES[isBest ? 1 : 2])],
    marker: best.mu.map((_, i) => (i === 0 ? 'diamond' : 'circle')),
    seen: best.mu.map(() => Number(isShown)),
  };
}

/** The forward fit, then the reverse fits, best first. */
function makeOptima(d, left, right, weight) {
  const target = targetOf(d, left, right, weight);
  const fits = distinct(endsOf(d, left, right, weight), 0);
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

/** The reverse fits for every separation. */
function makeBranches(left, right, weight) {
  const rows = Array.from(SEPARATIONS).flatMap((d) => {
    const ends = endsOf(d, left, right, weight);
    const lasting = distinct(ends, FLAT);
    const fits = lasting.length ? lasting : distinct(ends, 0);
    const best = areLeast(targetOf(d, left, right, weight), fits);
    return fits.map((fit, i) => ({ d, ...fit, best: Number(best[i]) }));
  });
  return Object.fromEntries(
    ['d', 'mu', 'sigma', 'best'].map((name) => [name, Float64Array.from(rows, (row) => row[name])]),
  );
}

/** Whether each reverse fit is such that none has a smaller divergence. */
function areLeast(target, fits) {
  if (fits.length < 2) return [true];
  const cost = fits.map(({ mu, sigma }) => rounded(reverseKl(target, mu, sigma, { base: Math.E })));
  return cost.map((one) => one === Math.min(...cost));
}

const rounded = (number) => Math.round(number * 1e9) / 1e9;

/** Which of the ends of the searches are minima, each once. */
function distinct(ends, flat) {
  const minima = ends.filter(({ upward }) => upward > flat);
  const isNear = (a, b) => Math.abs(a.mu - b.mu) + Math.abs(a.sigma - b.sigma) < SAME;
  return minima.filter((end, i) => !minima.slice(0, i).some((before) => isNear(end, before)));
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
function kindsOf(best, modes) {
  const ranks = areBest(best).map((isBest) => (isBest ? BEST_REVERSE : OTHER_REVERSE));
  return [FORWARD, ...placesOf(best, modes).map((place, i) => ranks[i] + PLACES[place])];
}

/** Of each reverse fit, whether it covers both modes, or one and which. */
function placesOf({ mu, sigma }, modes) {
  const place = (at, i) => {
    if (modes.length === 1) return 'only mode';
    const [left, right] = modes.map((mode) => Math.abs(mode - at) / sigma[i]);
    if (Math.max(left, right) < COVERED) return 'covering';
    return left < right ? 'left mode' : 'right mode';
  };
  return mu.map(place).slice(1);
}

/** What the best reverse fit does, and whether there are others worth a word. */
function verdict(best, modes) {
  const places = placesOf(best, modes);
  const covers = places[0] === 'covering';
  const seeks = modes.length === 2 && !covers;
  const either = areBest(best).filter(Boolean).length > 1;
  return {
    one_mode: modes.length === 1,
    covers,
    has_others: covers && places.length > 1,
    seeks_either: seeks && either,
    seeks_left: !either && places[0] === 'left mode',
    seeks_right: !either && places[0] === 'right mode',
    covering_too: seeks && places.includes('covering'),
  };
}
