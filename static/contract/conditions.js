/** Conditions of tasks, nested lists from app/contract/conditions.py, evaluated as there. */

/** A power whose products are rounded as Python's are, which `**` does not promise. */
function power(base, times) {
  let product = 1;
  for (; times > 0; times -= 1) product *= base;
  return Number.isFinite(product) ? product : NaN;
}

const WORDS = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? NaN : a / b),
  '**': power,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  abs: Math.abs,
  len: (list) => list.length,
  sum: (list) => list.reduce((total, one) => total + one, 0),
  min: (...given) => extreme(Math.min, given.flat()),
  max: (...given) => extreme(Math.max, given.flat()),
  not: (a) => !a,
  and: (...all) => all.every(Boolean),
  or: (...all) => all.some(Boolean),
};

const extreme = (choose, values) => (values.length ? choose(...values) : NaN);

/**
 * Whether a condition holds of values by name, measured in logarithms to a base.
 * @param {any} node
 * @param {Record<string, any>} known
 * @param {number} base
 */
export function holds(node, known, base) {
  return Boolean(evaluated(node, known, base));
}

/** @param {any} node @param {Record<string, any>} known @param {number} base */
function evaluated(node, known, base) {
  if (typeof node === 'number') return node;
  const [word, first, second] = node;
  if (word === 'text') return first;
  if (word === 'name') return known[first];
  if (word === 'at') return evaluated(first, known, base)[second] ?? NaN;
  const values = node.slice(1).map((part) => evaluated(part, known, base));
  if (word === 'nats') return values[0] * Math.log(base);
  if (word === 'bits') return values[0] * (Math.log(base) / Math.log(2));
  return WORDS[word](...values);
}
