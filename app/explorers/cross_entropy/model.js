/** True p and model q, the waste, and how q learns: the twin of app/explorers/cross_entropy.py. */

import {
  binaryCrossEntropy, crossEntropy, entropy, informationContent, klDivergence, linspace, softmax,
  sum,
} from '../../../static/infocore/kernel.js';
import { ladder } from '../../../static/contract/ladder.js';
import { GESTURES_OF_TWO, asDistribution, moveShare, nameOutcomes } from '../../../static/contract/simplex.js';

const LAST_STEP = 200;
const RATE = 0.2;
const PREDICTED = linspace(0, 1, 201);
const CLIP = 1e-12;
const EXPONENTS = linspace(-16, 0, 161);
const NARROW = 0.06;
const ENDLESS = 0.85;
const UNITS = { bits: 2, nats: Math.E };

/** @typedef {{p: number[], q: number[], labels: string[], locked: string[], locked_q: string[], steps: number, clip: string, unit: string}} State */

export const gestures = [...Object.keys(GESTURES_OF_TWO), 'train', 'swap'];

/**
 * Train, or edit p and q from where training has brought q: it then starts anew.
 * @param {State} state
 * @param {string} name
 * @param {any} value
 * @param {number | null} index
 */
export function move(state, name, value, index) {
  if (name === 'train') {
    const left = isStuck(state.p, state.q) ? 0 : LAST_STEP - state.steps;
    return { steps: state.steps + (value === 'end' ? left : Math.min(1, left)) };
  }
  if (name === 'steps') {
    const whole = Math.floor(value + 0.5);
    return { steps: whole, note: whole === value ? '' : `Training goes in whole steps: this is ${whole}.` };
  }
  const q = [...reached(state.p, state.q, state.steps)];
  const [now, anew] = [{ ...state, q }, { q, steps: 0 }];
  if (name === 'swap') {
    return { ...anew, p: q, q: state.p, locked: state.locked_q, locked_q: state.locked };
  }
  if (name === 'add' || name === 'remove') return { ...anew, ...GESTURES_OF_TWO[name](now, value, index) };
  if (name in GESTURES_OF_TWO) return GESTURES_OF_TWO[name](state, value, index);
  if (name === 'p' || name === 'q') {
    const moved = index === null ? asDistribution(now, name, value) : moveShare(now, name, value, index);
    return { ...anew, ...moved };
  }
  return ['labels', 'locked', 'locked_q'].includes(name) ? nameOutcomes(state, name, value) : { [name]: value };
}

/** The boxes, the identity, the training path, the losses and their numbers. @param {State} state */
export function compute({ p, q, labels, steps, clip, unit }) {
  const base = UNITS[unit];
  const now = reached(p, q, steps);
  const path = training(p, q).map((row) => crossEntropy(p, row, { base }));
  const readout = { ...readouts(p, now, base), loss_at_start: path[0] };
  const [boxes, top] = boxesOf(p, now, labels, base);
  Object.assign(readout, onBalance(boxes.waste));
  const [identity, amount] = identityOf(readout);
  const [losses, cost] = lossesOf(p, now, readout, base);
  const [walk, loss] = walkOf(path, steps, readout.entropy_p);
  return {
    boxes,
    identity,
    ...walk,
    losses,
    mark: marksOf(now, readout, cost),
    clipping: clippingOf(base),
    clip_mark: clipMark(now[worstPlace(p, now)], readout, base),
    readout,
    range: {
      box: [-0.15 * top, top], amount: [0, amount], loss: [0, loss], steps: [0, LAST_STEP],
      cost: [0, cost], surprise: [0, (18 * Math.log(10)) / Math.log(base)],
    },
    words: wordsOf(p, now, q, labels, readout),
    show: { clip: clip === 'on', trained: isStuck(p, q) || steps >= LAST_STEP },
    controls: { q: [...now] },
  };
}

/** Whether no step moves q: it is p, or its loss is infinite and has no gradient. */
function isStuck(p, q) {
  return p.some((share, i) => share > 0 && q[i] === 0) || p.every((share, i) => share === q[i]);
}

let lastPath = { key: '', path: [] };

/** q after 0, 1, … steps of gradient descent on its logits: the gradient is q − p. */
function training(p, q) {
  const key = `${p};${q}`;
  if (lastPath.key !== key) lastPath = { key, path: descent(p, q) };
  return lastPath.path;
}

