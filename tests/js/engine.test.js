import assert from 'node:assert/strict';
import test, { mock } from 'node:test';

import { serverEngine } from '../../static/engines/python.js';

/** Panel's view of the component: what was sent stays in `state`; `answer` is Python's frame. */
function component() {
  const listeners = {};
  return {
    spec: { gestures: ['swap'] },
    state: {},
    frame: {},
    on: (name, callback) => {
      listeners[name] = callback;
    },
    answer(seq) {
      this.frame = { seq, tables: {} };
      listeners.frame();
    },
  };
}

test('what is asked while an answer is out goes out together, once', () => {
  const model = component();
  const engine = serverEngine(model);
  engine.listen(
    () => {},
    () => {},
  );
  for (const mu of [1, 2, 3]) engine.send([['mu_p', mu]]);
  assert.deepEqual(model.state, { seq: 1, changes: [['mu_p', 1]] });
  model.answer(1);
  assert.deepEqual(model.state, { seq: 2, changes: [['mu_p', 3]] });
  model.answer(2);
  assert.deepEqual(engine.unanswered, []);
});

test('what a dead server never answers is still known when the next one comes', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const model = component();
  const engine = serverEngine(model);
  engine.listen(
    () => {},
    () => {},
  );
  engine.send([['mu_p', 1.51]]);
  mock.timers.tick(60_000);
  engine.send([['mu_q', 2]]);
  mock.timers.tick(60_000);
  assert.deepEqual(engine.unanswered, [
    ['mu_p', 1.51],
    ['mu_q', 2],
  ]);
  assert.deepEqual(model.state.earlier, [{ seq: 1, changes: [['mu_p', 1.51]] }]);
  model.answer(2);
  assert.deepEqual(engine.unanswered, []);
  mock.timers.reset();
});

test('a page that gets no answers leaves nine requests open and merges what follows', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const model = component();
  const engine = serverEngine(model);
  engine.listen(
    () => {},
    () => {},
  );
  for (let mu = 1; mu <= 20; mu += 1) {
    engine.send([['mu_p', mu]]);
    mock.timers.tick(60_000);
  }
  assert.equal(model.state.seq, 9);
  assert.equal(model.state.earlier.length, 8);
  assert.deepEqual(engine.unanswered.at(-1), ['mu_p', 20]);
  model.answer(9);
  assert.deepEqual(model.state, { seq: 10, changes: [['mu_p', 20]] });
  mock.timers.reset();
});
