/** What was done, movement by movement, so that Undo takes each back and Redo brings it again. */

import { isOff, setOff } from './elements.js';

const WAYS = /** @type {const} */ (['undo', 'redo']);
const PAUSE = 800; // ms without a change that end a movement by keys

/**
 * Bring Undo and Redo to life, as buttons and as Ctrl+Z and Ctrl+Shift+Z outside of fields.
 * @param {Spec} spec
 * @param {Find} find
 * @param {Engine} engine
 * @param {Send} send
 */
export function bindHistory(spec, find, engine, send) {
  /** @type {{undo: State[], redo: State[]}} */
  const states = { undo: [], redo: [] };
  const buttons = WAYS.flatMap((way) => find(`[data-action=${way}]`).map((button) => ({ way, button })));
  const show = () => {
    for (const { way, button } of buttons) setOff(button, states[way].length === 0);
  };
  /** @param {State} state */
  const remember = (state) => {
    states.undo.push(state);
    states.redo = [];
    show();
  };
  /** @param {'undo' | 'redo'} way */
  const go = (way) => {
    const now = engine.frame.state;
    const state = states[way].pop();
    if (!state) return;
    states[way === 'undo' ? 'redo' : 'undo'].push(now);
    show();
    send(changesTo(spec, now, state));
  };
  for (const { way, button } of buttons) {
    button.addEventListener('click', () => {
      if (!isOff(button)) go(way);
    });
  }
  bindKeys(go);
  return { remember, move: movements(spec, engine, remember, send, (state) => states.undo.at(-1) === state) };
}

/**
 * The changes that lead from one state to another. Texts that are the same are left out: they are
 * long, and a reader's file may stand in their place.
 * @param {Spec} spec
 * @param {State} now
 * @param {State} then
 * @returns {Change[]}
 */
export function changesTo({ parameters }, now, then) {
  return parameters
    .filter(({ kind, name }) => !['text', 'choice'].includes(kind) || now[name] !== then[name])
    .map(({ name }) => [name, then[name]]);
}

/** @param {(way: 'undo' | 'redo') => void} go */
function bindKeys(go) {
  document.addEventListener('keydown', (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !['z', 'y'].includes(key)) return;
    const { target } = event;
    if (target instanceof Element && target.closest('textarea, input:not([type=range], [type=radio])'))
      return;
    event.preventDefault();
    go(key === 'y' || event.shiftKey ? 'redo' : 'undo');
  });
}

/**
 * Send what a control asks for. Changes of one control by one hand, or by keys that follow each
 * other, are one movement: one step of Undo, and one that starts from the state at its beginning, so
 * that a probability pulled to 1 and back leaves the others in their old proportions.
 * @param {Spec} spec
 * @param {Engine} engine
 * @param {(state: State) => void} remember
 * @param {Send} send
 * @param {(state: State) => boolean} isLast whether that is what Undo would bring back: if not, a task
 *   or a scene has come between, and a movement has ended
 * @returns {Send}
 */
function movements(spec, engine, remember, send, isLast) {
  const begins = watchMovements();
  const lists = spec.parameters.filter(({ kind }) => kind === 'numbers').map(({ name }) => name);
  /** @type {State} */
  let start = {};
  /** @type {State} */
  let before = {};
  return (changes) => {
    if (begins(changes.map(([key]) => key).join()) || !isLast(before)) {
      const { state, controls } = engine.frame;
      before = state;
      remember(state);
      start = { ...state, ...controls };
      send(changes);
      return;
    }
    const moved = changes
      .map(([key]) => key.split(':'))
      .filter(([name, place]) => place && lists.includes(name));
    send([...moved.map(([name]) => /** @type {Change} */ ([name, [...start[name]]])), ...changes]);
  };
}

/** What says whether a change of a control begins a movement. */
function watchMovements() {
  const last = { key: '', at: -Infinity };
  let held = false;
  for (const name of ['pointerdown', 'pointerup', 'pointercancel']) {
    const grasp = () => {
      held = name === 'pointerdown';
      last.key = '';
    };
    document.addEventListener(name, grasp, { capture: true });
  }
  return (/** @type {string} */ key) => {
    const now = performance.now();
    const same = key === last.key && (held || now - last.at < PAUSE);
    Object.assign(last, { key, at: now });
    return !same;
  };
}