function descent(p, q) {
  if (isStuck(p, q)) return Array(LAST_STEP + 1).fill(q);
  const path = [q];
  let logits = q.map(Math.log);
  for (let step = 1; step <= LAST_STEP; step += 1) {
    const given = path[step - 1];
    logits = logits.map((logit, i) => logit - RATE * (given[i] - p[i]));
    path.push(softmax(logits));
  }
  return path;
}

function reached(p, q, steps) {
  return steps ? training(p, q)[steps] : q;
}

function readouts(p, q, base) {
  const clipped = Array.from(q, (share) => Math.min(Math.max(share, CLIP), 1));
  const [of, given] = [Math.min(p[0], 1), Math.min(q[0], 1)];
  const lost = crossEntropy(p, q, { base });
  return {
    entropy_p: entropy(p, { base }),
    kl_pq: klDivergence(p, q, { base }),
    cross_entropy_pq: lost,
    entropy_q: entropy(q, { base }),
    kl_qp: klDivergence(q, p, { base }),
    cross_entropy_qp: crossEntropy(q, p, { base }),
    bce: binaryCrossEntropy(of, given, { base }),
    cce: lost,
    bce_clipped: binaryCrossEntropy(of, Math.min(Math.max(given, CLIP), 1 - CLIP), { base }),
    cce_clipped: sum(informationContent(clipped, { base }).map((bits, i) => p[i] * bits)),
    clip_ceiling: informationContent(CLIP, { base }),
  };
}

function boxesOf(p, q, labels, base) {
  const surprises = (shares) => informationContent(Array.from(shares, (share) => Math.min(share, 1)), { base });
  const [ideal, length] = [surprises(p), surprises(q)];
  const where = (pick) => p.map((share, i) => (share > 0 ? pick(i) : 0));
  const endless = p.map((share, i) => share > 0 && length[i] === Infinity);
  const finite = [...ideal, ...length].filter((bits, i) => p[i % p.length] > 0 && bits < Infinity);
  const top = ladder((endless.includes(true) ? 1.5 : 1.15) * Math.max(0.5, ...finite));
  const drawn = where((i) => (endless[i] ? ideal[i] : length[i]));
  const whole = where((i) => ideal[i]);
  const both = whole.map((bits, i) => Math.min(bits, drawn[i]));
  const right = runningTotals(p);
  return [{
    label: [...labels], p: [...p], q: [...q], ideal, length,
    area: where((i) => p[i] * length[i]), waste: where((i) => p[i] * (length[i] - ideal[i])),
    left: right.map((end, i) => end - p[i]), right, middle: right.map((end, i) => end - p[i] / 2),
    both, wasted: drawn, saved: whole,
    over: both.map((bits, i) => Math.max(bits, drawn[i])),
    under: both.map((bits, i) => Math.max(bits, whole[i])),
    endless: both.map((bits, i) => (endless[i] ? top : bits)),
    height: whole.map((bits, i) => (endless[i] ? ENDLESS * top : Math.max(bits, drawn[i]))),
    length_text: Array.from(length, (bits, i) => (p[i] >= NARROW && !endless[i] ? decimal(bits, 2) : '')),
    endless_text: endless.map((never) => (never ? '∞' : '')),
    endless_at: endless.map((never) => (never ? ENDLESS * top : -top)),
    name: labels.map((label, i) => shortened(label, p[i])),
  }, top];
}

/** What q costs on top where it is too small, and what it saves where too large. */
function onBalance(waste) {
  return {
    overpaid: sum(waste.map((cost) => Math.max(cost, 0))),
    saved: sum(waste.map((cost) => Math.max(-cost, 0))),
  };
}

function runningTotals(p) {
  let total = 0;
  return p.map((share) => { total += share; return total; });
}

function identityOf({ entropy_p: h, cross_entropy_pq: total }) {
  const endless = total === Infinity;
  const drawn = endless ? h : total;
  const longest = ladder(1.2 * Math.max(0.5, drawn));
  const end = Math.max(h, drawn);
  return [{
    h: [h], d: [end], total: [drawn], edge: [endless ? longest : end],
    sum_text: [endless ? 'H(p) + D(p‖q) = ∞' : 'H(p) + D(p‖q)'],
    total_text: [endless ? 'H(p, q) = ∞' : 'H(p, q)'],
  }, longest];
}

function walkOf(path, steps, h) {
  const number = Float64Array.from(path.keys());
  const top = ladder(1.2 * Math.max(0.5, h, ...[path[0]].filter(Number.isFinite)));
  return [{
    path: { step: number, loss: path },
    walked: { step: number.slice(0, steps + 1), loss: path.slice(0, steps + 1) },
    step: { x: [steps], at: [Math.min(path[steps], ENDLESS * top)], text: [decimal(path[steps], 3)] },
    floor: { x: [0, LAST_STEP], h: [h, h] },
  }, top];
}

