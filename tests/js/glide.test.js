import assert from 'node:assert/strict';
import test from 'node:test';

import { bindScenes, wayTo } from '../../static/front/glide.js';

const spec = {
  parameters: [
    { name: 'p', kind: 'numbers', step: 0.01, default: [0.5, 0.5] },
    { name: 'labels', kind: 'texts', step: null, default: ['a', 'b'] },
    { name: 'mu', kind: 'number', step: 0.01, default: 0 },
    { name: 'bins', kind: 'number', step: 1, whole: true, default: 20 },
  ],
};
const state = { p: [0.5, 0.5], labels: ['a', 'b'], mu: 0, bins: 20 };

test('the scene that the page is in is marked, whatever its unit', () => {
  const parameters = [...spec.parameters, { name: 'unit', kind: 'choice', default: 'bits' }];
  const presets = { third: { p: [1 / 3, 2 / 3] }, coin: { unit: 'nats' }, way: 'a-gesture' };
  const buttons = Object.keys(presets).map((name) => ({
    dataset: { name },
    pressed: null,
    getAttribute: () => null,
    setAttribute(_, value) {
      this.pressed = value;
    },
  }));
  const paint = bindScenes({ parameters, presets, kept: [] }, buttons);
  const marked = (now) => {
    paint({ ...state, unit: 'bits', ...now });
    return buttons.map(({ pressed }) => pressed);
  };
  assert.deepEqual(marked({}), ['false', 'true', null]);
  assert.deepEqual(marked({ p: [0.33333333333, 0.66666666667], unit: 'nats' }), ['true', 'false', null]);
  assert.deepEqual(marked({ mu: 0.01 }), ['false', 'false', null]);
  assert.deepEqual(marked({ labels: ['a', 'c'] }), ['false', 'false', null]);
});

test('numbers go evenly from what is shown to what the scene says', () => {
  const way = wayTo(spec, { state, controls: {} }, [
    ['reset', null],
    ['p', [0.9, 0.1]],
    ['mu', 2],
  ]);
  assert.deepEqual(way(0.5), [
    ['p', [0.7, 0.3]],
    ['mu', 1],
  ]);
  assert.deepEqual(way(1), [
    ['p', [0.9, 0.1]],
    ['mu', 2],
  ]);
});

test('what a scene does not name goes back to its default', () => {
  const way = wayTo(spec, { state: { ...state, mu: 4 }, controls: {} }, [
    ['reset', null],
    ['p', [0.5, 0.5]],
  ]);
  assert.deepEqual(way(0.25), [['mu', 3]]);
});

test('it begins from what a control shows where that is not the state', () => {
  const way = wayTo(spec, { state, controls: { p: [0.7, 0.3] } }, [
    ['reset', null],
    ['p', [0.9, 0.1]],
  ]);
  assert.deepEqual(way(0), [['p', [0.7, 0.3]]]);
});

test('names and counts are the scene’s at once, before the numbers', () => {
  const scene = [
    ['reset', null],
    ['p', [1, 0]],
    ['labels', ['x', 'y']],
    ['bins', 5],
  ];
  const way = wayTo(spec, { state, controls: {} }, scene);
  assert.deepEqual(way(0), [
    ['labels', ['x', 'y']],
    ['bins', 5],
    ['p', [0.5, 0.5]],
  ]);
});

test('there is no way where lists differ in length, where no number moves, or for a gesture', () => {
  const frame = { state, controls: {} };
  assert.equal(
    wayTo(spec, frame, [
      ['reset', null],
      ['p', [0.2, 0.3, 0.5]],
    ]),
    null,
  );
  assert.equal(
    wayTo(spec, frame, [
      ['reset', null],
      ['bins', 5],
    ]),
    null,
  );
  assert.equal(wayTo(spec, frame, [['uniform', null]]), null);
});
