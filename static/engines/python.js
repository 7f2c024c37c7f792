/** The engine that is Python: requests go out in `state`, results come back in `frame`. */

import { bindAtHand } from '../front/at-hand.js';
import { bindDrags } from '../front/drag.js';
import { mount } from '../front/front.js';
import { bindLabels } from '../front/labels.js';
import { bindPassages } from '../front/passage.js';
import { bindPlayers } from '../front/player.js';
import { buildShares } from '../front/shares-control.js';
import { buildTable } from '../front/table-control.js';
import { bindWork } from '../front/work.js';
import { comeBack, takeLeft } from './reconnect.js';

const PARTS = {
  bindAtHand,
  bindDrags,
  bindLabels,
  bindPassages,
  bindPlayers,
  bindWork,
  buildShares,
  buildTable,
};
const PATIENCE = 4000; // ms after which an unanswered request no longer holds the next one back

/**
 * Panel's view of the component.
 * @typedef {object} Component
 * @property {Spec} spec
 * @property {object} state
 * @property {Frame} frame
 * @property {Progress} progress
 * @property {(parameter: string, callback: () => void) => void} on
 */

/**
 * One request is under way at a time; what a hand does meanwhile is merged, so nothing queues up.
 * @param {Component} model
 * @returns {PythonEngine}
 */
export function serverEngine(model) {
  /** @type {Change[]} */
  let waiting = [];
  /** @type {Change[]} */
  let asked = []; // what has been sent and not answered
  /** @type {Record<string, unknown>[]} */
  const beside = []; // starts, cancels and chunks of files, one a request
  let sent = 0;
  let timer = 0;
  const flush = () => {
    clearTimeout(timer);
    timer = setTimeout(goOn, PATIENCE);
    sent += 1;
    model.state = { seq: sent, changes: waiting, ...beside.shift() };
    for (const change of waiting) asked = merged(asked, change, model.spec.gestures);
    waiting = [];
  };
  const goOn = () => {
    clearTimeout(timer);
    timer = 0;
    if (waiting.length || beside.length) flush();
  };
  return {
    inFragment: false,
    parts: PARTS,
    get frame() {
      return model.frame;
    },
    get unanswered() {
      return [...asked, ...waiting];
    },
    send(changes) {
      for (const change of changes) waiting = merged(waiting, change, model.spec.gestures);
      if (!timer) flush();
    },
    ask(request) {
      beside.push(request);
      if (!timer) flush();
    },
    get progress() {
      return model.progress;
    },
    listen(paint, paintProgress) {
      /** @param {Frame | Progress} answer */
      const answered = ({ seq }) => {
        if (seq !== sent) return;
        asked = [];
        goOn();
      };
      model.on('frame', () => {
        answered(model.frame);
        paint();
      });
      model.on('progress', () => {
        answered(model.progress);
        paintProgress();
      });
    },
  };
}

/**
 * A later value of a control replaces an earlier one that no gesture stands between.
 * @param {Change[]} waiting
 * @param {Change} change
 * @param {string[]} gestures
 * @returns {Change[]}
 */
export function merged(waiting, [key, raw], gestures) {
  /** @param {Change} change */
  const isGesture = ([one]) => one === 'reset' || gestures.includes(one.split(':')[0]);
  const last = waiting.findLastIndex(isGesture);
  return [...waiting.filter(([one], place) => place <= last || one !== key), [key, raw]];
}

/**
 * What Panel calls once the component's place in the page exists.
 * @param {{model: Component}} view
 */
export function render({ model }) {
  const engine = serverEngine(model);
  const page = mount(model.spec, engine);
  const left = takeLeft();
  if (left.length) engine.send(left);
  for (const one of globalThis.Bokeh.documents) {
    one.on_event('connection_lost', () => comeBack(model.spec, engine, page.say));
  }
  return document.createElement('span');
}
