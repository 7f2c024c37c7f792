import assert from 'node:assert/strict';
import test from 'node:test';

import { compute } from '../../app/explorers/mutual_information/model.js';

const JOINT = [0.5, 0.1, 0, 0, 0, 0, 0.4, ...Array(18).fill(0)];
const STATE = {
  rows: 2,
  columns: 2,
  joint: JOINT,
  feature: 'signal',
  noise: 3,
  n: 500,
  bins: 20,
  sample: 1,
  threshold: 0.5,
  unit: 'nats',
  base: Math.E,
};
const DRAWN = ['cells', 'parts', 'estimates', 'here', 'gain', 'counts', 'marks'];

const MOVES = {
  threshold: [0.52, ['marks']],
  bins: [21, ['here']],
  joint: [
    [0.4, 0.2, ...JOINT.slice(2)],
    ['cells', 'parts'],
  ],
  base: [2, DRAWN.filter((name) => name !== 'counts')],
};

for (const [name, [value, moved]] of Object.entries(MOVES)) {
  test(`a move of ${name} paints only what it changes`, () => {
    const [before, after] = [compute(STATE), compute({ ...STATE, [name]: value })].map(
      ({ tables }) => tables,
    );
    assert.deepEqual(
      DRAWN.filter((table) => before[table] !== after[table]),
      moved,
    );
  });
}
