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
      this.frame = { seq };
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
  model.answer(2);
  assert.deepEqual(engine.unanswered, []);
  mock.timers.reset();
});
