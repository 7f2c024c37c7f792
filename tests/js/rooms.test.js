// What a room says of its answers, what is asked, and what is sent. Numbers are mpmath's, 20 digits.
import assert from 'node:assert/strict';
import test from 'node:test';

import { optionsIn, wrongWith } from '../../static/rooms/draft.js';
import { newestSender } from '../../static/rooms/newest.js';
import { movedLine, rightNumber, tallied, undecidedLine } from '../../static/rooms/tally.js';
import { queryTold } from '../../static/rooms/told.js';
import { typedAnswer, unitsIn } from '../../static/rooms/typed.js';

const NUMBER = { kind: 'number', options: [] };
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('options are the groups of a choice, those that nobody gave too', () => {
  const asked = { kind: 'choice', options: ['up', 'down', 'neither'], truth: 1 };
  const tally = tallied(asked, [[3, 0, 1]]);
  assert.deepEqual(tally, { labels: ['up', 'down', 'neither'], counts: [[3, 0, 1]], right: [1] });
});

test('up to twelve numbers stand each for itself, in both rounds alike', () => {
  const rounds = [
    [
      [2, 3],
      [-0.5, 1],
    ],
    [
      [2, 1],
      [10, 4],
    ],
  ]; // prettier-ignore
  const tally = tallied({ ...NUMBER, truth: 2 }, rounds);
  assert.deepEqual(tally.labels, ['−0.5', '2', '10']);
  assert.deepEqual(tally.counts, [
    [1, 3, 0],
    [0, 1, 4],
  ]);
  assert.deepEqual(tally.right, [1]);
});

test('a truth that nobody gave is in no group', () => {
  assert.deepEqual(tallied({ ...NUMBER, truth: 7 }, [[[1, 1]]]).right, []);
});

test('more numbers come in at most twelve steps, and every answer is in one of them', () => {
  const first = Array.from({ length: 40 }, (_, i) => [i / 4, 1]);
  const second = [
    [-1e12, 1],
    [3.3, 5],
    [1e12, 2],
  ]; // prettier-ignore
  const { labels, counts, right } = tallied({ ...NUMBER, truth: 3.3 }, [first, second]);
  assert.ok(labels.length <= 13);
  assert.equal(labels[0], 'less than 0');
  assert.deepEqual(labels.slice(2, 4), ['2 to less than 4', 'exactly 3.3']); // what is right stands for itself
  assert.equal(labels.at(-1), '10 or more');
  assert.deepEqual(
    counts.map((row) => row.reduce((a, b) => a + b)),
    [40, 8],
  );
  assert.equal(counts[1][3], 5);
  assert.deepEqual(right, [3]);
});

test('a few odd numbers leave the others their groups', () => {
  const near = Array.from({ length: 25 }, (_, i) => [2 + i / 24, 1]);
  const { labels, counts, right } = tallied({ ...NUMBER, truth: 2.585 }, [[...near, [120, 5]]]);
  assert.deepEqual(labels.slice(0, 2), ['2 to less than 2.2', '2.2 to less than 2.4']);
  assert.equal(labels.at(-1), '3.2 or more');
  assert.equal(counts[0].at(-1), 5);
  assert.deepEqual(right, []); // near it is not it, where nobody says how near counts
  assert.deepEqual(tallied({ ...NUMBER, truth: 50 }, [near]).right, []);
});

test('what is near enough is right: each number for itself, or in steps as a group of its own', () => {
  const few = [
    [1.99, 4],
    [2, 9],
    [2.01, 1],
    [2.0101, 2],
    [1, 3],
  ]; // prettier-ignore
  const asked = { ...NUMBER, truth: 2, near: 0.01 };
  const { labels, right } = tallied(asked, [few]);
  assert.deepEqual(labels, ['1', '1.99', '2', '2.01', '2.0101']);
  assert.deepEqual(right, [1, 2, 3]);
  assert.equal(rightNumber(asked), '2, give or take 0.01');
  const many = Array.from({ length: 25 }, (_, i) => [1.8 + i / 60, 1]); // 1.8 to 2.2, in 60ths
  const wide = tallied({ ...NUMBER, truth: 2.03, near: 0.02 }, [many, [[2.011, 5]]]);
  const place = wide.labels.indexOf('2.01 to 2.05');
  assert.deepEqual(wide.right, [place]);
  assert.deepEqual(
    wide.counts.map((row) => row[place]),
    [3, 5], // 121/60, 122/60 and 123/60
  );
  assert.equal(
    wide.counts[0].reduce((a, b) => a + b),
    25,
  );
});

