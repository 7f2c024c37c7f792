/** A source of 2 to 10 outcomes and the codes that show it: the twin of model.py. */

import { DRAW_GESTURES, drawRanges, message, moveDraws, withDraws } from '../../../static/contract/draws.js';
import {
  asDistribution,
  GESTURES,
  halfHeights,
  moveShare,
  nameOutcomes,
  rightEdges,
} from '../../../static/contract/simplex.js';
import {
  expectedLength,
  huffmanCode,
  idealCodeLengths,
  kraftSum,
  shannonCodeLengths,
} from '../../../static/infocore/coding.js';
import {
  binaryEntropy,
  entropy,
  informationContent,
  linspace,
  runningSums,
  softmax,
} from '../../../static/infocore/kernel.js';
import { checkedGame, computeGuess, GUESS_AFRESH, GUESS_GESTURES, moveGuess } from './guess.js';

const COIN = linspace(0, 1, 201);
const SENT = 12;
const FAR = 100;
const AWAY = 2;

/**
 * @typedef {{p: number[], labels: string[], locked: string[], temperature: number, draw: number,
 *   seed: number, guess: string, games: number, questions: number, base: number}} State
 */

/**
 * Keep the probabilities a distribution, the locked ones still, and the names unique; a game of
 * “Guess it” begins afresh where what may come, or its seed, is another.
 * @param {State} state
 * @param {string} name
 * @param {any} value
 * @param {number | null} index
 */
export function move(state, name, value, index) {
  if (GUESS_GESTURES.includes(name)) {
    return moveGuess(state, tempered(state.p, state.temperature), name, index);
  }
  const moved = withDraws(state, movedAlone(state, name, value, index));
  return ['p', 'temperature', 'seed'].some((one) => one in moved) ? { ...GUESS_AFRESH, ...moved } : moved;
}

/** @param {State} state */
function movedAlone(state, name, value, index) {
  if (DRAW_GESTURES.includes(name)) return moveDraws(state, name);
  if (name === 'uniform') return { ...GESTURES.uniform(state, null, null), temperature: 1 };
  if (name in GESTURES) return GESTURES[name](state, value, index);
  if (name === 'p' && index !== null) return moveShare(state, 'p', value, index);
  if (name === 'p') return asDistribution(state, 'p', value);
  if (name === 'labels' || name === 'locked') return nameOutcomes(state, name, value);
  return { [name]: name === 'guess' ? checkedGame(value) : value };
}

/** The bars, the code table, the coin's curve, the message and their numbers. @param {State} state */
export function compute(state) {
  const { p, labels, locked, temperature, draw, seed, base } = state;
  const shown = tempered(p, temperature);
  const codes = codesOf(shown);
  const readouts = readoutsOf(shown, codes, base);
  const bars = barsOf(shown, labels, base);
  const top = bars.length.map((length) => (length === Infinity ? 0 : length));
  const highest = 1.15 * Math.max(0.5, ...bars.length.filter(Number.isFinite));
  const sent = message(shown, bars.length, labels, seed, draw);
  const game = computeGuess(shown, labels, state, [readouts.entropy_bits, readouts.huffman_length]);
  const words = sent.came.slice(-SENT).map((i) => codes.codeword[i]);
  const never = labels.filter((_, i) => shown[i] === 0).join(', ');
  return {
    tables: {
      bars: {
        ...bars,
        ...codes,
        top,
        half: halfHeights(top),
        ...rightEdges(shown, labels, locked),
        endless: bars.length.map((length) => (length === Infinity ? FAR * highest : 0)),
      },
      level: { x: [0, 1], h: [readouts.entropy, readouts.entropy] },
      coin: { p: COIN, h: binaryEntropy(COIN, { base }) },
      here: { p: shown.slice(0, 1), h: [binaryEntropy(shown[0], { base })] },
      ...sent.tables,
      guessed: game.table,
    },
    readouts: { ...readouts, ...sent.readouts, ...sentOf(codes, sent.came), ...game.readouts },
    ranges: {
      length: [0, 1.13 * highest],
      length_low: [0, highest],
      outcomes: [-0.5, p.length - 0.5],
      running: [0, highest],
      ...drawRanges(draw),
      bits: [0, (1.1 * Math.LN2) / Math.log(base)],
      questions: [0, Math.max(1, 1.1 * Math.max(...game.table.questions))],
    },
    flags: { coin: p.length === 2, never: never !== '', tempered: temperature !== 1, ...game.flags },
    slots: {
      never,
      count: String(p.length),
      sent: `${sent.came.length > SENT ? '… ' : ''}${words.join(' ')}`,
      ...game.slots,
    },
    controls: game.controls,
  };
}

/** p to the power 1/temperature, rescaled; p itself at temperature 1. */
function tempered(p, temperature) {
  return temperature === 1 ? Float64Array.from(p) : softmax(p.map(Math.log), { temperature });
}

function codesOf(p) {
  const words = huffmanCode(p);
  return {
    ideal: idealCodeLengths(p),
    shannon: shannonCodeLengths(p),
    huffman: words.map((word) => word?.length ?? Infinity),
    codeword: words.map((word) => word ?? ''),
  };
}

function readoutsOf(p, codes, base) {
  const [h, hBits, most] = [entropy(p, { base }), entropy(p), Math.log(p.length) / Math.log(base)];
  const length = expectedLength(p, codes.huffman);
  return {
    entropy: h,
    max_entropy: most,
    efficiency: h / most,
    effective_outcomes: base ** h,
    huffman_length: length,
    shannon_length: expectedLength(p, codes.shannon),
    kraft_sum: kraftSum(codes.huffman),
    kraft_sum_shannon: kraftSum(codes.shannon),
    entropy_bits: hBits,
    excess: length - hBits,
  };
}

function barsOf(p, labels, base) {
  const right = runningSums(p);
  const place = Float64Array.from(p.keys());
  const length = informationContent(p, { base });
  return {
    label: [...labels],
    p,
    length,
    area: p.map((share, i) => (share > 0 ? share * length[i] : 0)),
    left: right.map((end, i) => end - p[i]),
    right,
    middle: right.map((end, i) => end - p[i] / 2),
    held: right.map((end, i) => (p[i] > 0 ? end - p[i] / 2 : AWAY)),
    place,
    place_left: place.map((at) => at - 0.4),
    place_right: place.map((at) => at + 0.4),
    even: p.map(() => 1 / p.length),
  };
}

/** How many bits Huffman's code has sent, in all and per outcome. */
function sentOf(codes, came) {
  const sent = came.reduce((sum, i) => sum + codes.huffman[i], 0);
  return { sent_bits: sent, sent_mean: came.length ? sent / came.length : NaN };
}
