/** Q on its way downhill under either divergence: the twin of descent.py. */

import { cached } from '../../../static/contract/memo.js';
import { Gaussian } from '../../../static/infocore/gaussian.js';
import { Mixture } from '../../../static/infocore/mixture.js';
import { derivativesOf } from './averages.js';

export const BOUNDS = { mu: [-6, 6], sigma: [0.2, 5] };
const FOUND = 1e-7;
const STRIDE = 0.06; // standard deviations of q that a step which is watched may go
const SEARCH = 1; // that a step of a search may go
const LEAST_CURVATURE = 1e-3; // to which a step raises it, so that a saddle is left at a finite pace
const MOST_STEPS = 500;
const MOST_SEARCHED = 60; // steps of a search

export const targetOf = cached(
  (d, left, right, weight) =>
    new Mixture([weight, 1 - weight], [new Gaussian(-d, left), new Gaussian(d, right)]),
  64,
);

/**
 * A step downhill, shorter than the stride, and the least curvature. It is steepest descent where that is
 * steep, and Newton's near a minimum.
 * @param {{gradient: number[], hessian: number[]}} derivatives @param {number} stride
 */
function stepDownhill({ gradient: [u, v], hessian: [a0, b, c0] }, stride) {
  const least = 0.5 * (a0 + c0) - Math.hypot(0.5 * (a0 - c0), b);
  const raised = Math.max(0, LEAST_CURVATURE - least) + Math.hypot(u, v) / stride;
  const [a, c] = [a0 + raised, c0 + raised];
  const determinant = a * c - b * b;
  return { step: [(c * u - b * v) / determinant, (a * v - b * u) / determinant], least };
}

/** A watched step for D(P‖Q), which is ½((σ_P² + (μ_P−μ)²)/σ² + ln σ² + …). */
function newtonForward(shape, mu, sigma) {
  const target = targetOf(...shape);
  const [z, r] = [(target.mean - mu) / sigma, target.sigma / sigma];
  const square = z * z + r * r;
  return stepDownhill({ gradient: [-z, 1 - square], hessian: [1, 2 * z, 2 * square] }, STRIDE).step;
}

function newtonReverse(shape, mu, sigma) {
  return stepDownhill(derivativesOf(shape, mu, sigma), STRIDE).step;
}

export const WAYS = { forward: newtonForward, reverse: newtonReverse };

export function isDone(step) {
  return Math.hypot(...step) < FOUND;
}

/** Q after a step that the eye can follow; none where it has arrived. */
export function stepped(way, d, left, right, weight, mu, sigma) {
  const step = WAYS[way]([d, left, right, weight], mu, sigma);
  if (isDone(step)) return [mu, sigma];
  const within = (value, range) => Math.min(Math.max(value, range[0]), range[1]);
  return [within(mu - sigma * step[0], BOUNDS.mu), within(sigma * Math.exp(-step[1]), BOUNDS.sigma)];
}

/** Where Q starts and where each step downhill leads, until it has arrived. */
export const pathOf = cached((d, left, right, weight, mu, sigma, way) => {
  const path = [];
  let place = [mu, sigma];
  for (let before = []; path.length <= MOST_STEPS && place.join() !== before.join(); ) {
    path.push(place);
    before = place;
    place = stepped(way, d, left, right, weight, ...place);
  }
  return path;
}, 8);

/** The steps after which both racers have arrived. */
export function lengthOfRace(start) {
  return Math.max(...Object.keys(WAYS).map((way) => pathOf(...start, way).length)) - 1;
}

/** A racer's places from its start to where it is after so many steps. */
export function trackOf(steps, ...start) {
  return steps ? pathOf(...start).slice(0, steps + 1) : [start.slice(4, 6)];
}

/** Where a racer is at the end of its track. */
export function racerOf(track) {
  const [mu, sigma] = track[track.length - 1];
  return new Gaussian(mu, sigma);
}

/** A racer's track as a table; before the race there is none. */
export function trail(track) {
  const shown = track.length > 1 ? track : [];
  return { mu: shown.map(([mu]) => mu), sigma: shown.map(([, sigma]) => sigma) };
}

/** Where searches end that begin on the left component, covering both as if alike, and on the right one. */
export function endsOf(d, left, right, weight) {
  const both = Math.sqrt(d * d + 0.5 * (left * left + right * right));
  const starts = [
    [-d, left],
    [0, both],
    [d, right],
  ];
  return starts.map((start) => descended([d, left, right, weight], ...start));
}

/** Where steps downhill lead, and the least curvature there. */
function descended(shape, mu, sigma) {
  let upward = 0;
  for (let i = 0; i < MOST_SEARCHED; i += 1) {
    const found = stepDownhill(derivativesOf(shape, mu, sigma), SEARCH);
    const [v, w] = found.step;
    upward = found.least;
    mu -= sigma * v;
    sigma *= Math.exp(-w);
    if (Math.max(Math.abs(v), Math.abs(w)) < FOUND) break; // what is left is about the square of that
  }
  return { mu, sigma, upward };
}
