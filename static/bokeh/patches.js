// @ts-nocheck: its types are still to be written
/** What BokehJS does at each frame though these figures have no need of it; each was measured. */

/** Spare BokehJS that work on this page, wherever its figures come from. */
export function lightenBokeh() {
  keepStyles(globalThis.Bokeh.require('core/dom').InlineStyleSheet.prototype);
  indexLate(globalThis.Bokeh.require('models/glyphs/glyph').GlyphView.prototype);
  const plot = globalThis.Bokeh.require('models/plots/plot').PlotView.prototype;
  keepFontSize(plot);
  keepRanges(plot);
  keepLooks(globalThis.Bokeh.require('core/visuals/visual').VisualProperties.prototype);
  keepExtents(globalThis.Bokeh.require('models/axes/axis').AxisView.prototype);
  keepIndices(globalThis.Bokeh.require('models/sources/cds_view').CDSView.prototype);
  keepOneLook(globalThis.Bokeh.require('models/renderers/glyph_renderer').GlyphRendererView.prototype);
}

/** Every axis, grid and glyph writes its style anew, and each writing styles the page again. */
function keepStyles(sheet) {
  const { replace } = sheet;
  const written = new WeakMap();
  sheet.replace = function replaceChanged(css, ...more) {
    const plain = typeof css === 'string' && more.length === 0;
    if (plain && written.get(this) === css) return;
    written.set(this, plain ? css : null);
    replace.call(this, css, ...more);
  };
}

/** Nothing here can be selected or muted, yet data and looks for that are worked out with each change. */
function keepOneLook(view) {
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
  view.map_data = function mapData() { this.glyph.map_data(); };
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

/** Each frame asks an axis four times how wide its labels are; they change with its range or its words. */
function keepExtents(view) {
  const { get } = Object.getOwnPropertyDescriptor(view, 'extents');
  const measured = new WeakMap();
  Object.defineProperty(view, 'extents', {
    get() {
      if (!measured.has(this)) forgetOnChange(this, measured);
      const [range, across] = this.ranges;
      const asked = [range.start, range.end, across.start, across.end, this._axis_label_view];
      const known = measured.get(this);
      if (known && asked.every((one, i) => one === known.asked[i])) return known.extents;
      const extents = get.call(this);
      measured.set(this, { asked, extents });
      return extents;
    },
  });
}

function forgetOnChange(view, measured) {
  const { model } = view;
  measured.set(view, null);
  for (const one of [model, model.ticker, model.formatter]) {
    view.connect(one.change, () => measured.set(view, null));
  }
}

/** Nothing here is filtered, yet each change lists twice which points are shown: all of them. */
function keepIndices(model) {
  const { compute_indices: compute } = model;
  const sizes = new WeakMap();
  model.compute_indices = function computeIfOthers(source) {
    const size = this.filter.type === 'AllIndices' ? source.get_length() : null;
    if (size !== null && sizes.get(this) === size) return;
    sizes.set(this, size);
    compute.call(this, source);
  };
}

/** Only a pointer asks where the points of a curve are, yet every change sorts them for that. */
function indexLate(view) {
  const { index_data: build } = view;
  view.index_data = function forgetIndex() { this._index = null; };
  Object.defineProperty(view, 'index', {
    get() {
      if (this._index === null) build.call(this);
      return this._index;
    },
  });
}

/** Every label asks for its figure's size of text, and each asking styles the page again. */
function keepFontSize(view) {
  const { get } = Object.getOwnPropertyDescriptor(view, 'base_font_size');
  const sizes = new WeakMap();
  Object.defineProperty(view, 'base_font_size', {
    get() {
      if (!sizes.has(this)) sizes.set(this, get.call(this));
      return sizes.get(this);
    },
  });
}

/** No range follows its data, for the page moves each; yet every change measures all curves for that. */
function keepRanges(view) {
  Object.defineProperty(view, 'auto_ranged_renderers', { get: () => [] });
}

/** No style sheet of ours speaks of an axis's colours, yet each frame asks the styles for them. */
function keepLooks(visuals) {
  visuals._get_css_value = () => '';
}
