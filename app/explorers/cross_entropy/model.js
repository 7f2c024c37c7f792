/** True p and model q, the waste, and how q learns: the twin of model.py. */

import { DRAW_GESTURES, drawRanges, message, moveDraws, withDraws } from '../../../static/contract/draws.js';
import { cached } from '../../../static/contract/memo.js';
import {
  asDistribution,
  GESTURES_OF_TWO,
  halfHeights,
  moveShare,
  nameOutcomes,
  rightEdges,
} from '../../../static/contract/simplex.js';
import {
  binaryCrossEntropy,
  crossEntropy,
  entropy,
  informationContent,
  klDivergence,
  linspace,
  runningSums,
  softmax,
} from '../../../static/infocore/kernel.js';
import { sum } from '../../../static/infocore/sum.js';

const LAST_STEP = 200;
const RATE = 0.2;
const PREDICTED = linspace(0, 1, 201);
const CLIP = 1e-12;
const EXPONENTS = linspace(-16, 0, 161);
const FAR = 100;
const [EDGE, AWAY] = [0.93, 2];

/**
 * @typedef {{p: number[], q: number[], labels: string[], locked: string[], locked_q: string[]}} Beliefs
 * @typedef {Beliefs & {steps: number, clip: string, draw: number, seed: number, base: number}} State
 */

/**
 * Train, or edit p and q from where training has brought q: it then starts anew.
 * @param {State} state
 * @param {string} name
 * @param {any} value
 * @param {number | null} index
 */
export function move(state, name, value, index) {
  return withDraws(state, moved(state, name, value, index));
}

/** @param {State} state */
function moved(state, name, value, index) {
  if (DRAW_GESTURES.includes(name)) return moveDraws(state, name);
  if (name === 'train') {
    const left = isStuck(state.p, state.q) ? 0 : LAST_STEP - state.steps;
    return { steps: state.steps + (value === 'end' ? left : Math.min(1, left)) };
  }
  if (name === 'steps') {
    const rounded = Math.floor(value + 0.5);
    return {
      steps: rounded,
      note: rounded === value ? null : { code: 'whole_steps', args: { steps: rounded } },
    };
  }
  const q = [...reached(state.p, state.q, state.steps)];
  const [now, anew] = [
    { ...state, q },
    { q, steps: 0 },
  ];
  if (name === 'swap') {
    return { ...anew, p: q, q: state.p, locked: state.locked_q, locked_q: state.locked };
  }
  if (name === 'add' || name === 'remove') return { ...anew, ...GESTURES_OF_TWO[name](now, value, index) };
  if (name in GESTURES_OF_TWO) return GESTURES_OF_TWO[name](state, value, index);
  if (name === 'p' || name === 'q') {
    const moved = index === null ? asDistribution(now, name, value) : moveShare(now, name, value, index);
    return { ...anew, ...moved };
  }
  return ['labels', 'locked', 'locked_q'].includes(name)
    ? nameOutcomes(state, name, value)
    : { [name]: value };
}

/** The boxes, the identity, the training path, the losses and their numbers. @param {State} state */
export function compute({ p, q, labels, locked, steps, clip, draw, seed, base }) {
  const now = reached(p, q, steps);
  const path = training(p, q).map((row) => crossEntropy(p, row, { base }));
  const { boxes, highest } = boxesOf(p, now, labels, base);
  const readouts = { ...readoutsOf(p, now, base), loss_at_start: path[0], ...onBalance(boxes.waste) };
  const paid = message(p, boxes.length, labels, seed, draw);
  const { identity, amount } = identityOf(readouts);
  const { losses, cost } = lossesOf(p, now, readouts, base);
  const { walk, loss } = walkOf(path, steps, readouts.entropy_p);
  const { flags, slots } = passagesOf(p, now, q, labels);
  const trained = isStuck(p, q) || steps >= LAST_STEP;
  return {
    tables: {
      boxes: { ...boxes, ...rightEdges(p, labels, locked) },
      ...paid.tables,
      identity,
      ...walk,
      losses,
      mark: marksOf(now, readouts),
      clipping: clippingOf(base),
      clip_mark: clipMark(now[worstPlace(p, now)], readouts, base),
    },
    readouts: { ...readouts, ...paid.readouts },
    ranges: {
      box: [0, highest],
      amount: [0, amount],
      loss: [0, loss],
      steps: [0, LAST_STEP],
      running: [0, highest],
      ...drawRanges(draw),
      cost: [0, cost],
      surprise: [0, (18 * Math.log(10)) / Math.log(base)],
    },
    flags: {
      ...flags,
      clip: clip === 'on',
      walked: steps > 0,
      trained,
      ahead: !trained,
      off_the_scale: readouts.cce === Infinity || readouts.bce === Infinity,
    },
    slots,
    controls: { q: [...now] },
  };
}

/** Whether no step moves q: it is p, or its loss is infinite and has no gradient. */
function isStuck(p, q) {
  return p.some((share, i) => share > 0 && q[i] === 0) || p.every((share, i) => share === q[i]);
}

/** q after 0, 1, … steps of gradient descent on its logits: the gradient is q − p. */
const training = cached((p, q) => {
  if (isStuck(p, q)) return Array(LAST_STEP + 1).fill(q);
  const path = [q];
  let logits = q.map(Math.log);
  for (let step = 1; step <= LAST_STEP; step += 1) {
    const given = path[step - 1];
    logits = logits.map((logit, i) => logit - RATE * (given[i] - p[i]));
    path.push(softmax(logits));
  }
  return path;
});

