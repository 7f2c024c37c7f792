/** What the page does to BokehJS's models: colours by role, ranges by name, columns by source. */

import { findAll, findOne } from '../front/elements.js';

const UNSEEN = 100; // ms that stand for a frame where none is painted
const NOT_SENT = { sync: false }; // a look is the browser's own affair: Python need not hear of it

/** @type {Map<string, BokehModel>} found by name, as every frame asks for the same */
const named = new Map();

/** The model of a name, in whichever document holds it. @param {string} name */
export function modelNamed(name) {
  const known = named.get(name);
  if (known?.document) return known;
  const model = findNamed(name);
  if (model) named.set(name, model);
  return model;
}

/** @param {string} name */
function findNamed(name) {
  for (const document of globalThis.Bokeh?.documents ?? []) {
    const model = document.get_model_by_name(name);
    if (model) return model;
  }
  return null;
}

/** @type {WeakMap<BokehModel, any>} */
const views = new WeakMap();

/** A figure's view, once it is made; BokehJS itself looks through all that it has drawn. @param {any} plot */
export function figureView(plot) {
  const view = views.get(plot) ?? globalThis.Bokeh.index.find_one(plot);
  if (view) views.set(plot, view);
  return view;
}

/** The model with a tag, in whichever document holds it. @param {string} tag */
export function modelTagged(tag) {
  const documents = globalThis.Bokeh?.documents ?? [];
  const models = documents.flatMap((one) => [...one._all_models.values()]);
  return models.find((model) => model.tags?.includes(tag)) ?? null;
}

/** @type {Map<string, ReturnType<typeof drawing>>} */
const drawings = new Map();

/** What of a figure the texts of a source need to know; none before it is made. @param {string} source */
export function drawnBy(source) {
  if (!drawings.has(source)) {
    const model = modelNamed(source);
    const models = [...(model?.document._all_models.values() ?? [])];
    const renderer = models.find((one) => one.data_source === model && one.glyph);
    const plot = models.find((one) => renderer && one.renderers?.includes?.(renderer));
    if (plot) drawings.set(source, drawing(plot, renderer.glyph));
  }
  return drawings.get(source);
}

/** @param {any} plot @param {any} glyph of texts */
function drawing(plot, glyph) {
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
  const frame = () => figureView(plot)?.frame;
  /** @type {(() => void) | undefined} */
  let follow;
  return {
    /** The width of what is drawn in, in px; 0 before it is laid out. */
    get width() {
      return frame()?.bbox.width ?? 0;
    },
    /** How many times as large as usual texts are. */
    get times() {
      return fontTimes;
    },
    /** How many px a bar from 0 is high. @param {number} y */
    heightOf: (y) => frame().y_scale.compute(0) - frame().y_scale.compute(y),
    /** Where in px a place on the axis across is. @param {number} x */
    place: (x) => frame().x_scale.compute(x) - frame().bbox.left,
    /** @param {number} px */
    at: (px) => frame().x_scale.invert(px + frame().bbox.left),
    /** How many px parts of both axes are. @param {number} wide @param {number} tall */
    size(wide, tall) {
      const { x_scale, y_scale } = frame();
      return [x_scale.compute(wide) - x_scale.compute(0), y_scale.compute(0) - y_scale.compute(tall)];
    },
    /** @param {string} text */
    measure(text) {
      const font = `${glyph.text_font_size.value} ${glyph.text_font.value}`;
      if (pen.font !== font) pen.font = font; // it grows with the page's
      return pen.measureText(text).width;
    },
    /** Call this whenever its size has changed. @param {() => void} then */
    onSize(then) {
      const sizes = follow ? [] : ['inner_width', 'inner_height'];
      for (const size of sizes) plot.properties[size].change.connect(() => follow?.());
      follow = then;
    },
  };
}

/** Give each tagged property (`fill_color=p`) the colour that the style gives its role. */
export function paintRoles() {
  const colour = palette();
  for (const document of globalThis.Bokeh?.documents ?? []) {
    for (const model of document._all_models.values()) {
      const roles = (model.tags ?? []).flatMap((tag) =>
        typeof tag === 'string' && tag.includes('=') ? [tag.split('=')] : [],
      );
      const looks = roles.map(([name, role]) => [
        name,
        name === 'palette' ? heat(role, model.palette.length, colour) : colour(role),
      ]);
      if (looks.length) model.setv(Object.fromEntries(looks), NOT_SENT);
    }
  }
}

let fontTimes = 1; // how much larger than declared figures write now

/** Write on figures as large as on the page, where its font is not the usual 16 px, or no longer is. */
export function followFontSize() {
  const times = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const grow = times / fontTimes;
  if (grow === 1) return;
  fontTimes = times;
  for (const document of globalThis.Bokeh?.documents ?? []) {
    for (const model of document._all_models.values()) {
      for (const [name, size] of Object.entries(model.attributes)) {
        const grown = grownBy(grow, name, size);
        if (grown) model.setv({ [name]: grown }, NOT_SENT);
      }
    }
  }
}

