/** What a reader takes along: the pictures with their numbers as SVG or PNG, a table's data as CSV. */

import { palette } from '../bokeh/models.js';
import { findAll, findOne } from './elements.js';
import { formatFull } from './format.js';

const SVG = 'http://www.w3.org/2000/svg';
const EDGE = 16; // px around the pictures
const LINE = 22; // px from one line of text to the next
const TEXT = '14px system-ui, sans-serif';
const TITLE = '700 20px system-ui, sans-serif';
const SHARP = 2; // pixels of a PNG for each of the page

/**
 * The deeds of the saving buttons.
 * @param {Spec} spec
 * @param {TableColumns} tableColumns
 * @returns {Record<string, (button: HTMLElement) => void>}
 */
export function downloads(spec, tableColumns) {
  /** @param {HTMLElement} button */
  const saveTable = ({ dataset }) => {
    const table = spec.tables.find(({ name }) => name === dataset.name);
    if (!table) return;
    const text = tableAsCsv(tableColumns(table), table.columns);
    save(`${spec.slug}-${table.name}.csv`, new Blob([text], { type: 'text/csv' }));
  };
  return {
    'save-csv': saveTable,
    'save-svg': () => save(`${spec.slug}.svg`, svgFile(picture())),
    'save-png': async () => save(`${spec.slug}.png`, await rasterised(picture())),
  };
}

/**
 * A table as text, under its headings, every row and digit kept; a name that a spreadsheet would run
 * is quoted.
 * @param {Record<string, ArrayLike<number | string>>} data a source's columns
 * @param {TableSpec['columns']} columns
 */
function tableAsCsv(data, columns) {
  const length = Math.max(0, ...columns.map(([name]) => data[name].length));
  /** @param {(number | string | undefined)[]} cells */
  const row = (cells) => `${cells.map(csvCell).join(',')}\r\n`;
  const rows = Array.from({ length }, (_, at) => row(columns.map(([name]) => data[name][at])));
  return row(columns.map(([, , heading]) => heading)) + rows.join('');
}

/** @param {number | string | undefined} value */
function csvCell(value) {
  if (typeof value !== 'string') return value === undefined ? '' : formatFull(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One SVG of what the page shows now: the question, the numbers, and each picture under its caption. */
function picture() {
  const shown = figuresShown();
  const colour = palette();
  const width = Math.max(...shown.map(({ view }) => view.bbox.width)) + 2 * EDGE;
  const svg = drawn('svg', { xmlns: SVG, width, style: `font: ${TEXT}` });
  const ground = svg.appendChild(drawn('rect', { width, fill: colour('card') }));
  let y = EDGE + LINE;
  /** @type {(text: string, attributes: Record<string, string>) => void} */
  const write = (text, attributes) => {
    svg.append(drawn('text', { x: EDGE, y, fill: colour('ink'), ...attributes }, text));
  };
  /** @type {typeof write} */
  const paragraph = (text, attributes) => {
    for (const line of wrapped(text, width - 2 * EDGE)) {
      y += LINE;
      write(line, attributes);
    }
  };
  const [first, ...others] = wrapped(findOne('h1').textContent, width - 2 * EDGE, TITLE);
  write(first, { style: `font: ${TITLE}` });
  for (const line of others) {
    y += 1.3 * LINE;
    write(line, { style: `font: ${TITLE}` });
  }
  for (const line of numbersShown()) paragraph(line, {});
  for (const { view, caption } of shown) {
    paragraph(caption, { fill: colour('dim') });
    y += LINE / 2;
    const inner = view.export('svg', false).ctx.get_svg();
    inner.setAttribute('x', String(EDGE));
    inner.setAttribute('y', String(y));
    svg.append(inner);
    y += view.bbox.height;
  }
  for (const part of [svg, ground]) part.setAttribute('height', String(y + EDGE));
  return svg;
}

/**
 * A text in lines that are no wider than so many pixels, a longer word alone on its line.
 * @param {string} text
 * @param {number} width
 * @param {string} [font]
 */
function wrapped(text, width, font = TEXT) {
  const context = contextOf(document.createElement('canvas'));
  context.font = font;
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    const fits = lines.length > 0 && context.measureText(longer).width <= width;
    if (fits) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
}

/** The figures that are in sight on the page, from top to bottom. */
export function figuresShown() {
  const views = [...globalThis.Bokeh.index.query((view) => 'frame' in view && 'canvas_view' in view)];
  return findAll('.figure').flatMap((place) => {
    const view = views.find(({ el }) => place.contains(hostOf(el)));
    if (!view || !place.checkVisibility()) return [];
    // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not to be written
    return [{ place, view, caption: findOne('figcaption', place.closest('figure') ?? place).innerText }];
  });
}

/**
 * The element of the page itself that an element in nested shadow trees belongs to.
 * @param {Element} element
 * @returns {Element}
 */
function hostOf(element) {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? hostOf(root.host) : element;
}

/** Each number with its name and unit, two to a line. */
function numbersShown() {
  const cards = findAll('.readout').filter((card) => card.checkVisibility());
  const said = cards.map((card) => {
    // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not to be written
    const number = findOne('p', card).innerText.replace(/\s+/g, ' ');
    return `${findOne('h2', card).textContent}: ${number}`;
  });
  const starts = said.flatMap((_, at) => (at % 2 ? [] : [at]));
  return starts.map((at) => said.slice(at, at + 2).join('  ·  '));
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
function drawn(tag, attributes, text = '') {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.textContent = text;
  return made;
}

/** @param {Element} svg */
function svgFile(svg) {
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' });
}

/**
 * @param {Element} svg
 * @returns {Promise<Blob>}
 */
async function rasterised(svg) {
  const image = new Image();
  const address = URL.createObjectURL(svgFile(svg));
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = SHARP * image.width;
  canvas.height = SHARP * image.height;
  const context = contextOf(canvas);
  context.scale(SHARP, SHARP);
  context.drawImage(image, 0, 0);
  URL.revokeObjectURL(address);
  return new Promise((resolve, reject) => {
    /** @param {Blob | null} blob */
    const take = (blob) => (blob ? resolve(blob) : reject(new Error('No PNG can be so large.')));
    canvas.toBlob(take, 'image/png');
  });
}

/**
 * @param {string} name
 * @param {Blob} blob
 */
export function save(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
