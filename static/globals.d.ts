// What stands on the page beside our modules: BokehJS, and what export.py writes for the twin.
// BokehJS brings no types for its bundle; here is what the page uses of it, and no more.

/** A model of BokehJS: any of its properties, by name. */
interface BokehModel {
  [property: string]: any;
  tags: unknown[] | null;
  setv(values: Record<string, unknown>, options?: { sync: boolean }): void;
}

interface BokehDocument {
  is_idle: boolean;
  _all_models: Map<string, BokehModel>;
  get_model_by_name(name: string): BokehModel | null;
  on_event(name: string, callback: () => void): void;
}

/** What draws a model; `frame` is the figure's inner part, whose scales turn numbers into pixels. */
interface BokehView {
  el: HTMLElement;
  frame: any;
  bbox: { width: number; height: number };
  export(type: 'svg', hidpi: boolean): { ctx: { get_svg(): SVGElement } };
}

/** Is missing where a page's file of BokehJS is, and until it has run. */
declare var Bokeh: {
  documents: BokehDocument[];
  index: {
    find_one(model: BokehModel | null): BokehView | null;
    query(test: (view: BokehView) => boolean): Iterable<BokehView>;
  };
  embed: { embed_items(documents: unknown, places: unknown): Promise<unknown> };
  require(module: string): any;
};

/** An exported page's material, such as a text to learn from. */
declare var bitsAndNats: any;