/**
 * What follows the font of an attribute of a model: type, and the room beside a picture that its ticks have, so
 * that pictures one above the other stay in line.
 * @param {number} grow
 * @param {string} name
 * @param {any} size
 */
function grownBy(grow, name, size) {
  if (name.startsWith('min_border')) return size && size * grow;
  if (!name.endsWith('text_font_size')) return null;
  const grown = `${Number.parseFloat(size.value ?? size) * grow}px`;
  return size.value ? { value: grown } : grown;
}

/**
 * So many colours for a map's values, from the low end of a role to its high end.
 * @param {string} role
 * @param {number} count
 * @param {(role: string) => string} colour
 */
function heat(role, count, colour) {
  return ramp(colour(`${role}-low`), colour(`${role}-high`), count);
}

/**
 * Move axis ranges. While a hand moves a slider they only grow, so that the picture does not pump.
 * @param {Record<string, [number, number]>} spans what each has to show
 * @param {boolean} growing
 * @param {(name: string, span: [number, number]) => [number, number]} ends those that it then has
 */
export function moveRanges(spans, growing, ends) {
  for (const [name, span] of Object.entries(spans)) {
    const model = modelNamed(name);
    if (!model) continue;
    const [low, high] = ends(name, span);
    const start = growing ? Math.min(low, model.start) : low;
    const end = growing ? Math.max(high, model.end) : high;
    if (start !== model.start || end !== model.end) model.setv({ start, end }, NOT_SENT);
  }
}

/**
 * A source's columns, as arrays by name.
 * @param {string} source
 * @returns {Record<string, any>}
 */
export function columnsOf(source) {
  const data = modelNamed(source)?.data ?? {};
  return data instanceof Map ? Object.fromEntries(data) : data;
}

/**
 * Give a source its columns, on this page alone.
 * @param {string} source
 * @param {Record<string, any[]>} columns
 */
export function showColumns(source, columns) {
  modelNamed(source)?.setv({ data: columns }, NOT_SENT);
}

/** Resolves at the next frame, or soon: a frame of a post that is out of sight paints none, but prints. */
function nextFrame() {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
    setTimeout(resolve, UNSEEN);
  });
}

/** Make the figures that a live page brings as JSON: none of them is part of what Python holds. */
export async function embedFigures() {
  const [documents, places] = JSON.parse(findOne('[data-figures]').textContent ?? '');
  await globalThis.Bokeh.embed.embed_items(documents, places);
}

/**
 * Give sources their columns; columns that are not named stay.
 * @param {Record<string, Record<string, unknown>>} tables
 */
export function fillSources(tables) {
  for (const [name, columns] of Object.entries(tables)) {
    const source = modelNamed(name);
    if (source) source.data = { ...columnsOf(name), ...columns };
  }
}

/** Resolves when BokehJS has made the page's documents. */
export async function whenEmbedded() {
  while (!globalThis.Bokeh?.documents.length) await nextFrame();
}

/** Resolves when every figure has been laid out and painted once. */
export async function painted() {
  for (let tries = 0; tries < 600; tries += 1) {
    const documents = globalThis.Bokeh?.documents ?? [];
    if (documents.length && documents.every((document) => document.is_idle)) break;
    await nextFrame();
  }
  await nextFrame();
  await nextFrame();
  for (const place of findAll('.figure')) leaveTabOrder(place);
}

/**
 * A picture is one image to the keyboard: what BokehJS makes focusable inside leads nowhere.
 * @param {ParentNode} place
 */
export function leaveTabOrder(place) {
  for (const inner of findAll('*', place)) {
    if (inner.hasAttribute('tabindex')) inner.tabIndex = -1;
    if (inner.shadowRoot) leaveTabOrder(inner.shadowRoot);
  }
}

/**
 * Resolve `var(--role)` through an element, as Bokeh's canvas knows no custom properties.
 * @returns {(role: string) => string}
 */
export function palette() {
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.forcedColorAdjust = 'none'; // a canvas keeps its colours, and P and Q their forms
  document.body.append(probe);
  /** @type {Record<string, string>} */
  const known = {};
  const roles = ['p', 'q', 'ink', 'dim', 'line', 'card', 'accent', 'heat-low', 'heat-high'];
  for (const role of roles) {
    probe.style.color = `var(--${role})`;
    known[role] = getComputedStyle(probe).color;
  }
  probe.remove();
  return (role) => known[role] ?? known.ink;
}

/**
 * So many colours from one to another, even in each channel.
 * @param {string} low
 * @param {string} high
 * @param {number} count
 */
function ramp(low, high, count) {
  const [from, to] = [low, high].map((colour) => (colour.match(/[\d.]+/g) ?? []).map(Number));
  return Array.from({ length: count }, (_, i) => {
    const channels = from.slice(0, 3).map((value, at) => value + ((to[at] - value) * i) / (count - 1));
    return `rgb(${channels.map(Math.round).join(', ')})`;
  });
}
