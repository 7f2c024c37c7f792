import assert from 'node:assert/strict';
import test from 'node:test';

import { logProbabilities } from '../../app/explorers/perplexity/scores.js';
import { Refused } from '../../static/contract/messages.js';
import { applyChanges, coerce } from '../../static/contract/parameters.js';
import { phrased, quoted } from '../../static/front/messages.js';

const MU = { name: 'mu', kind: 'number', label: 'mean μ of P', bounds: [-4, 4], objects: [], default: 0 };
const UNIT = { name: 'unit', kind: 'choice', label: 'unit', objects: ['bits', 'nats'], default: 'bits' };
const P = {
  name: 'p',
  kind: 'numbers',
  label: 'probability',
  bounds: [2, 10],
  objects: [],
  default: [0.5, 0.5],
};
const LABELS = {
  name: 'labels',
  kind: 'texts',
  label: 'labels',
  bounds: [2, 10],
  objects: [],
  default: ['a', 'b'],
};
const LOCKED = { ...LABELS, name: 'locked', label: 'locked', bounds: [0, 10], default: [] };
const SPEC = { parameters: [MU, UNIT, P, LABELS], gestures: ['poke'] };
const START = { mu: 0, unit: 'bits', p: [0.5, 0.5], labels: ['a', 'b'] };

const EXPLORER = {
  compute: () => ({}),
  move(state, name, value, index) {
    if (name === 'poke') return { mu: 3, note: { code: 'poked', args: { index } } };
    if (index !== null) return { p: state.p.map((share, i) => (i === index ? value : share)) };
    return { [name]: value };
  },
};
const apply = (...changes) => applyChanges(EXPLORER, SPEC, START, changes);
const refusal = (parameter, raw) => {
  try {
    coerce(parameter, raw);
  } catch (error) {
    assert.ok(error instanceof Refused);
    return error.reason;
  }
  return assert.fail(`${raw} was taken`);
};

test('numbers are read as Python reads them', () => {
  const read = ['1.5', ' 3 ', '+.5', '1.', '25e-2', '\u00a02\u2003', '\x1c2'].map((raw) => coerce(MU, raw));
  assert.deepEqual(read, [1.5, 3, 0.5, 1, 0.25, 2, 2]);
  assert.ok(Object.is(coerce(MU, '-0'), 0));
});

test('what is no finite number is refused by label and value', () => {
  const unfit = [
    '',
    ' ',
    'NaN',
    '1e999',
    'Infinity',
    '0x1',
    '0b1',
    '1_0',
    '1,2',
    '1/2',
    '.',
    '\ufeff1',
    true,
    null,
    NaN,
  ];
  for (const raw of unfit) {
    assert.deepEqual(refusal(MU, raw), { code: 'no_number', args: { label: 'mean μ of P', raw } });
  }
});

test('a number out of bounds is refused by its bounds', () => {
  const args = { label: 'mean μ of P', low: -4, high: 4, raw: '4.1' };
  assert.deepEqual(refusal(MU, '4.1'), { code: 'outside', args });
});

test('an entry of a distribution is refused by its outcome', () => {
  const args = { label: 'probability', low: 0, high: 1, raw: 1.5, entry: 'b' };
  assert.deepEqual(apply(['p:1', 1.5]).messages, [{ kind: 'refused', key: 'p:1', code: 'outside', args }]);
});

test('a choice that is not offered is refused by what is', () => {
  assert.equal(coerce(UNIT, 'nats'), 'nats');
  const args = { label: 'unit', options: 'bits or nats', raw: 'Bits' };
  assert.deepEqual(refusal(UNIT, 'Bits'), { code: 'no_option', args });
});

test('a text has a length, and a line of log-probabilities two fields', () => {
  const TEXT = {
    name: 'log_probs',
    kind: 'text',
    label: 'log-probabilities',
    bounds: [1, 9],
    objects: [],
    default: 'a',
  };
  const args = { label: 'log-probabilities', low: 1, high: 9, count: 0 };
  assert.deepEqual(refusal(TEXT, ''), { code: 'text_length', args });
  const place = 1;
  assert.throws(() => logProbabilities('a'), { reason: { code: 'entry_field', args: { place, count: 1 } } });
  assert.throws(() => logProbabilities('a,b,c'), {
    reason: { code: 'entry_fields', args: { place, count: 3 } },
  });
});

