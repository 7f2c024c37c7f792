import assert from 'node:assert/strict';
import test from 'node:test';

import { logProbabilities } from '../../app/explorers/perplexity/scores.js';
import { Refused, applyChanges, coerce, shown, significant } from '../../static/contract/parameters.js';

const MU = { name: 'mu', kind: 'number', label: 'mean of P', bounds: [-4, 4], objects: [], default: 0 };
const UNIT = { name: 'unit', kind: 'choice', label: 'unit', objects: ['bits', 'nats'], default: 'bits' };
const P = { name: 'p', kind: 'numbers', label: 'probability', bounds: [2, 10], objects: [], default: [0.5, 0.5] };
const LABELS = { name: 'labels', kind: 'texts', label: 'labels', bounds: [2, 10], objects: [], default: ['a', 'b'] };
const LOCKED = { ...LABELS, name: 'locked', label: 'locked', bounds: [0, 10], default: [] };
const SPEC = { parameters: [MU, UNIT, P, LABELS] };
const START = { mu: 0, unit: 'bits', p: [0.5, 0.5], labels: ['a', 'b'] };

const EXPLORER = {
  gestures: ['poke'],
  compute: () => ({}),
  move(state, name, value, index) {
    if (name === 'poke') return { mu: 3, note: `poked ${index}` };
    if (index !== null) return { p: state.p.map((share, i) => (i === index ? value : share)) };
    return { [name]: value };
  },
};
const apply = (...changes) => applyChanges(EXPLORER, SPEC, START, changes);
const refusal = (parameter, raw) => {
  try { coerce(parameter, raw); } catch (error) {
    assert.ok(error instanceof Refused);
    return error.message;
  }
  return assert.fail(`${raw} was taken`);
};

test('numbers are read as Python reads them', () => {
  const read = ['1.5', ' 3 ', '+.5', '1.', '25e-2', '\u00a02\u2003'].map((raw) => coerce(MU, raw));
  assert.deepEqual(read, [1.5, 3, 0.5, 1, 0.25, 2]);
  assert.ok(Object.is(coerce(MU, '-0'), 0));
});

test('what is no finite number is refused by label and value', () => {
  for (const raw of ['', ' ', 'NaN', '1e999', 'Infinity', '0x1', '0b1', '1_0', '1,2', '.', '\ufeff1']) {
    assert.equal(refusal(MU, raw), `mean of P must be a number; ${shown(raw)} is not.`);
  }
  assert.equal(refusal(MU, true), 'mean of P must be a number; “True” is not.');
  assert.equal(refusal(MU, null), 'mean of P must be a number; “None” is not.');
  assert.equal(refusal(MU, NaN), 'mean of P must be a number; “nan” is not.');
});

test('a number out of bounds is refused by its bounds', () => {
  assert.equal(refusal(MU, '4.1'), 'mean of P must lie between -4 and 4; “4.1” does not.');
});

test('a choice that is not offered is refused by what is', () => {
  assert.equal(coerce(UNIT, 'nats'), 'nats');
  assert.equal(refusal(UNIT, 'Bits'), 'unit must be bits or nats; “Bits” is not.');
});

test('a text has a length, and a line of log-probabilities two fields', () => {
  const TEXT = { name: 'log_probs', kind: 'text', label: 'log-probabilities', bounds: [1, 9], objects: [], default: 'a' };
  assert.equal(refusal(TEXT, ''), 'log-probabilities must have 1 to 9 characters; there are 0.');
  const told = (count) => ({ message: `Entry 1 must have a token and a logprob; it has ${count}.` });
  assert.throws(() => logProbabilities('a'), told('1 field'));
  assert.throws(() => logProbabilities('a,b,c'), told('3 fields'));
});

test('lists come as text with commas or as lists, and have a length', () => {
  assert.deepEqual(coerce(P, '1, 0'), [1, 0]);
  assert.deepEqual(coerce(LABELS, [' x ', 'y']), ['x', 'y']);
  assert.deepEqual(coerce(LOCKED, ''), []);
  assert.equal(refusal(P, '1'), 'probability needs 2 to 10 entries; there are 1.');
  assert.equal(refusal(P, 7), 'probability must be a list; “7” is not.');
  assert.equal(refusal(P, '1,x'), 'each entry of probability must be a number; “x” is not.');
});

