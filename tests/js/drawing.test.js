import assert from 'node:assert/strict';
import test from 'node:test';

import { evenTicks, onStep, wayOf } from '../../static/front/drawing.js';

test('ticks are round, within the ends, and few', () => {
  assert.deepEqual(evenTicks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(evenTicks(-6, 6), [-5, 0, 5]);
  assert.deepEqual(evenTicks(0.5, 1.4), [0.6, 0.8, 1, 1.2, 1.4]);
});

test('a place on an axis says the value that stands there, on either kind of scale', () => {
  for (const log of [false, true]) {
    const way = wayOf({ low: 0.1, high: 1000, words: '', log, ticks: null }, 1000, [44, 388]);
    assert.equal(way.place(0.1), 44);
    assert.ok(Math.abs(way.place(1000) - 388) < 1e-9);
    for (const value of [0.1, 3, 250]) assert.ok(Math.abs(way.value(way.place(value)) / value - 1) < 1e-12);
  }
  const way = wayOf({ low: 0.1, high: 1000, words: '', log: true, ticks: null }, 1000, [0, 400]);
  assert.deepEqual(way.ticks, [0.1, 1, 10, 100, 1000]);
  assert.ok(Math.abs(way.place(10) - 200) < 1e-9);
});

test('a hand that pulls beyond the ends stops there, and stops at the steps of the slider', () => {
  const parameter = { bounds: [-6, 6], step: 0.1 };
  assert.equal(onStep(99, parameter), 6);
  assert.equal(onStep(-99, parameter), -6);
  assert.equal(onStep(1.234, parameter), 1.2);
  assert.equal(onStep(1.236e3, { bounds: [0.1, 1e5], decades: 6 }), 1240);
});
