import assert from 'node:assert/strict';
import test from 'node:test';

import { compute as ofTree } from '../../app/explorers/decision_tree/model.js';
import { compute as ofSamples } from '../../app/explorers/estimation/model.js';
import { compute as ofTable } from '../../app/explorers/mutual_information/model.js';
import { isSameTable } from '../../static/contract/result.js';

const JOINT = [0.5, 0.1, 0, 0, 0, 0, 0.4, ...Array(18).fill(0)];
const NAMES = ['a', 'b', 'c', 'd', 'e'];
const PAGES = {
  'mutual information': [
    ofTable,
    { rows: 2, columns: 2, joint: JOINT, observed: '1', names_x: NAMES, names_y: NAMES, base: Math.E },
    {
      joint: [
        [0.4, 0.2, ...JOINT.slice(2)],
        ['cells', 'split', 'parts', 'rows', 'guess'],
      ],
      observed: ['2', ['guess']],
    },
  ],
  estimation: [
    ofSamples,
    { feature: 'signal', noise: 3, n: 500, bins: 20, sample: 1, base: Math.E },
    { bins: [21, ['here']], base: [2, ['estimates', 'here']] },
  ],
  'a decision tree': [
    ofTree,
    {
      ...{ noise: 3, n: 500, sample: 1, threshold: 0.5, second: 'the same reading' },
      ...{ cut_left: -0.5, cut_right: 1.5, base: Math.E },
    },
    {
      threshold: [0.52, ['marks', 'nodes']],
      cut_left: [-0.52, ['nodes', 'seconds']],
      base: [2, ['marks', 'gain', 'nodes']],
    },
  ],
};

for (const [page, [compute, state, moves]] of Object.entries(PAGES)) {
  for (const [name, [value, moved]] of Object.entries(moves)) {
    test(`on the page of ${page} a move of ${name} paints only what it changes`, () => {
      const [before, after] = [compute(state), compute({ ...state, [name]: value })].map(
        ({ tables }) => tables,
      );
      const changed = Object.keys(before).filter((table) => before[table] !== after[table]);
      assert.deepEqual(changed.sort(), moved.sort());
    });
  }
}

test('a table is the same as another with the same columns, whatever they are kept in', () => {
  const table = { x: Float64Array.of(1, Number.NaN), name: ['a', 'b'] };
  assert.ok(isSameTable(table, { x: Float64Array.of(1, Number.NaN), name: ['a', 'b'] }));
  for (const other of [{ x: [1, 2] }, { name: ['a', 'c'] }, { name: ['a'] }, { y: [] }]) {
    assert.ok(!isSameTable(table, { ...table, ...other }));
  }
  assert.ok(!isSameTable(undefined, table));
  assert.ok(!isSameTable(table, { name: table.name }));
});
