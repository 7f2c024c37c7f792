/** The engine that is Python: requests go out in `state`, results come back in `frame`. */

import { embedFigures, fillSources } from '../bokeh/models.js';
import { applyPatches } from '../bokeh/patches.js';
import { takeWhole } from '../bokeh/whole.js';
import { bindAtHand } from '../front/at-hand.js';
import { mount } from '../front/front.js';
import { bindHandles } from '../front/handles.js';
import { bindLabels } from '../front/labels.js';
import { buildLetters } from '../front/letters-control.js';
import { buildOutcomes } from '../front/outcomes-control.js';
import { buildPair } from '../front/pair-control.js';
import { bindPassages } from '../front/passage.js';
import { bindPlayers } from '../front/player.js';
import { buildShares } from '../front/shares-control.js';
import { buildTable } from '../front/table-control.js';
import { bindTasks } from '../front/tasks.js';
import { bindWork } from '../front/work.js';
import { comeBack, takeLeft } from './reconnect.js';

const PARTS = {
  bindAtHand,
  bindHandles,
  bindLabels,
  bindPassages,
  bindPlayers,
  bindTasks,
  bindWork,
  buildLetters,
  buildOutcomes,
  buildPair,
  buildShares,
  buildTable,
};
const AT_ONCE = 2; // requests under way: while a page paints one answer, Python works on the next
const PATIENCE = 4000; // ms after which an unanswered request no longer holds the next one back
const MOST_OPEN = 9; // requests without an answer, after which the page waits for one

/**
 * Panel's view of the component.
 * @typedef {object} Component
 * @property {Spec} spec
 * @property {object} state
 * @property {Frame & {tables: Record<string, Record<string, unknown>>}} frame
 * @property {Progress} progress
 * @property {(parameter: string, callback: () => void) => void} on
 */

/**
 * At most two requests are under way; what a hand does meanwhile is merged, so nothing queues up.
 * @param {Component} model
 * @param {boolean} whole whether the page takes a message of the server in one piece
 * @param {Parts} [parts]
 * @returns {PythonEngine}
 */
export function serverEngine(model, whole = false, parts = PARTS) {
  /** @type {Change[]} */
  let waiting = [];
  /** @type {{seq: number, changes: Change[]}[]} */
  let open = []; // the requests that have been sent and not answered
  /** @type {Record<string, unknown>[]} */
  const beside = []; // starts, cancels and chunks of files, one a request
  let sent = 0;
  let most = AT_ONCE;
  let timer = 0;
  /** @type {string[]} */
  let fixed = [];
  const flush = () => {
    sent += 1;
    const marks = { ...(whole && { whole }), ...(fixed.length && { fixed }) };
    const request = { seq: sent, changes: waiting, ...marks, ...beside.shift() };
    // A busy process keeps only the last of the requests that wait for it, so it brings the others.
    model.state = open.length ? { ...request, earlier: open } : request;
    open = [...open, request];
    waiting = [];
    wait();
  };
  const goOn = () => {
    if ((waiting.length || beside.length) && open.length < most) flush();
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      most = Math.min(open.length, MOST_OPEN - 1) + 1;
      goOn();
    }, PATIENCE);
  };
  return {
    inFragment: false,
    parts,
    get frame() {
      return model.frame;
    },
    fix(names) {
      fixed = names;
    },
    get unanswered() {
      return [...open.flatMap(({ changes }) => changes), ...waiting];
    },
    get settled() {
      return open.length === 0 && waiting.length === 0;
    },
    send(changes) {
      for (const change of changes) waiting = merged(waiting, change, model.spec.gestures);
      goOn();
    },
    ask(request) {
      beside.push(request);
      goOn();
    },
    get progress() {
      return model.progress;
    },
    listen(paint, paintProgress) {
      /** @param {Frame | Progress} answer */
      const answered = ({ seq }) => {
        if (!seq || !open.some((request) => request.seq <= seq)) return;
        open = open.filter((request) => request.seq > seq);
        most = AT_ONCE;
        clearTimeout(timer);
        if (open.length) wait();
        goOn();
      };
      model.on('frame', () => {
        fillSources(model.frame.tables);
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
function merged(waiting, [key, raw], gestures) {
  /** @param {Change} change */
  const isGesture = ([one]) => ['reset', 'task-start'].includes(one) || gestures.includes(one.split(':')[0]);
  const last = waiting.findLastIndex(isGesture);
  return [...waiting.filter(([one], place) => place <= last || one !== key), [key, raw]];
}

/**
 * What Panel calls once the component's place in the page exists.
 * @param {{model: Component}} view
 * @param {Parts} [more] parts that not every server's pages have
 */
export function render({ model }, more) {
  bring(model, { ...PARTS, ...more });
  return document.createElement('span');
}

/**
 * Make the figures, and bring the page to life.
 * @param {Component} model
 * @param {Parts} parts
 */
async function bring(model, parts) {
  applyPatches();
  await embedFigures();
  const engine = serverEngine(model, takeWhole(), parts);
  fillSources(model.frame.tables);
  const page = mount(model.spec, engine);
  const left = takeLeft();
  if (left.length) engine.send(left);
  for (const one of globalThis.Bokeh.documents) {
    one.on_event('connection_lost', () => comeBack(model.spec, engine, page.say));
  }
}
