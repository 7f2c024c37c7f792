import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';

import { applyPatches } from '../../static/bokeh/patches.js';

const LEFT_OUT = /, so (\w+) is left out and figures are slower: (.*)/;

/** Apply the patches to what a BokehJS has; return what is said of each that was left out. */
function leftOut(require) {
  globalThis.Bokeh = { require, documents: [] };
  globalThis.ResizeObserver = class {};
  const warn = mock.method(console, 'warn', () => {});
  applyPatches();
  return warn.mock.calls.map(({ arguments: [text] }) => text.match(LEFT_OUT).slice(1));
}

afterEach(() => {
  mock.restoreAll();
  delete globalThis.Bokeh;
  delete globalThis.ResizeObserver;
});

test('in a BokehJS whose modules have moved each patch is left out with one warning', () => {
  const told = leftOut((path) => {
    throw new Error(`there is no ${path}`);
  });
  assert.equal(new Set(told.map(([name]) => name)).size, told.length);
  assert.ok(told.some(([, why]) => why === 'there is no core/dom'));
});

test('where one member has another name only its patch is left out, and as a whole', () => {
  class View {
    set_data() {
      return 'as it was';
    }
    set_visuals() {}
    update_position() {}
  }
  const known = { GlyphRendererView: View };
  const told = leftOut(() => new Proxy({}, { get: (_, name) => known[name] ?? Everything }));
  assert.deepEqual(told, [['keepOneLook', 'GlyphRendererView has no map_data']]);
  assert.equal(new View().set_data(), 'as it was');
});

/** A class that has a member of any name. */
class Everything {}
Object.setPrototypeOf(Everything.prototype, new Proxy({}, { has: () => true, get: () => () => {} }));
for (const name of ['extents', 'base_font_size']) {
  Object.defineProperty(Everything.prototype, name, { get: () => null, configurable: true });
}
