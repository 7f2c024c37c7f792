/**
 * Runs a twin for tests/contract/twins.py: JSON on stdin, JSON on stdout.
 * In: {slug, spec, material, states, start, sequences}. Out: {results, steps}; the numbers that JSON lacks
 * are written "Infinity", "-Infinity" and "NaN".
 */

import { readFileSync } from 'node:fs';

import { applyChanges } from '../../static/contract/parameters.js';
import { resultOf } from '../../static/contract/result.js';

const { slug, spec, material, states, start, sequences } = JSON.parse(readFileSync(0, 'utf8'));
const twin = await import(`../../app/explorers/${slug.replaceAll('-', '_')}/model.js`);
twin.prepare?.(material);

/** What each change of a sequence leads to, from the twin's own last state. */
function stepsOf(changes) {
  let state = start;
  return changes.map((change) => {
    const step = applyChanges(twin, spec, state, [change]);
    state = step.state;
    return step;
  });
}

function encoded(_key, value) {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return ArrayBuffer.isView(value) ? Array.from(value) : value;
}

const results = states.map((state) => resultOf(twin, spec, state));
process.stdout.write(JSON.stringify({ results, steps: sequences.map(stepsOf) }, encoded));
