import assert from 'node:assert/strict';
import test from 'node:test';

import {
  formatDecimals,
  formatFull,
  formatNumber,
  formatPlain,
  formatPython,
  readoutText,
} from '../../static/front/format.js';
import { codeOf } from '../../static/front/texts.js';

test('a number has as many decimals as its readout asks for', () => {
  assert.equal(formatNumber(0.673020395, { digits: 4 }), '0.6730');
  assert.equal(formatNumber(2.8138, { digits: 2 }), '2.81');
  assert.equal(formatNumber(0.97, { digits: 1, style: 'percent' }), '97.0');
});

test('infinite is ∞ and what is no number a dash', () => {
  assert.deepEqual(
    [Infinity, -Infinity, NaN, undefined].map((x) => formatNumber(x)),
    ['∞', '−∞', '–', '–'],
  );
});

test('the very large and the very small are powers of ten', () => {
  assert.equal(formatNumber(1234567.8), '1.2 × 10⁶');
  assert.equal(formatNumber(4e-9), '4.0 × 10⁻⁹');
  assert.equal(formatNumber(-4e-12), '−4.0 × 10⁻¹²');
  assert.equal(formatNumber(0.25, { style: 'scientific' }), '2.5 × 10⁻¹');
});

test('a ratio below 1 is one over how many times larger the other is', () => {
  assert.equal(formatNumber(0.0132, { digits: 2, style: 'ratio' }), '1/75.76');
  assert.equal(formatNumber(75.76, { digits: 2, style: 'ratio' }), '75.76');
  assert.equal(formatNumber(NaN, { digits: 2, style: 'ratio' }), '–');
});

test('of a difference what is no more than rounding is 0, and the rest is what it is', () => {
  const spec = { readouts: { i: { digits: 4, noise_of: 'h' }, error: { noise_of: 'one' }, h: {} } };
  const shown = (name, value, h = 1) => readoutText(name, spec, { [name]: value, h });
  assert.equal(shown('i', 1.9e-34), '0.0000');
  assert.equal(shown('i', -4.4e-16), '0.0000');
  assert.equal(shown('i', 1e-9), '1.0 × 10⁻⁹');
  assert.equal(shown('i', 1e-20, 1e-19), '1.0 × 10⁻²⁰');
  assert.equal(shown('error', 1.1e-16), '0.0000');
  assert.equal(shown('i', 0.5, Infinity), '0.5000');
  assert.equal(readoutText('h', spec, { h: 1e-20 }), '1.0 × 10⁻²⁰');
});

test('zero is written as zero in every style', () => {
  for (const style of ['fixed', 'percent', 'rounded', 'scientific']) {
    assert.equal(formatNumber(0, { digits: 2, style }), '0.00');
    assert.equal(formatNumber(-0, { digits: 2, style }), '0.00');
  }
});

test('a rounded number that vanishes has no sign and no power of ten', () => {
  assert.equal(formatNumber(-4e-9, { style: 'rounded' }), '0.0000');
  assert.equal(formatNumber(-0.26, { digits: 1, style: 'rounded' }), '−0.3');
});

test('from a thousand on two decimals are enough, and from ten thousand none', () => {
  assert.equal(formatNumber(4902.80113, { digits: 4 }), '4902.80');
  assert.equal(formatNumber(9999.996, { digits: 4 }), '10,000');
  assert.equal(formatNumber(-115528.01), '−115,528');
  assert.equal(formatDecimals(50_000, 0), '50,000');
  assert.equal(formatDecimals(9999.4, 1), '9999.4');
  assert.equal(formatDecimals(999_999.7, 2), '1,000,000');
});

test('a result in a comment has 12 digits, and what Python computes with has all', () => {
  const spec = { code: 'f({x})\n# {y}\ng({y})', unit_slots: {} };
  const frame = { state: { x: [0.1 + 0.2] }, slots: {}, readouts: { y: 1 / 3 } };
  assert.equal(codeOf(spec, frame), 'f([0.30000000000000004])\n# 0.333333333333\ng(0.3333333333333333)');
});

test('a typed number loses its trailing zeros, but not itself', () => {
  assert.deepEqual(
    [0.5, 1, 0.25000001, -4].map((x) => formatPlain(x)),
    ['0.5', '1', '0.25', '-4'],
  );
  assert.equal(formatPlain(1.23e-9), '1.2e-9');
});

test('the full number is the double itself and 0 has no sign', () => {
  for (const value of [0.1 + 0.2, 5e-324, 1.7976931348623157e308, -1 / 3]) {
    assert.equal(Number(formatFull(value)), value);
  }
  assert.equal(formatFull(-0), '0');
  assert.equal(formatFull(Infinity), 'Infinity');
});

test('full lists, typed ones included, are written as Python lists', () => {
  assert.equal(formatFull([0.5, 0.25]), '[0.5, 0.25]');
  assert.equal(formatFull(Float64Array.of(1, 0.1)), '[1, 0.1]');
});

test('Python’s own spelling of what is not finite, in lists too', () => {
  assert.equal(formatPython([Infinity, -Infinity, NaN, 0.5]), '[inf, -inf, nan, 0.5]');
  assert.equal(formatPython(Infinity), 'inf');
});
