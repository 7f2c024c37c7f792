/** The engine that is Python: requests go out in `state`, results come back in `frame`. */

import { mount } from './front.js';

const PATIENCE = 4000; // ms after which an unanswered request no longer holds the next one back

/**
 * One request is under way at a time; what a hand does meanwhile is merged, so nothing queues up.
 * @param {any} model Panel's view of the component
 */
export function serverEngine(model) {
  let waiting = [];
  let sent = 0;
  let answered = 0;
  let since = 0;
  const flush = () => {
    since = performance.now();
    sent += 1;
    model.state = { seq: sent, changes: waiting };
    waiting = [];
  };
  return {
    inFragment: false,
    get frame() { return model.frame; },
    send(changes) {
      const keys = changes.map(([key]) => key);
      if (changes.length === 1) waiting = waiting.filter(([key]) => !keys.includes(key) || !mergeable(key));
      waiting.push(...changes);
      if (sent === answered || performance.now() - since > PATIENCE) flush();
    },
    listen(paint) {
      model.on('frame', () => {
        answered = Math.max(answered, model.frame.seq ?? 0);
        if (waiting.length) flush();
        paint();
      });
    },
  };
}

/** A later value of the same control replaces an earlier one; gestures each count. */
function mergeable(key) {
  return !/^(add|remove|rename|lock|swap|uniform|reset)/.test(key);
}

/** What Panel calls once the component's place in the page exists. */
export function render({ model }) {
  const root = document.documentElement;
  mount(model.spec, serverEngine(model));
  for (const page of globalThis.Bokeh.documents) {
    page.on_event('connection_lost', () => { delete root.dataset.ready; });
  }
  return document.createElement('span');
}
