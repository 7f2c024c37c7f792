/**
 * What BokehJS does, most of it at each frame, though these figures have no need of it.
 *
 * Each patch first looks up all that it changes and calls, and throws where that is gone, so that none is
 * ever half applied. What it saves is the share of a frame's work on the main thread in a drag of the
 * exported pages of KL and of mode fit, as `python -m bench.patches` measured it with BokehJS 3.10; those
 * with a share save 45 and 31 % together.
 */

import { findAll } from '../front/elements.js';
import { leaveTabOrder } from './models.js';

/** The patches by name; an entry here is all that one needs. */
const PATCHES = { makeWhenSeen, keepStyles, indexLate, keepLooks, keepIndices, keepOneLook };

/**
 * Apply what fits this page's BokehJS, before it makes a figure. What does not fit is skipped with a warning:
 * the page works, slower.
 */
export function applyPatches() {
  for (const [name, patch] of Object.entries(PATCHES)) {
    try {
      patch();
    } catch (error) {
      console.warn(
        `BokehJS has changed, so ${name} is left out and figures are slower: ` +
          `${/** @type {Error} */ (error).message}`,
      );
    }
  }
}

/**
 * The prototype of a class of BokehJS.
 * @param {string} path of its module
 * @param {string} name
 * @param {string[]} members that a patch changes or calls
 */
function insides(path, name, ...members) {
  const { prototype } = globalThis.Bokeh.require(path)[name];
  const gone = members.find((member) => !(member in prototype));
  if (gone) throw new Error(`${name} has no ${gone}`);
  return prototype;
}

/** @type {Map<any, HTMLElement>} what nobody has seen yet, with its place in the page */
const unseen = new Map();

/**
 * Figures in closed folds are made, and drawn anew with each change, though nobody sees them.
 * BokehJS would need to make the view of a root when its place in the page is first shown.
 */
function makeWhenSeen() {
  insides('core/view_manager', 'ViewManager', 'build_view', 'get');
  const page = globalThis.Bokeh.require('embed/standalone');
  const { add_document_standalone: add } = page;
  if (!add) throw new Error('embed/standalone has no add_document_standalone');
  const watch = new ResizeObserver(makeSeen);
  page.add_document_standalone = (/** @type {any} */ document, /** @type {any[]} */ ...more) => {
    putOff(document, watch);
    return add(document, ...more);
  };
}

/** @param {any} document @param {ResizeObserver} watch */
function putOff(document, watch) {
  for (const root of document.roots()) {
    const place = findAll(`[data-root-id="${root.id}"]`)[0]?.closest('.figure');
    const isMade = document.views_manager?.get(root);
    if (isMade || !(place instanceof HTMLElement) || place.checkVisibility()) continue;
    Object.defineProperty(root, 'default_view', { value: null, configurable: true }); // then none is made
    unseen.set(root, place);
    watch.observe(place);
  }
}

/** Make what has come in sight. */
export function makeSeen() {
  for (const [root, place] of unseen) {
    if (!place.checkVisibility()) continue;
    unseen.delete(root);
    delete root.default_view;
    make(root, place);
  }
}

/** @param {any} root @param {HTMLElement} place */
async function make(root, place) {
  const view = await root.document.views_manager.build_view(root);
  view.build(place.querySelector('[data-root-id]'));
  leaveTabOrder(place);
}

/**
 * Every axis, grid and glyph writes its style anew, and each writing styles the page again.
 * Saves 7 and 8 %. BokehJS would need to compare before it writes (InlineStyleSheet.replace).
 */
function keepStyles() {
  const sheet = insides('core/dom', 'InlineStyleSheet', 'replace');
  const { replace } = sheet;
  const written = new WeakMap();
  sheet.replace = function replaceChanged(css, ...more) {
    const plain = typeof css === 'string' && more.length === 0;
    if (plain && written.get(this) === css) return;
    written.set(this, plain ? css : null);
    replace.call(this, css, ...more);
  };
}

const GLYPH = ['set_data', 'set_visuals', 'after_visuals', 'after_lazy_visuals', 'map_data', '_iter_visuals'];
const RENDERER = ['set_data', 'set_visuals', 'update_position', 'map_data'];

/**
 * Nothing here can be selected or muted, yet data and looks for that are worked out with each change.
 * Saves 37 and 18 %. BokehJS would need to make those glyphs when they are first asked for.
 */
function keepOneLook() {
  insides('models/glyphs/glyph', 'GlyphView', ...GLYPH);
  const view = insides('models/renderers/glyph_renderer', 'GlyphRendererView', ...RENDERER);
  view.set_data = async function setData(changed) {
    this.all_indices = this.model.view.indices;
    await this.glyph.set_data(this.model.data_source, this.all_indices, changed);
    await this.set_visuals();
  };
  view.set_visuals = async function setVisuals() {
    dress(this, this.all_indices);
    this.glyph.after_visuals();
    await this.glyph.after_lazy_visuals();
  };
  view.update_position = () => {}; // of an empty element, as large as the curve
  view.map_data = function mapData() {
    this.glyph.map_data();
  };
}

const dressed = new WeakMap(); // a glyph's view, and for how many points its one look was worked out

/** New data look as the old did where no column gives a colour and there are as many. */
function dress(view, indices) {
  const { glyph } = view;
  if (!dressed.has(glyph)) view.connect(glyph.model.change, () => dressed.set(glyph, null));
  if (dressed.get(glyph) === indices.count) return;
  glyph.set_visuals(view.model.data_source, indices);
  const alike = [...glyph._iter_visuals()].every(({ attr }) => glyph[attr].is_scalar);
  dressed.set(glyph, alike ? indices.count : null);
}

/**
 * Nothing here is filtered, yet each change lists twice which points are shown: all of them.
 * Saves 4 and 1 % (8 % of the script of KL). BokehJS would need to keep the indices of AllIndices.
 */
function keepIndices() {
  const model = insides('models/sources/cds_view', 'CDSView', 'compute_indices', 'filter');
  const { compute_indices: compute } = model;
  const sizes = new WeakMap();
  model.compute_indices = function computeIfOthers(source) {
    const size = this.filter.type === 'AllIndices' ? source.get_length() : null;
    if (size !== null && sizes.get(this) === size) return;
    sizes.set(this, size);
    compute.call(this, source);
  };
}

/**
 * Only a pointer asks where the points of a curve are, yet every change sorts them for that.
 * Saves 11 and 3 %. BokehJS would need to build the index when it is first asked for.
 */
function indexLate() {
  const view = insides('models/glyphs/glyph', 'GlyphView', 'index_data', 'index');
  const { index_data: build } = view;
  view.index_data = function forgetIndex() {
    this._index = null;
  };
  Object.defineProperty(view, 'index', {
    get() {
      if (this._index === null) build.call(this);
      return this._index;
    },
  });
}

/**
 * No style sheet of ours speaks of an axis's colours, yet each frame asks the styles for them.
 * Saves 6 and 2 %. BokehJS would need to ask once a theme, not once a frame.
 */
function keepLooks() {
  const visuals = insides('core/visuals/visual', 'VisualProperties', '_get_css_value');
  visuals._get_css_value = () => '';
}