test('the same bars stand in the same order, whatever the order in which answers come', () => {
  const truth = 2.75;
  const pairs = Array.from({ length: 40 }, (_, i) => [i / 4, 1]);
  const whole = pairs.toSorted(([a], [b]) => Number(b % 1 === 0) - Number(a % 1 === 0)); // as of an object's keys
  for (const near of [0, 0.5, 1, 3.1, 4, 20]) {
    const asked = { ...NUMBER, truth, near };
    const { labels, counts, right } = tallied(asked, [pairs]);
    for (const other of [whole, pairs.toReversed()])
      assert.deepEqual(tallied(asked, [other]), { labels, counts, right });
    assert.equal(right.length, 1);
    assert.ok(counts[0].every(Boolean), `${near}: ${labels}`); // there is no gap in what was given
    const starts = labels.map((one) => Number(one.match(/[\d.−]+/)[0].replace('−', '-')));
    assert.deepEqual(
      starts,
      starts.toSorted((a, b) => a - b),
      labels.join(),
    );
  }
  const part = tallied({ ...NUMBER, truth, near: 2.5 }, [pairs]); // of two steps something is left
  const beyond = ['6 to less than 8', '8 to less than 10'];
  assert.deepEqual(part.labels, ['0 to less than 2', '0.25 to 5.25', '4 to less than 6', ...beyond]);
  assert.deepEqual(part.counts, [[1, 21, 2, 8, 8]]);
  const wide = tallied({ ...NUMBER, truth, near: 3 }, [pairs]);
  assert.deepEqual(wide.labels, ['−0.25 to 5.75', ...beyond]);
  assert.deepEqual(wide.counts, [[24, 8, 8]]);
});

test('steps hold where most gave one number and a few scatter, however large or small', () => {
  for (const size of [1e-9, 1, 1e11]) {
    const many = Array.from({ length: 13 }, (_, i) => [size * (i - 6), i === 6 ? 1000 : 1]);
    const { labels, counts } = tallied(NUMBER, [many]);
    assert.ok(labels.length <= 12, labels.join());
    assert.equal(
      counts[0].reduce((a, b) => a + b),
      1012,
    ); // prettier-ignore
    assert.ok(counts[0].filter(Boolean).length >= 3, labels.join()); // on both sides of the one
  }
});

test('how undecided a room is, in bits', () => {
  assert.equal(undecidedLine([12, 6, 2]), 'How undecided the room is: H = 1.3 of at most 1.58 bits.'); // 1.29546
  assert.equal(undecidedLine([1, 1, 1, 1]), 'How undecided the room is: H = 2 of at most 2 bits.');
  assert.equal(undecidedLine([0, 9]), 'How undecided the room is: H = 0 of at most 1 bit.');
  assert.equal(undecidedLine([0, 0]), '');
  assert.match(undecidedLine([1, 1], [2, 0]), /: H was 1, now 0, of at most 1 bit\.$/);
  assert.match(undecidedLine([9]), /all gave the same answer/);
});

test('how far a room has moved, and why that may be without end', () => {
  const labels = ['up', 'down', 'neither'];
  assert.match(
    movedLine([12, 6, 2], [4, 14, 2], labels),
    /D\(first ‖ second\) = 0\.58 bits: how far it moved/,
  ); // 0.58427
  assert.match(movedLine([3, 3, 3], [1, 1, 1], labels), /= 0 bits: how far it moved/);
  const lost = movedLine([5, 5, 1], [0, 9, 0], labels);
  assert.match(lost, /= ∞: nobody gave “up” or “neither” the second time\.$/);
  assert.equal(movedLine([5, 5, 1], [0, 0, 0], labels), '');
});

test('what is typed as a question is refused with the reason', () => {
  const fine = { text: 'Why?', kind: 'choice', options: ['a', 'b'], truth: null };
  assert.deepEqual(optionsIn(' a \n\n b\n'), ['a', 'b']);
  assert.equal(wrongWith(fine), '');
  assert.match(wrongWith({ ...fine, text: '' }), /question first/);
  assert.match(wrongWith({ ...fine, text: 'x'.repeat(301) }), /300 letters/);
  assert.match(wrongWith({ ...fine, options: ['a'] }), /2 to 8/);
  assert.match(wrongWith({ ...fine, options: ['a', 'b'.repeat(121)] }), /120 letters/);
});

