/** Codes for a source: the twin of infocore/coding.py. */

import { demand, elementwise, informationContent, pmf, probabilities, sameLength, TINY } from './kernel.js';
import { sum } from './sum.js';

/** @typedef {import('./kernel.js').Numbers} Numbers */

/** -log₂ p, in bits. @param {number | Numbers} p */
export function idealCodeLengths(p) {
  return informationContent(p);
}

/** ⌈-log₂ p⌉, from the exponents of the doubles. @param {number | Numbers} p */
export function shannonCodeLengths(p) {
  return elementwise(probabilities(p), (x) => (x > 0 ? 1 - binaryExponent(x) : Infinity));
}

const BITS = new DataView(new ArrayBuffer(8));

/** e of x = m·2^e with ½ ≤ m < 1. */
function binaryExponent(x) {
  if (x < TINY) return binaryExponent(x * 2 ** 54) - 54;
  BITS.setFloat64(0, x);
  return (BITS.getUint16(0) >> 4) - 1022;
}

/**
 * An optimal prefix code; among equal weights the older wins.
 * @param {Numbers} p
 * @returns {(string | null)[]} codewords; null where p is 0, '' where the outcome is certain
 */
export function huffmanCode(p) {
  const support = [...pmf(p, 'p').keys()].filter((outcome) => p[outcome] > 0);
  const words = canonicalWords(huffmanLengths(support.map((outcome) => p[outcome])));
  const code = new Map(support.map((outcome, place) => [outcome, words[place]]));
  return Array.from(p, (_, outcome) => code.get(outcome) ?? null);
}

/** The depth of every leaf of the tree, whose nodes are numbered in order of age. */
function huffmanLengths(weights) {
  const queue = weights.map((weight, node) => ({ weight, node }));
  const parent = [];
  for (let node = weights.length; node < 2 * weights.length - 1; node += 1) {
    queue.sort((a, b) => a.weight - b.weight || a.node - b.node);
    const [light, heavy] = queue.splice(0, 2);
    parent[light.node] = node;
    parent[heavy.node] = node;
    queue.push({ weight: light.weight + heavy.weight, node });
  }
  const depthOf = (node) => (node in parent ? depthOf(parent[node]) + 1 : 0);
  return weights.map((_, leaf) => depthOf(leaf));
}

/** Codewords numbered upwards in order of length, then of outcome. */
function canonicalWords(lengths) {
  const words = [];
  let number = 0n;
  let previous = 0;
  for (const outcome of [...lengths.keys()].sort((a, b) => lengths[a] - lengths[b] || a - b)) {
    number <<= BigInt(lengths[outcome] - previous);
    previous = lengths[outcome];
    words[outcome] = previous > 0 ? number.toString(2).padStart(previous, '0') : '';
    number += 1n;
  }
  return words;
}

/** Σ p·length. @param {Numbers} p @param {Numbers} lengths Infinity without a codeword */
export function expectedLength(p, lengths) {
  sameLength(pmf(p, 'p'), codeLengths(lengths), 'p and lengths');
  return sum(Float64Array.from(p, (x, i) => (x > 0 ? x * lengths[i] : 0)));
}

/** Σ 2^-length. @param {Numbers} lengths */
export function kraftSum(lengths) {
  return sum(Float64Array.from(codeLengths(lengths), (length) => 2 ** -length));
}

function codeLengths(lengths) {
  if (lengths.length === 0) throw new RangeError('lengths is empty: length 0');
  return demand(lengths, (length) => length >= 0, 'lengths must not be negative or NaN');
}
