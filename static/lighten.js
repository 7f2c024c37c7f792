/** What BokehJS does at each frame though these figures have no need of it; each was measured. */

/** Spare BokehJS that work on this page, wherever its figures come from. */
export function lightenBokeh() {
  keepStyles(globalThis.Bokeh.require('core/dom').InlineStyleSheet.prototype);
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
  view.map_data = function mapData() { this.glyph.map_data(); };
}
