import assert from 'node:assert/strict';
import test from 'node:test';
import { Refused } from '../../static/contract/messages.js';
import { asDistribution, GESTURES, moveShare, nameOutcomes, tidy } from '../../static/contract/simplex.js';

const STATE = { p: [0.5, 0.25, 0.15, 0.1], labels: ['a', 'b', 'c', 'd'], locked: [], temperature: 1 };
const locked = (...names) => ({ ...STATE, locked: names });
const refusedWith = (code, args) => (error) => {
  assert.ok(error instanceof Refused);
  assert.deepEqual(error.reason, { code, args });
  return true;
};
const close = (p, want) =>
  p.length === want.length && p.every((share, i) => Math.abs(share - want[i]) < 1e-15);

test('moving a share keeps the proportions of the others', () => {
  assert.ok(close(moveShare(STATE, 'p', 0, 0).p, [0, 0.5, 0.3, 0.2]));
});

test('shares are the decimals that rounding has missed by a little', () => {
  const { p } = moveShare(
    { p: [0.5, 0.25, 0.15, 0.1], labels: ['a', 'b', 'c', 'd'], locked: [] },
    'p',
    0.7,
    0,
  );
  assert.deepEqual(p, [0.7, 0.15, 0.09, 0.06]);
  for (const share of [1 / 3, 2 / 7, 1e-17 / 3, 5e-324, 0.1234567890123]) assert.equal(tidy(share), share);
  assert.equal(tidy(1 - 0.94), 0.06);
  assert.equal(tidy(0), 0);
});

test('what is locked limits a share and the reader is told', () => {
  const { p, note } = moveShare(locked('b'), 'p', 0.9, 0);
  assert.ok(close(p, [0.75, 0.25, 0, 0]));
  assert.deepEqual(note, { code: 'room', args: { label: 'probability', entry: 'a', room: 0.75 } });
});

test('a share cannot move when all others are locked', () => {
  const { p, note } = moveShare(locked('b', 'c', 'd'), 'p', 0.9, 0);
  assert.ok(close(p, STATE.p));
  assert.deepEqual(note, { code: 'all_locked', args: { label: 'probability', entry: 'a' } });
});

test('from zero the others share equally', () => {
  const certain = { ...STATE, p: [1, 0, 0, 0] };
  assert.ok(close(moveShare(certain, 'p', 0.4, 0).p, [0.4, 0.2, 0.2, 0.2]));
});

test('weights that do not add up are rescaled and said so', () => {
  const { p, note } = asDistribution(STATE, 'p', [1, 1, 1, 2]);
  assert.ok(close(p, [0.2, 0.2, 0.2, 0.4]));
  assert.deepEqual(note, { code: 'rescaled', args: { total: 5 } });
});

test('weights whose sum overflows are rescaled all the same', () => {
  const { p, note } = asDistribution(STATE, 'p', [1e308, 1e308, 1e308, 1e308]);
  assert.deepEqual(p, [0.25, 0.25, 0.25, 0.25]);
  assert.deepEqual(note, { code: 'rescaled_far', args: {} });
});

test('a sum that is off by rounding is mended without a word, and no entry exceeds 1', () => {
  const { p, note } = asDistribution(STATE, 'p', [1 + 1e-12, 0, 0, 0]);
  assert.deepEqual([p, note], [[1, 0, 0, 0], null]);
  assert.equal(asDistribution(STATE, 'p', [0.5 + 3e-9, 0.5, 0, 0]).note, null);
});

test('all zero becomes uniform and is said so', () => {
  const { p, note } = asDistribution(STATE, 'p', [0, 0]);
  assert.deepEqual([p, note], [[0.5, 0.5], { code: 'all_zero', args: {} }]);
});

test('a negative weight is refused by its value', () => {
  assert.throws(() => asDistribution(STATE, 'p', [1.1, -0.1]), refusedWith('negative', { raw: -0.1 }));
});

test('another number of weights gets fresh names and no locks', () => {
  const { labels, locked: names } = asDistribution(locked('a'), 'p', [0.5, 0.25, 0.25]);
  assert.deepEqual([labels, names], [['A', 'B', 'C'], []]);
});

test('names must be one an outcome and different, and only outcomes can be locked', () => {
  const repeated = refusedWith('names_repeat', { label: 'labels', raw: 'x,x' });
  assert.throws(() => nameOutcomes(STATE, 'labels', ['x', 'x']), repeated);
  assert.throws(
    () => nameOutcomes(STATE, 'labels', ['x', 'y']),
    refusedWith('names_count', { label: 'labels', count: 4, given: 2 }),
  );
  assert.throws(() => nameOutcomes(STATE, 'locked', ['x']), refusedWith('no_such_name', { raw: 'x' }));
  assert.deepEqual(nameOutcomes(locked('a'), 'labels', ['w', 'x', 'y', 'z']), {
    labels: ['w', 'x', 'y', 'z'],
    locked: [],
  });
});

test('an added outcome takes an equal share of what is not locked', () => {
  const { p, labels } = GESTURES.add(locked('a'), null, null);
  assert.ok(close(p, [0.5, 0.1875, 0.1125, 0.075, 0.125]));
  assert.deepEqual(labels, ['a', 'b', 'c', 'd', 'A']);
});

test('there are two to ten outcomes', () => {
  const ten = { ...STATE, p: Array(10).fill(0.1), labels: [...'abcdefghij'] };
  const two = { ...STATE, p: [0.5, 0.5], labels: ['a', 'b'] };
  assert.throws(() => GESTURES.add(ten, null, null), refusedWith('most_outcomes', { most: 10 }));
  assert.throws(() => GESTURES.remove(two, null, 0), refusedWith('fewest_outcomes', { fewest: 2 }));
});

test('removing the last free outcome frees the others and says so', () => {
  const { p, locked: names, note } = GESTURES.remove(locked('b', 'c', 'd'), null, 0);
  assert.ok(close(p, [0.5, 0.3, 0.2]));
  assert.deepEqual(names, []);
  assert.deepEqual(note, { code: 'locks_off', args: {} });
});

test('a lock stays with a renamed outcome, and locking twice unlocks', () => {
  assert.deepEqual(GESTURES.rename(locked('b'), ' x ', 1), { labels: ['a', 'x', 'c', 'd'], locked: ['x'] });
  assert.deepEqual(GESTURES.lock(locked('b'), null, 1), { locked: [] });
  assert.deepEqual(GESTURES.lock(locked('b'), null, 0), { locked: ['b', 'a'] });
});

test('a gesture that needs an outcome is refused without one', () => {
  for (const name of ['remove', 'rename', 'lock']) {
    assert.throws(() => GESTURES[name](STATE, 'x', null), refusedWith('which', { name }));
  }
});

test('no move changes the state that it is given', () => {
  const before = structuredClone(STATE);
  moveShare(STATE, 'p', 0.9, 0);
  asDistribution(STATE, 'p', [1, 2]);
  for (const gesture of Object.values(GESTURES)) gesture(STATE, 'x', 1);
  assert.deepEqual(STATE, before);
});
