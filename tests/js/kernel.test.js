import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import * as coding from '../../static/infocore/coding.js';
import * as dependence from '../../static/infocore/dependence.js';
import * as gaussian from '../../static/infocore/gaussian.js';
import * as measures from '../../static/infocore/kernel.js';
import * as objectives from '../../static/infocore/objectives.js';
import { sum } from '../../static/infocore/sum.js';

const kernel = { ...measures, ...coding, ...gaussian, ...dependence, ...objectives };

const TABLE = new URL('../vectors/vectors.json', import.meta.url); // mpmath at 50 digits or more
const CASES = JSON.parse(readFileSync(TABLE, 'utf8'))
  .filter(({ options }) => !options?.from_logits) // no page shows logits
  .map((line) => ({ ...line, name: camel(line.f) }));
const ULP = Number.EPSILON;
const TINY = 2 ** -1022;

// The tolerances of tests/infocore/test_vectors.py: ulp for each outcome, relative, and relative
// to the value or 1 nat, whichever is larger.
const PER_OUTCOME = [
  'informationContent',
  'binaryEntropy',
  'entropy',
  'crossEntropy',
  'klDivergence',
  'jensenShannonDivergence',
  'binaryCrossEntropy',
  'mutualInformation',
  'conditionalEntropy',
  'idealCodeLengths',
  'expectedLength',
  'kraftSum',
];
const RELATIVE = {
  shannonCodeLengths: 0,
  gaussianKl: 1e-14,
  'Gaussian.logPdf': 1e-14,
  gaussianJensenShannon: 5e-15,
  softmax: 2e-13,
  'Gaussian.pdf': 2e-13,
  klIntegrand: 5e-13,
  tilt: 2e-13,
  dpoLoss: 2e-13,
  klEstimators: 1e-15,
};
const ABSOLUTE = { klQuadrature: 1e-12 };
const OF_GAUSSIANS = ['gaussianKl', 'gaussianJensenShannon', 'klQuadrature', 'klIntegrand'];
const COVERED = [...PER_OUTCOME, ...Object.keys(RELATIVE), ...Object.keys(ABSOLUTE)];

