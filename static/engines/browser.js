/** The engine that is this page: a twin of the explorer computes, nothing leaves the browser. */

import { element } from '../front/controls.js';
import { modelNamed, whenEmbedded } from '../bokeh/models.js';
import { mount } from '../front/front.js';
import { readLink } from '../front/link.js';
import { applyChanges } from '../contract/parameters.js';
import { resultOf } from '../contract/result.js';

/**
 * @param {{compute: Function, move?: Function, entryName?: Function, prepare?: Function, bindPassages?: Function}} explorer
 *   a page without passages goes without the code for them
 * @param {any} spec
 */
export function localEngine(explorer, spec) {
  let paint = () => {};
  let published = {};
  const engine = {
    inFragment: !document.querySelector('[data-notice]'), // such a page stands at a live one's address
    frame: null,
    bindPassages: explorer.bindPassages,
    send(changes) {
      adopt(applyChanges(explorer, spec, engine.frame.state, changes));
      paint();
    },
    listen(callback) { paint = callback; },
  };
  const adopt = ({ state, messages }) => {
    const { tables, ...told } = resultOf(explorer, spec, state);
    for (const [name, columns] of Object.entries(tables)) {
      const source = modelNamed(name);
      if (source && published[name] !== columns) source.data = columns; // the very same is painted
    }
    published = tables;
    engine.frame = { state, messages, ...told };
  };
  const defaults = Object.fromEntries(spec.parameters.map(({ name, default: value }) => [name, value]));
  adopt(applyChanges(explorer, spec, defaults, readLink(location, spec)));
  return engine;
}

/** Of a site's files only the page is here: say so where a reader looks. */
function sayMissing() {
  const file = document.querySelector('script[src]').getAttribute('src');
  const text = `This page draws with the file ${file}, which should lie beside it and does not.`;
  document.querySelector('.figures').prepend(element('p', { role: 'alert' }, text));
}

/** Start once BokehJS has its documents; a link clicked within the page restores its state. */
export async function start(explorer, spec) {
  explorer.prepare?.(globalThis.bitsAndNats);
  delete globalThis.bitsAndNats;
  if (!globalThis.Bokeh) {
    sayMissing();
    return;
  }
  await whenEmbedded();
  const engine = localEngine(explorer, spec);
  const page = mount(spec, engine);
  addEventListener('hashchange', () => {
    const known = spec.parameters.map(({ name }) => name);
    const asked = readLink(location, spec);
    if (asked.some(([key]) => known.includes(key))) page.send([['reset', null], ...asked]);
  });
}