test('lists come as text with commas or as lists, and have a length', () => {
  assert.deepEqual(coerce(P, '1, 0'), [1, 0]);
  assert.deepEqual(coerce(LABELS, [' x ', 'y']), ['x', 'y']);
  assert.deepEqual(coerce(LOCKED, ''), []);
  const label = 'probability';
  assert.deepEqual(refusal(P, '1'), { code: 'list_length', args: { label, low: 2, high: 10, count: 1 } });
  assert.deepEqual(refusal(P, 7), { code: 'no_list', args: { label, raw: 7 } });
  assert.deepEqual(refusal(P, '1,x'), { code: 'no_entry', args: { label, raw: 'x' } });
  assert.deepEqual(refusal(P, '1/3,2/3'), { code: 'no_entry', args: { label, raw: '1/3' } });
});

test('a name is short, visible and without a comma', () => {
  for (const raw of ['', 'x'.repeat(25), '\u202eb', '\u200b', '\u200c\u200d', 5]) {
    assert.deepEqual(refusal(LABELS, [raw, 'b']), {
      code: 'no_name',
      args: { label: 'labels', longest: 24, raw },
    });
  }
  assert.deepEqual(coerce(LABELS, ['🙂'.repeat(24), 'b'])[0].length, 48);
  for (const joined of ['می\u200cخواهم', '👨\u200d👩\u200d👧\u200d👦']) {
    assert.deepEqual(coerce(LABELS, [joined, 'b']), [joined, 'b']);
    assert.equal(quoted(joined), `“${joined}”`);
  }
});

test('what is quoted is short and shows no control characters', () => {
  assert.equal(quoted('x'.repeat(10_000)), `“${'x'.repeat(40)}…”`);
  assert.equal(quoted('a\u0000\u202e\u00a0 b'), '“a\ufffd\ufffd\ufffd b”');
  assert.equal(quoted('🙂'.repeat(41)), `“${'🙂'.repeat(40)}…”`);
  assert.equal(quoted(null), '“nothing”');
});

test('a message carries little of a value that is long', () => {
  const [{ key, args }] = apply(['x'.repeat(10_000), 1]).messages;
  assert.ok(key.length <= 41 && args.raw.length <= 41);
});

test('a sentence is filled with what a message names', () => {
  const phrase = (sentence, args) => phrased({ code: sentence }, { code: 'code', args });
  assert.equal(phrase('{label} is {raw}', { label: 'mean μ of P', raw: 'x' }), 'mean μ of P is “x”');
  const entry = { label: 'probability in Q', entry: 'rain' };
  assert.equal(phrase('the {label} moves', entry), 'the probability of rain in Q moves');
  assert.equal(phrase('{a:3} to {b:6}', { a: 0.31251, b: 2e300 }), '0.313 to 2e+300');
  assert.equal(phrased({}, { text: 'as it is' }), 'as it is');
});

test('changes are applied one by one and what cannot be is refused with a message', () => {
  const { state, messages } = apply(['mu', '2'], ['mu', 'x'], ['unit', 'nats']);
  assert.deepEqual(state, { ...START, mu: 2, unit: 'nats' });
  assert.deepEqual(messages, [
    { kind: 'refused', key: 'mu', code: 'no_number', args: { label: 'mean μ of P', raw: 'x' } },
  ]);
});

test('what a move notes is replies and does not enter the state', () => {
  const { state, messages } = apply(['poke:1', null]);
  assert.deepEqual(state, { ...START, mu: 3 });
  assert.deepEqual(messages, [{ kind: 'note', key: 'poke:1', code: 'poked', args: { index: 1 } }]);
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
  const replies = apply(['mu:0', 1], ['labels:0', 'x'], ['p:2', 1], ['p:', 1], ['p:-1', 1]).messages;
  assert.deepEqual(
    replies.map(({ code, args }) => [code, args]),
    [
      ['unknown', { raw: 'mu:0' }],
      ['unknown', { raw: 'labels:0' }],
      ['no_outcome', { raw: '2', count: 2 }],
      ['no_outcome', { raw: '', count: 2 }],
      ['no_outcome', { raw: '-1', count: 2 }],
    ],
  );
});

test('keys that every object inherits are unknown', () => {
  for (const key of ['toString', '__proto__', 'constructor', 'compute']) {
    assert.deepEqual(apply([key, 1]).messages, [
      { kind: 'refused', key, code: 'unknown', args: { raw: key } },
    ]);
  }
});

test('an error that is no refusal is not swallowed', () => {
  const broken = {
    ...EXPLORER,
    move() {
      throw new TypeError('broken');
    },
  };
  assert.throws(() => applyChanges(broken, SPEC, START, [['mu', 1]]), TypeError);
});

test('ten kilobytes are refused in no time', () => {
  const before = performance.now();
  for (const raw of ['9'.repeat(10_000), `${' '.repeat(10_000)}x`, `x${' '.repeat(10_000)}x`]) {
    apply(['mu', raw], ['labels', [raw, 'b']], ['p', raw], ['unit', raw], [raw, 1]);
  }
  assert.ok(performance.now() - before < 500);
});