function reached(p, q, steps) {
  return steps ? training(p, q)[steps] : q;
}

function readoutsOf(p, q, base) {
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
  const surprises = (shares) =>
    informationContent(
      Array.from(shares, (share) => Math.min(share, 1)),
      { base },
    );
  const [ideal, length] = [surprises(p), surprises(q)];
  const where = (pick) => p.map((share, i) => (share > 0 ? pick(i) : 0));
  const endless = p.map((share, i) => share > 0 && length[i] === Infinity);
  const finite = [...ideal, ...length].filter((bits, i) => p[i % p.length] > 0 && bits < Infinity);
  const highest = (endless.includes(true) ? 1.5 : 1.3) * Math.max(0.5, ...finite);
  const drawn = where((i) => (endless[i] ? ideal[i] : length[i]));
  const least = where((i) => ideal[i]);
  const both = least.map((bits, i) => Math.min(bits, drawn[i]));
  const right = runningSums(p);
  const boxes = {
    label: [...labels],
    p: [...p],
    q: [...q],
    ideal,
    length,
    area: where((i) => p[i] * length[i]),
    waste: where((i) => p[i] * (length[i] - ideal[i])),
    left: right.map((end, i) => end - p[i]),
    right,
    middle: right.map((end, i) => end - p[i] / 2),
    held: right.map((end, i) => (p[i] > 0 ? end - p[i] / 2 : AWAY)),
    half: halfHeights(drawn),
    both,
    wasted: drawn,
    saved: least,
    over: both.map((bits, i) => Math.max(bits, drawn[i])),
    under: both.map((bits, i) => Math.max(bits, least[i])),
    endless: both.map((bits, i) => (endless[i] ? FAR * highest : bits)),
    paid: p.map((share, i) => (endless[i] ? 0 : share)),
    mark: endless.map((never) => (never ? Infinity : -FAR)),
  };
  return { boxes, highest };
}

/** What q costs on top where it is too small, and what it saves where too large. */
function onBalance(waste) {
  return {
    overpaid: sum(waste.map((cost) => Math.max(cost, 0))),
    saved: sum(waste.map((cost) => Math.max(-cost, 0))),
  };
}

function identityOf({ entropy_p: h, cross_entropy_pq: total }) {
  const endless = total === Infinity;
  const drawn = endless ? h : total;
  const longest = 1.2 * Math.max(0.5, drawn);
  const end = Math.max(h, drawn);
  const edge = endless ? FAR * longest : end;
  const words = [Number.isFinite(total) && total > 2 * h ? h : 0];
  return {
    identity: { h: [h], d: [end], total: [drawn], edge: [edge], loss: [total], words },
    amount: longest,
  };
}

function walkOf(path, steps, h) {
  const number = Float64Array.from(path.keys());
  const highest = 1.2 * Math.max(0.5, h, ...[path[0]].filter(Number.isFinite));
  const walk = {
    path: { step: number, loss: path },
    walked: { step: number.slice(0, steps + 1), loss: path.slice(0, steps + 1) },
    step: { x: [steps], loss: [path[steps]], edge: [atEdge(path[steps])] },
    floor: { x: [0, LAST_STEP], h: [h, h] },
  };
  return { walk, loss: highest };
}

/** Where on a scale from 0 to 1 a point stands that is ∞. */
function atEdge(cost) {
  return cost === Infinity ? EDGE : AWAY;
}

function lossesOf(p, q, { bce, cce }, base) {
  const others = Array.from(q).slice(1);
  const rest = sum(others);
  const shares = others.map((share) => (rest > 0 ? share / rest : 1 / others.length));
  const of = Math.min(p[0], 1);
  const moved = (x) => [x, ...shares.map((share) => (1 - x) * share)];
  const here = [bce, cce].filter(Number.isFinite).map((cost) => 1.2 * cost);
  const losses = {
    x: PREDICTED,
    p: PREDICTED.map(() => of),
    bce: PREDICTED.map((x) => binaryCrossEntropy(of, x, { base })),
    cce: PREDICTED.map((x) => crossEntropy(p, moved(x), { base })),
  };
  return { losses, cost: Math.max(2.4 / Math.log(base), ...here) };
}

function marksOf(q, { bce, cce }) {
  const at = Math.min(q[0], 1);
  const costs = [bce, cce];
  return { x: [at, at], loss: costs, edge: costs.map(atEdge), name: ['BCE', 'CCE'], shift: [2, 18] };
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
    loss: [exact, Math.min(exact, ceiling)],
    shift: [-9, 10],
  };
}

/** Which passages of the texts hold, and the names in them. */
function passagesOf(p, now, start, labels) {
  const [never, never_p] = [ruledOut(p, now, labels), ruledOut(now, p, labels)];
  const worst = worstPlace(p, now);
  const same = p.every((share, i) => share === start[i]);
  return {
    flags: {
      ruled_out: never !== '',
      ruled_out_p: never_p !== '',
      learns: never === '' && !same,
      learned: never === '' && same,
      clip_idle: now[worst] >= CLIP,
      clip_hides: now[worst] < CLIP,
    },
    slots: { never, never_p, worst: labels[worst], first: labels[0] },
  };
}

function ruledOut(p, q, labels) {
  return labels.filter((_, i) => p[i] > 0 && q[i] === 0).join(', ');
}
