/** What BokehJS does at each frame though these figures have no need of it; each was measured. */

/** Spare BokehJS that work on this page, wherever its figures come from. */
export function lightenBokeh() {
  keepStyles(globalThis.Bokeh.require('core/dom').InlineStyleSheet.prototype);
  indexLate(globalThis.Bokeh.require('models/glyphs/glyph').GlyphView.prototype);
  const plot = globalThis.Bokeh.require('models/plots/plot').PlotView.prototype;
  keepFontSize(plot);
  keepRanges(plot);
  keepLooks(globalThis.Bokeh.require('core/visuals/visual').VisualProperties.prototype);
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

/** Nothing here can be selected or muted, yet the looks for that are worked out with each change. */
function keepOneLook(view) {
  view.set_visuals = async function setVisuals() {
    this.glyph.set_visuals(this.model.data_source, this.all_indices);
    this.glyph.after_visuals();
    await this.glyph.after_lazy_visuals();
  };
  view.update_position = () => {}; // of an empty element, as large as the curve
  view.map_data = function mapData() { this.glyph.map_data(); };
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