test('a number is read where there is no doubt, and else it is said why not', () => {
  const read = {
    2.5: [
      '2.5',
      ' 2,5 ',
      '2½',
      '2 ½',
      '5/2',
      '+2.5',
      '2.5 nats',
      '2,5nats',
      '2½ Nat',
      '25e-1',
      '2.5 nat.',
      '2.5 nats/symbol',
    ],
    '-1.5': ['−1,5', '-1½', '-3/2 nats'], // a comma, as on a telephone in Germany
    0.5: ['½', '.5', '0,500', '1/2 nat', '2^-1', '1,5/3'],
    0.75: ['¾', '0.75'],
    0.25: ['¼', '1/4'],
    1234.5: ['1234,5'],
    1000: ['1000', '1e3 nats'],
  };
  for (const [number, texts] of Object.entries(read))
    for (const text of texts)
      assert.deepEqual([text, typedAnswer(text, 'nats')], [text, { number: Number(number), why: '' }]);
  const declined = {
    'Write a number, such as 1.5.': [
      ' ',
      'a lot',
      '1/0',
      '2²',
      'nats',
      '1 1/2',
      '1,234,567',
      '1.234,5',
      '1//2',
      '⅟',
    ],
    'Write the number alone, or in nats.': ['50 %', '2 hartleys', '2 Ω', '2 choices'],
    'Write 1500 or 1.500: a comma may mean either.': ['1,500'],
    'Write -1500 or -1.500: a comma may mean either.': ['-1,500 nats'],
    'Write −1500/7 or −1.500/7: a comma may mean either.': ['−1,500/7', '−1,500 / 7'],
    'Write 1.5/2000 or 1.5/2.000: a comma may mean either.': ['1,5/2,000'],
    'Write 1500^2 or 1.500^2: a comma may mean either.': ['1,500^2'],
    'This is asked in nats, not in bits.': ['2 bits', '1bit', '½ BIT'],
  };
  for (const [why, texts] of Object.entries(declined))
    for (const text of texts)
      assert.deepEqual([text, typedAnswer(text, 'nats')], [text, { number: NaN, why }]);
  assert.equal(typedAnswer('2 nats', '').why, 'Write the number alone, without a unit.');
  assert.equal(typedAnswer('3 letters', '').why, 'Write the number alone, without a unit.');
  for (const [text, unit] of [
    ['3.35 choices', 'choices'], // as Perplexity asks
    ['3,35 Choice', 'choices'],
    ['3.35 bits/symbol', 'bits per symbol'],
    ['3.35 bits', 'bits per symbol'],
    ['3.35%', '%'],
  ])
    assert.deepEqual([text, typedAnswer(text, unit)], [text, { number: 3.35, why: '' }]);
  assert.equal(typedAnswer('3.35 bits', 'choices').why, 'This is asked in choices, not in bits.');
  assert.deepEqual(unitsIn('How many bits, or nats? A bit; a rabbit and Nats.'), ['bits', 'nats']);
});

test('a state is told as a link tells it, less what is as by default', () => {
  const parameters = [
    { name: 'p', kind: 'numbers', default: [0.5, 0.5] },
    { name: 'labels', kind: 'texts', default: ['a', 'b'] },
    { name: 'unit', kind: 'choice', default: 'bits' },
  ];
  const state = { p: [0.25, 0.75], labels: ['a', 'b'], unit: 'bits' };
  assert.equal(queryTold({ parameters, reserved: ['room'] }, state), 'p=0.25,0.75');
  assert.equal(queryTold({ parameters, reserved: ['room'] }, { ...state, p: [0.5, 0.5] }), '');
});

test('of many moves the newest are sent, not too often, and the last one always', async () => {
  const sent = [];
  const send = newestSender(30, async (value) => {
    sent.push([value, performance.now()]);
    return true;
  });
  for (let i = 0; i < 20; i += 1) {
    send(i);
    await after(5);
  }
  await after(60);
  assert.equal(sent[0][0], 0);
  assert.equal(sent.at(-1)[0], 19);
  assert.ok(sent.length < 12, String(sent.length));
  for (const [i, [, at]] of sent.slice(1).entries()) assert.ok(at - sent[i][1] > 25);
});

test('what did not arrive is sent again, unless a newer one waits', async () => {
  const tried = [];
  const send = newestSender(5, async (value) => {
    tried.push(value);
    return tried.length > 2;
  });
  send('a');
  await after(90);
  assert.deepEqual(tried, ['a', 'a', 'a']);
  const late = newestSender(5, async (value) => {
    tried.push(value);
    return value !== 'b';
  });
  late('b');
  late('c');
  await after(90);
  assert.deepEqual(tried.slice(3), ['b', 'c']);
});