test('a name is short, visible and without a comma', () => {
  for (const raw of ['', 'x'.repeat(25), '\u202eb', '\u200b', 5]) {
    assert.equal(
      refusal(LABELS, [raw, 'b']),
      `A name in labels has 1 to 24 letters and no comma; ${shown(raw)} does not fit.`,
    );
  }
  assert.deepEqual(coerce(LABELS, ['🙂'.repeat(24), 'b'])[0].length, 48);
});

test('what is quoted is short and shows no control characters', () => {
  assert.equal(shown('x'.repeat(10_000)), `“${'x'.repeat(40)}…”`);
  assert.equal(shown('a\u0000\u202e\u00a0 b'), '“a\ufffd\ufffd\ufffd b”');
  assert.equal(shown('🙂'.repeat(41)), `“${'🙂'.repeat(40)}…”`);
});

test('numbers in messages are written as Python writes them', () => {
  assert.deepEqual([5, -0.5, 1e-7, 0.0001, 1e21].map(shown), ['“5”', '“-0.5”', '“1e-07”', '“0.0001”', '“1e+21”']);
  // format(x, '.6g') and, of the last two, format(x, '.3g') in Python 3.13
  const wide = [0, 4, 0.1, 123456.5, 1234567, 2e300, 1.5e-5].map((x) => significant(x));
  assert.deepEqual(wide, ['0', '4', '0.1', '123456', '1.23457e+06', '2e+300', '1.5e-05']);
  assert.deepEqual([0.3125, 0.4375].map((x) => significant(x, 3)), ['0.312', '0.438']);
});

test('changes are applied one by one and what cannot be is refused with a message', () => {
  const { state, messages } = apply(['mu', '2'], ['mu', 'x'], ['unit', 'nats']);
  assert.deepEqual(state, { ...START, mu: 2, unit: 'nats' });
  assert.deepEqual(messages, [{ kind: 'refused', key: 'mu', text: 'mean of P must be a number; “x” is not.' }]);
});

test('what a move notes is told and does not enter the state', () => {
  const { state, messages } = apply(['poke:1', null]);
  assert.deepEqual(state, { ...START, mu: 3 });
  assert.deepEqual(messages, [{ kind: 'note', key: 'poke:1', text: 'poked 1' }]);
});

test('the state that is given stays as it was', () => {
  const before = structuredClone(START);
  apply(['mu', 1], ['p:0', 0.3], ['reset', null]);
  assert.deepEqual(START, before);
});

test('reset restores every default', () => {
  assert.deepEqual(apply(['mu', 1], ['unit', 'nats'], ['reset', null]).state, START);
});

test('an index belongs to a list of numbers or to a gesture, and to an outcome that exists', () => {
  assert.deepEqual(apply(['p:1', 0.2]).state.p, [0.5, 0.2]);
  const told = apply(['mu:0', 1], ['labels:0', 'x'], ['p:2', 1], ['p:', 1], ['p:-1', 1]).messages;
  assert.deepEqual(told.map(({ text }) => text), [
    'This page has nothing called “mu:0”.',
    'This page has nothing called “labels:0”.',
    'There is no outcome number “2”; there are 2.',
    'There is no outcome number “”; there are 2.',
    'There is no outcome number “-1”; there are 2.',
  ]);
});

test('keys that every object inherits are unknown', () => {
  for (const key of ['toString', '__proto__', 'constructor', 'compute']) {
    assert.deepEqual(apply([key, 1]).messages, [{ kind: 'refused', key, text: `This page has nothing called “${key}”.` }]);
  }
});

test('an error that is no refusal is not swallowed', () => {
  const broken = { ...EXPLORER, move() { throw new TypeError('broken'); } };
  assert.throws(() => applyChanges(broken, SPEC, START, [['mu', 1]]), TypeError);
});

test('ten kilobytes are refused in no time', () => {
  const before = performance.now();
  for (const raw of ['9'.repeat(10_000), `${' '.repeat(10_000)}x`, `x${' '.repeat(10_000)}x`]) {
    apply(['mu', raw], ['labels', [raw, 'b']], ['p', raw], ['unit', raw], [raw, 1]);
  }
  assert.ok(performance.now() - before < 500);
});
