import assert from 'node:assert/strict';
import test, { mock } from 'node:test';

import { takeWhole } from '../../static/bokeh/whole.js';
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

/** An engine that listens, and the component it asks through. */
function listening(...options) {
  const model = component();
  const engine = serverEngine(model, ...options);
  engine.listen(
    () => {},
    () => {},
  );
  return { model, engine };
}

test('two requests are under way, and what is asked meanwhile goes out together, once', () => {
  const { model, engine } = listening();
  for (const mu of [1, 2, 3, 4]) engine.send([['mu_p', mu]]);
  const [first, second] = [1, 2].map((seq) => ({ seq, changes: [['mu_p', seq]] }));
  assert.deepEqual(model.state, { ...second, earlier: [first] });
  model.answer(1);
  assert.deepEqual(model.state, { seq: 3, changes: [['mu_p', 4]], earlier: [second] });
  model.answer(2);
  assert.deepEqual(engine.unanswered, [['mu_p', 4]]);
  assert.equal(engine.settled, false);
  model.answer(3);
  assert.deepEqual(engine.unanswered, []);
  assert.equal(engine.settled, true);
});

test('an answer to a later request answers those before it, and one that is known changes nothing', () => {
  const { model, engine } = listening();
  for (const mu of [1, 2, 3]) engine.send([['mu_p', mu]]);
  model.answer(2);
  assert.deepEqual(model.state, { seq: 3, changes: [['mu_p', 3]] });
  model.answer(2);
  assert.deepEqual(engine.unanswered, [['mu_p', 3]]);
});

test('a page that takes messages in one piece says so with each request', () => {
  const { model, engine } = listening(true);
  engine.send([['mu_p', 1]]);
  assert.deepEqual(model.state, { seq: 1, changes: [['mu_p', 1]], whole: true });
});

test('a message in one piece is taken apart, and a page without its place in BokehJS says that it takes none', () => {
  const taken = [];
  class Receiver {
    consume(part) {
      taken.push(part);
    }
  }
  globalThis.Bokeh = { require: () => ({ Receiver }) };
  assert.equal(takeWhole(), true);
  const buffer = new ArrayBuffer(2);
  for (const piece of ['{"a":1}\n{}\n[2]', '{}', buffer]) new Receiver().consume(piece);
  assert.deepEqual(taken, ['{"a":1}', '{}', '[2]', '{}', buffer]);
  globalThis.Bokeh = { require: () => ({}) };
  assert.equal(takeWhole(), false);
  delete globalThis.Bokeh;
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
