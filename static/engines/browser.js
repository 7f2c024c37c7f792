/** The engine that is this page: a twin of the explorer computes, nothing leaves the browser. */

import { modelNamed, whenEmbedded } from '../bokeh/models.js';
import { applyPatches } from '../bokeh/patches.js';
import { applyChanges, defaultsOf } from '../contract/parameters.js';
import { isSameTable, resultOf } from '../contract/result.js';
import { mount } from '../front/front.js';
import { lessonOf } from '../front/lesson.js';
import { readLink } from '../front/link.js';

/**
 * The explorer's twin.
 * @typedef {object} Twin
 * @property {(state: any) => any} compute
 * @property {(state: any, name: string, value: any, index: number | null) => State} [move]
 * @property {(state: any, name: string, index: number) => string} [entryName]
 * @property {(material: any) => void} [prepare]
 */

/**
 * The engine of a page, in the state that the page's address asks for.
 * @param {Twin} explorer
 * @param {Spec} spec
 * @param {Parts} parts
 * @returns {Engine}
 */
function localEngine(explorer, spec, parts) {
  let paint = () => {};
  /** @type {Record<string, import('../contract/result.js').Columns>} */
  let published = {};
  /** @type {Frame} */
  let frame;
  /** @type {string[]} */
  let fixed = [];
  const engine = {
    inFragment: !document.querySelector('[data-notice]'), // such a page stands at a live one's address
    get frame() {
      return frame;
    },
    parts,
    settled: true,
    /** @type {Send} */
    send(changes) {
      adopt(applyChanges(explorer, spec, frame.state, changes, fixed));
      paint();
    },
    /** @param {string[]} names */
    fix(names) {
      fixed = names;
    },
    /** @param {() => void} callback */
    listen(callback) {
      paint = callback;
    },
  };
  /** @param {{state: State, messages: Message[]}} applied */
  const adopt = ({ state, messages }) => {
    const { tables, ...result } = resultOf(explorer, spec, state);
    for (const [name, columns] of Object.entries(tables)) {
      const source = modelNamed(name);
      if (source && !isSameTable(published[name], columns)) source.data = columns; // the same is painted
    }
    published = tables;
    frame = { state, messages, ...result };
  };
  adopt(applyChanges(explorer, spec, defaultsOf(spec), readLink(location, spec)));
  return engine;
}

/**
 * Start once BokehJS has its documents; a link clicked within the page restores its state.
 * @param {Twin} explorer
 * @param {Spec} spec
 * @param {Parts} parts
 */
export async function start(explorer, spec, parts) {
  explorer.prepare?.(globalThis.bitsAndNats);
  delete globalThis.bitsAndNats;
  applyPatches();
  await whenEmbedded();
  const engine = localEngine(explorer, spec, parts);
  const lesson = lessonOf(location);
  const page = mount(spec, engine);
  addEventListener('hashchange', () => {
    if (lessonOf(location) !== lesson) {
      dispatchEvent(new Event('reloads')); // so that nobody is asked whether to leave
      location.reload();
    }
    if (location.hash.includes('=')) page.send([['reset', null], ...readLink(location, spec)]);
  });
}
