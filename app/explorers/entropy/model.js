/** A source of 2 to 10 outcomes and the codes that show it: the twin of app/explorers/entropy.py. */

import {
  expectedLength, huffmanCode, idealCodeLengths, kraftSum, shannonCodeLengths,
} from '../../../static/infocore/coding.js';
import { binaryEntropy, entropy, informationContent, linspace, softmax } from '../../../static/infocore/kernel.js';
import { ladder } from '../../../static/contract/ladder.js';
import { GESTURES, asDistribution, moveShare, nameOutcomes } from '../../../static/contract/simplex.js';

const COIN = linspace(0, 1, 201);
const UNITS = { bits: 2, nats: Math.E };

/** @typedef {{p: number[], labels: string[], locked: string[], temperature: number, unit: string}} State */

export const gestures = Object.keys(GESTURES);

/**
 * Keep the probabilities a distribution, the locked ones still, and the names unique.
 * @param {State} state
 * @param {string} name
 * @param {any} value
 * @param {number | null} index
 */
export function move(state, name, value, index) {
  if (name === 'uniform') return { ...GESTURES.uniform(state), temperature: 1 };
  if (gestures.includes(name)) return GESTURES[name](state, value, index);
  if (name === 'p' && index !== null) return moveShare(state, 'p', value, index);
  if (name === 'p') return asDistribution(state, 'p', value);
  if (name === 'labels' || name === 'locked') return nameOutcomes(state, name, value);
  return { [name]: value };
}

/** The bars, the code table, the coin's curve and the numbers they show. @param {State} state */
export function compute({ p, labels, temperature, unit }) {
  const base = UNITS[unit];
  const shown = tempered(p, temperature);
  const codes = codesOf(shown);
  const readout = readouts(shown, codes, base);
  const bars = barsOf(shown, labels, base);
  const top = ladder(1.15 * Math.max(0.5, ...bars.length.filter(Number.isFinite)));
  const drawn = (ifEndless) => bars.length.map((length) => (length === Infinity ? ifEndless : length));
  return {
    bars: {
      ...bars, ...codes,
      top: drawn(0),
      area_text: areaTexts(bars, top),
      endless: bars.length.map((length) => (length === Infinity ? top : 0)),
      text_at: drawn(0.8 * top),
    },
    level: { x: [0, 1], h: [readout.entropy, readout.entropy] },
    coin: { p: COIN, h: binaryEntropy(COIN, { base }) },
    here: { p: shown.slice(0, 1), h: [binaryEntropy(shown[0], { base })] },
    readout,
    range: {
      length: [-0.15 * top, top],
      length_low: [-0.3 * top, 1.1 * top],
      outcomes: [-0.5, p.length - 0.5],
      bits: [0, (1.1 * Math.LN2) / Math.log(base)],
    },
    words: { zero: zeroWords(shown, labels), count: String(p.length) },
    show: { coin: p.length === 2 },
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
    codeword: words.map((word) => (word === null ? '–' : word || '(none needed)')),
  };
}

function readouts(p, codes, base) {
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
  const area = p.map((share, i) => (share > 0 ? share * length[i] : 0));
  return {
    label: [...labels], p, length, area,
    left: right.map((end, i) => end - p[i]), right, middle: right.map((end, i) => end - p[i] / 2),
    place, place_left: place.map((at) => at - 0.4), place_right: place.map((at) => at + 0.4),
    length_text: Array.from(length, (bits) => fixed(bits, p.length < 9 ? 2 : 1)),
    wide_text: Array.from(length, (bits, i) => (p[i] >= 0.07 ? fixed(bits, p[i] >= 0.1 ? 2 : 1) : '')),
    narrow_text: labels.map((label, i) => fit(label, p[i])),
  };
}

/** Each area, in its bar where it is wide, and high enough, on a phone too. */
function areaTexts({ area, p, length }, top) {
  return Array.from(area, (size, i) => {
    if (p[i] < 0.12 || length[i] < 0.17 * top) return '';
    return p[i] >= 0.24 ? `area ${fixed(size, 3)}` : fixed(size, 3);
  });
}

function runningSums(p) {
  let total = 0;
  return p.map((share) => { total += share; return total; });
}

function fixed(number, digits) {
  return number === Infinity ? '∞' : number.toFixed(digits);
}

/** Cut a label to what a bar `share` of the picture wide has room for on a phone. */
function fit(label, share) {
  const room = Math.floor(share / 0.024);
  const letters = Array.from(label);
  if (letters.length <= room) return label;
  return room > 1 ? `${letters.slice(0, room - 1).join('')}…` : '';
}

function zeroWords(p, labels) {
  const never = labels.filter((_, i) => p[i] === 0);
  if (never.length === 0) return '';
  return `${never.join(', ')}: never happens, so its surprise is ∞; it adds 0 to the average.`;
}