function lossesOf(p, q, { bce, cce }, base) {
  const others = Array.from(q).slice(1);
  const rest = sum(others);
  const shares = others.map((share) => (rest > 0 ? share / rest : 1 / others.length));
  const of = Math.min(p[0], 1);
  const moved = (x) => [x, ...shares.map((share) => (1 - x) * share)];
  const here = [bce, cce].filter(Number.isFinite).map((cost) => 1.2 * cost);
  return [{
    x: PREDICTED, p: PREDICTED.map(() => of),
    bce: PREDICTED.map((x) => binaryCrossEntropy(of, x, { base })),
    cce: PREDICTED.map((x) => crossEntropy(p, moved(x), { base })),
  }, ladder(Math.max(2.4 / Math.log(base), ...here))];
}

function marksOf(q, { bce, cce }, highest) {
  const at = Math.min(q[0], 1);
  const costs = [bce, cce];
  return {
    x: [at, at], loss: costs, at: costs.map((cost) => Math.min(cost, ENDLESS * highest)),
    text: ['BCE ∞', 'CCE ∞'].map((text, i) => (costs[i] === Infinity ? text : '')),
    shift: [-9, 9],
  };
}

function clippingOf(base) {
  const exact = EXPONENTS.map((exponent) => -exponent * (Math.log(10) / Math.log(base)));
  const ceiling = informationContent(CLIP, { base });
  return { exponent: EXPONENTS, exact, clipped: exact.map((cost) => Math.min(cost, ceiling)) };
}

/** The place of the outcome that can happen and has the least q. */
function worstPlace(p, q) {
  const least = Math.min(...Array.from(q).filter((_, i) => p[i] > 0));
  return p.findIndex((share, i) => share > 0 && q[i] === least);
}

function clipMark(q, { clip_ceiling: ceiling }, base) {
  const exact = informationContent(Math.min(q, 1), { base });
  const drawn = Math.min(Math.max(q, 1e-16), 1);
  return {
    exponent: [Math.log10(drawn) + 0, Math.log10(drawn) + 0],
    at: [-Math.log(drawn) / Math.log(base) + 0, Math.min(exact, ceiling)],
    text: [exact, Math.min(exact, ceiling)].map((cost) => decimal(cost, 3)),
    shift: [-9, 10],
  };
}

function wordsOf(p, q, start, labels, readout) {
  const [never, neverInP] = [ruledOut(p, q, labels), ruledOut(q, p, labels)];
  const reason = `q gives 0 to ${never}, which p can produce, so H(p, q) and D(p‖q) are ∞. `;
  const reverse = `p gives 0 to ${neverInP}, which q can produce, so H(q, p) and D(q‖p) are ∞.`;
  const worst = worstPlace(p, q);
  return {
    reason: (never && reason) + (neverInP && reverse),
    training: trainingWords(p, start, never),
    clip_words: clipWords(labels[worst], q[worst], readout),
    first: labels[0],
  };
}

function ruledOut(p, q, labels) {
  return labels.filter((_, i) => p[i] > 0 && q[i] === 0).join(', ');
}

function trainingWords(p, start, never) {
  if (never) {
    return `q gives 0 to ${never}: the loss is ∞, its logit −∞, and no finite step leads away `
      + 'from there. Give it a little and train.';
  }
  if (p.every((share, i) => share === start[i])) return 'q is p: the gradient q − p is 0, and there is nothing to learn.';
  return 'Each step adds 0.2 · (p − q) to the logits of q. Locks hold for sliders only.';
}

function clipWords(label, q, { clip_ceiling: ceiling }) {
  if (q >= CLIP) {
    return `Of what p can produce, q gives the least to ${label}, and not less than 10⁻¹²: the clip changes nothing.`;
  }
  return `${label} has q below 10⁻¹²: clipped code counts ${decimal(ceiling, 3)} for it and hides the truth.`;
}

function decimal(number, digits) {
  return number === Infinity ? '∞' : number.toFixed(digits);
}

/** Cut a label to what a box `share` of the picture wide has room for on a phone. */
function shortened(label, share) {
  const room = Math.floor(share / 0.024);
  const letters = Array.from(label);
  if (letters.length <= room) return label;
  return room > 1 ? `${letters.slice(0, room - 1).join('')}…` : '';
}