function camel(name) {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

function read(argument) {
  if (Array.isArray(argument)) return argument.map(read);
  return { inf: Infinity, '-inf': -Infinity }[argument] ?? argument;
}

function call({ name, args, options }) {
  const given = read(args);
  if (name.startsWith('Gaussian.')) {
    const [gaussian, ...rest] = given;
    return new kernel.Gaussian(...gaussian)[name.split('.')[1]](...rest, options);
  }
  const gaussians = OF_GAUSSIANS.includes(name);
  const ready = given.map((x) => (gaussians && Array.isArray(x) ? new kernel.Gaussian(...x) : x));
  const found = kernel[name](...ready, options);
  return name === 'tilt' ? [...found.policy, found.logPartition] : found;
}

function tolerance({ name, args: [first] }, want) {
  if (PER_OUTCOME.includes(name)) return 4 * ULP * (first.length ?? 1) * Math.abs(want);
  return name in ABSOLUTE ? ABSOLUTE[name] * Math.max(Math.abs(want), 1) : RELATIVE[name] * Math.abs(want);
}

/** What is wrong with a case's values: infinities are exact, subnormals good to their spacing. */
function misses(line) {
  const got = [call(line)].flatMap((value) => (typeof value === 'number' ? [value] : [...value]));
  const wanted = [line.want].flat().map(read).map(Number);
  return wanted.flatMap((want, i) => {
    // The double nearest to the exact value is off by half an ulp of its own.
    const floor = Math.abs(want) >= TINY ? 0.5 * ULP * Math.abs(want) : 1e-322;
    const allowed = Math.max(tolerance(line, want), line.name === 'shannonCodeLengths' ? 0 : floor);
    const right = got[i] === want || Math.abs(got[i] - want) <= allowed;
    return right ? [] : [`${line.name}(${JSON.stringify(line.args)}) = ${got[i]}, not ${want}`];
  });
}

/** Whether the twin takes such a case: it knows of two distributions with equal weights alone. */
function isTaken({ name, args, options }) {
  return name !== 'jensenShannonDivergence' || (args.length === 2 && !options?.weights);
}

for (const name of COVERED) {
  test(`${name} agrees with mpmath`, () => {
    const cases = CASES.filter((line) => line.name === name && isTaken(line));
    assert.notEqual(cases.length, 0);
    assert.deepEqual(cases.flatMap(misses), []);
  });
}

test('every function of the table that the kernel has is checked', () => {
  const shared = new Set(CASES.map(({ name }) => name).filter((name) => name in kernel));
  assert.deepEqual(
    [...shared].filter((name) => !COVERED.includes(name)),
    [],
  );
});

test('a wrong value would be found', () => {
  const line = CASES.find(({ name, want }) => name === 'klDivergence' && want.startsWith('0.1'));
  assert.deepEqual(misses(line), []);
  assert.notDeepEqual(misses({ ...line, want: String(Number(line.want) * (1 + 1e-13)) }), []);
});

test('erfc agrees with mpmath at 50 digits', () => {
  const values = [
    [-1.5, 1.9661051464753108],
    [0, 1],
    [0.3, 0.6713732405408726],
    [0.5, 0.4795001221869535],
    [0.7071067811865476, 0.3173105078629141],
    [2, 0.004677734981047266],
    [5.9, 7.190409783550478e-17],
    [6, 2.1519736712498913e-17],
    [6.1, 6.3146021501937184e-18],
    [12, 1.3562611692059042e-64],
    [26, 5.663192408856143e-296],
  ];
  for (const [x, want] of values) {
    assert.ok(Math.abs(kernel.erfc(x) - want) <= 1e-15 * want, `erfc(${x}) = ${kernel.erfc(x)}, not ${want}`);
  }
});

test('erfc is 0 where it is below the least double, at infinity included', () => {
  assert.deepEqual([kernel.erfc(40), kernel.erfc(Infinity), kernel.erfc(-Infinity)], [0, 0, 2]);
});

test('a certain outcome has surprise 0 and not -0', () => {
  assert.ok(Object.is(kernel.informationContent(1), 0));
  assert.ok(Object.is(kernel.entropy([1, 0]), 0));
});

test('divergence is exactly 0 between equals, infinite where q is 0 and p is not', () => {
  assert.equal(kernel.klDivergence([0.3, 0.7], [0.3, 0.7]), 0);
  assert.equal(kernel.klDivergence([0.5, 0.5], [1, 0]), Infinity);
  assert.equal(kernel.jensenShannonDivergence([1, 0], [0, 1]), 1);
});

test('a Huffman code takes the older of equal weights first and skips what never happens', () => {
  assert.deepEqual(kernel.huffmanCode([0.25, 0.5, 0.25, 0]), ['10', '0', '11', null]);
  assert.deepEqual(kernel.huffmanCode([0.2, 0.2, 0.2, 0.4]), ['00', '01', '10', '11']);
  assert.deepEqual(kernel.huffmanCode([0, 1]), [null, '']);
});

test('a Huffman code of 60 halving weights stays prefix-free past the digits of a double', () => {
  const p = Array.from({ length: 60 }, (_, k) => 2 ** -Math.min(k + 1, 59));
  const words = kernel.huffmanCode(p);
  assert.equal(kernel.kraftSum(words.map((word) => word.length)), 1);
  assert.equal(new Set(words).size, 60);
  assert.ok(words.every((word) => words.every((other) => other === word || !other.startsWith(word))));
});

test('softmax at temperature 0 shares ties, at infinity is uniform, with -inf stays 0', () => {
  assert.deepEqual([...kernel.softmax([1, 3, 3], { temperature: 0 })], [0, 0.5, 0.5]);
  assert.deepEqual([...kernel.softmax([1, -Infinity], { temperature: Infinity })], [1, 0]);
  assert.deepEqual([...kernel.softmax([-Infinity, 5], { temperature: 3 })], [0, 1]);
});

test('variables that tell each other share their entropy, and rounding does not lift it', () => {
  for (const base of [2, Math.E, 10]) {
    for (let n = 2; n < 65; n += 1) {
      const p = Array(n).fill(1 / n);
      const joint = p.map((x, i) => p.map((_, j) => (i === j ? x : 0)));
      const found = kernel.mutualInformation(joint, { base });
      assert.ok(found <= kernel.entropy(p, { base }), `${found} of ${n} at base ${base}`);
      assert.ok(Math.abs(found - Math.log(n) / Math.log(base)) <= 8 * ULP * found);
      if (base === 2 && Number.isInteger(Math.log2(n))) assert.equal(found, Math.log2(n));
      assert.ok(kernel.mutualInformation(joint, { base: 1 / base }) < 0);
    }
  }
});

test('a sum keeps what cancellation would lose', () => {
  assert.equal(sum([1, 1e100, 1, -1e100]), 2);
  assert.equal(sum([1, Infinity]), Infinity);
});

for (const [what, act, message] of [
  [
    'a negative probability',
    () => kernel.entropy([1.5, -0.5]),
    /^p must hold no negative probability.*got -0\.5$/,
  ],
  [
    'a NaN probability',
    () => kernel.klDivergence([0.5, 0.5], [NaN, 1]),
    /^q must hold no negative.*got NaN$/,
  ],
  ['a sum that is not 1', () => kernel.huffmanCode([0.5, 0.4]), /^p must sum to 1, got 0\.9$/],
  [
    'a sum of many that is not 1',
    () => kernel.entropy(Array(100).fill(0.01 * (1 + 2e-9))),
    /^p must sum to 1, got 1\.00000000/,
  ],
  ['a lone probability above 1', () => kernel.informationContent(2), /^p must lie in \[0, 1\], got 2$/],
  ['no outcomes at all', () => kernel.entropy([]), /^p is empty/],
  [
    'vectors of different lengths',
    () => kernel.crossEntropy([1], [0.5, 0.5]),
    /^p and q do not broadcast: lengths 1 and 2$/,
  ],
  ['a base of 1', () => kernel.entropy([1], { base: 1 }), /^base must be positive, finite and not 1, got 1$/],
  ['a negative length', () => kernel.kraftSum([-1]), /^lengths must not be negative or NaN, got -1$/],
  [
    'scores without a finite one',
    () => kernel.softmax([-Infinity]),
    /^z must hold a finite score, got -Infinity$/,
  ],
  [
    'a negative temperature',
    () => kernel.softmax([1], { temperature: -1 }),
    /^temperature must not be negative or NaN, got -1$/,
  ],
  [
    'a standard deviation of 0',
    () => new kernel.Gaussian(0, 0),
    /^sigma must be positive and finite, got 0$/,
  ],
  ['an infinite mean', () => new kernel.Gaussian(Infinity, 1), /^mu must be finite, got Infinity$/],
  ['a point that is NaN', () => new kernel.Gaussian(0, 1).pdf(NaN), /^x must not be NaN, got NaN$/],
]) {
  test(`${what} is refused with its name and value`, () => {
    assert.throws(act, (error) => error instanceof RangeError && message.test(error.message));
  });
}
