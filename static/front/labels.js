/** Texts on pictures, written from the numbers of a table into sources of their own. */

import { columnsOf, drawnBy, modelNamed, showColumns } from '../bokeh/models.js';
import { formatDecimals, formatFull } from './format.js';

const DROPS = [2, 15]; // px below the axis at which the two rows of names begin, of usual size
const LINE_HEIGHT = 14; // px from a line of a text to the next, likewise
const GAP = 4; // px between two names of a row
const ASIDE = 10; // px between a point and a text beside it
const TALL = 22; // px that a bar needs beside a text's own at its foot, below the knob at its top
const BESIDE_KNOBS = 24; // px less for it where a bar is so low that the knobs of its edges stand at the foot
const COLUMN = /\{([\w.]+)(?::(\d+))?\}/g;

/**
 * Keep every label in step with its table; give a table of the page its columns, with the labels it shows.
 * @param {Label[]} labels
 * @param {(name: string) => any} slot what a slot of the page is
 */
export function bindLabels(labels, slot) {
  const bound = labels.map((label) => ({ label, written: '' }));
  const measured = labels.filter(({ fit, beside, inside, within }) => fit || beside || inside || within);
  const paint = () => {
    for (const { name } of measured) drawnBy(name)?.onSize(paint);
    for (const one of bound) {
      const columns = columnsFor(one.label, slot);
      const text = JSON.stringify(columns);
      if (text !== one.written) showColumns(one.label.name, columns);
      one.written = text;
    }
  };
  const tableColumns = ({ source, columns }) => {
    const named = labels.filter(({ name }) => columns.some(([column]) => column === name));
    const texts = named.map((label) => [label.name, columnsFor(label, slot).text]);
    return { ...columnsOf(source), ...Object.fromEntries(texts) };
  };
  return { paint, tableColumns };
}

/** The columns of a label's source. @param {Label} label @param {(name: string) => any} slot */
function columnsFor(label, slot) {
  const data = columnsOf(label.table);
  const top = label.axis ? modelNamed(label.axis)?.end : 1;
  const rows = Array.from({ length: Object.values(data)[0]?.length ?? 0 }, (_, row) => row);
  const placed = (at) => rows.map((row) => (typeof at === 'number' ? at : data[at][row]));
  const room = roomInside(label, data);
  const texts = rows.map((row) => textOf(label, data, row, slot, room));
  const x = placed(label.x);
  return {
    x: x.map((at, row) => (texts[row] ? at : NaN)), // an empty text's ground is drawn, too
    y: placed(label.y).map((at) => (at === Infinity ? label.edge * top : at)),
    text: texts,
    ...Object.fromEntries((label.also ?? []).map((column) => [column, placed(column)])),
    ...(label.fit && fitted(label, texts, x, data[label.fit])),
    ...(label.beside && besides(label.name, texts, x, data.up)),
  };
}

/**
 * The text of the first case that holds and, where it is to stand within a bar or an area, has room there.
 * @param {Label} label
 * @param {ReturnType<typeof roomInside>} room
 */
function textOf(label, data, row, slot, room) {
  const fits = fittingOf(label, data, row);
  for (const [name, least, template] of label.cases) {
    if (!(data[name][row] >= Number(least))) continue;
    if (template === '') return ''; // this case wants none, whatever the next ones say
    const whole = template.replace(COLUMN, (_, of, digits) =>
      columnText(data[of]?.[row] ?? slot(of), digits),
    );
    const isName = typeof data[template.slice(1, -1)]?.[row] === 'string';
    const text = fits(whole) ? room(whole, row, isName) : '';
    if (text) return text;
  }
  return '';
}

/**
 * What of a text has room inside its area: all, or nothing; a name alone is cut. All of it where a label
 * has no areas, and nothing before they are laid out.
 * @param {Label} label
 * @returns {(text: string, row: number, isName: boolean) => string}
 */
function roomInside({ name, inside }, data) {
  if (!inside) return (text) => text;
  const drawn = drawnBy(name);
  if (!drawn?.width) return () => '';
  const [wide, tall, taken] = inside;
  const at = (of, row) => (typeof of === 'number' ? of : data[of][row]);
  return (text, row, isName) => {
    const [width, height] = drawn.size(at(wide, row), at(tall, row));
    const lines = text.split('\n');
    const room = width - taken - 2 * GAP;
    if (lines.length * LINE_HEIGHT * drawn.times > height) return '';
    if (Math.max(...lines.map(drawn.measure)) <= room) return text;
    return isName ? cut(text, room, drawn.measure) : '';
  };
}

/**
 * Whether a text has room in its bar.
 * @param {Label} label
 * @returns {(text: string) => boolean}
 */
function fittingOf({ name, within, tall }, data, row) {
  if (!within) return () => true;
  const drawn = drawnBy(name);
  if (!drawn?.width) return () => false;
  const heights = tall ? [row - 1, row, row + 1].map((i) => drawn.heightOf(data[tall][i] ?? Infinity)) : [];
  const tallest = TALL + LINE_HEIGHT * drawn.times;
  if (heights[1] < tallest) return () => false;
  const room = data[within][row] * drawn.width - (Math.min(...heights) < 2 * tallest ? BESIDE_KNOBS : GAP);
  return (text) => drawn.measure(text) <= room;
}

function columnText(value, digits) {
  if (typeof value === 'string') return value;
  return digits === undefined ? formatFull(value) : formatDecimals(value, Number(digits));
}

/**
 * Texts in two rows below a picture that is laid out, and on one before that.
 * @param {Label} label
 * @param {string[]} texts
 * @param {number[]} x
 * @param {number[]} shares of the picture's width that each text's own bar has
 */
function fitted({ name, drop: least = 0 }, texts, x, shares) {
  const drawn = drawnBy(name);
  if (!drawn?.width) return { drop: texts.map(() => DROPS[0] + least) };
  const { width, measure, place, at } = drawn;
  const rooms = Array.from(shares, (share) => share * width);
  const placed = inTwoRows(texts, x.map(place), rooms, width, measure);
  return {
    x: placed.map(({ middle }) => at(middle)),
    text: placed.map(({ text }) => text),
    drop: placed.map(({ drop }) => drop * drawn.times + least),
  };
}

/**
 * Texts from left to right, each whole in that of two rows which has room for it nearest to the middle
 * of its own bar, else cut to that bar, else left out. All lengths are in px.
 * @param {string[]} texts
 * @param {number[]} middles where their bars are
 * @param {number[]} rooms how wide their bars are
 * @param {number} width of the picture, which no text leaves
 * @param {(text: string) => number} measure
 */
export function inTwoRows(texts, middles, rooms, width, measure) {
  const ends = DROPS.map(() => -GAP);
  return texts.map((whole, i) => {
    for (const text of [whole, cut(whole, rooms[i], measure)]) {
      const half = measure(text) / 2;
      const within = (at) => Math.max(half, Math.min(width - half, at));
      const free = ends.map((end) => Math.max(within(middles[i]), end + GAP + half));
      const row = free.indexOf(Math.min(...free));
      if (!text || free[row] > within(middles[i] + rooms[i] / 2) || 2 * half > width) continue;
      ends[row] = free[row] + half;
      return { text, middle: free[row], drop: DROPS[row] };
    }
    return { text: '', middle: NaN, drop: DROPS[0] };
  });
}

/**
 * Where texts begin beside their points, and how far they are lifted.
 * @param {string} name of the label
 * @param {string[]} texts
 * @param {number[]} x
 * @param {number[] | undefined} up how far each is lifted in any case
 */
function besides(name, texts, x, up) {
  const drawn = drawnBy(name);
  const places = texts.map((text, i) => {
    if (!drawn?.width) return { aside: ASIDE, above: false };
    return besideOf(drawn.place(x[i]), drawn.measure(text), drawn.width);
  });
  return {
    aside: places.map(({ aside }) => aside),
    lift: places.map(({ above }, i) => Math.min(up?.[i] ?? 0, above ? -ASIDE : 0)),
  };
}

/**
 * Where a text begins, from its point: right of it, left of it, or, where neither has room, above.
 * @param {number} at where the point is, in px
 * @param {number} length of the text, in px
 * @param {number} width of the picture, in px
 */
function besideOf(at, length, width) {
  if (at + ASIDE + length <= width) return { aside: ASIDE, above: false };
  if (at - ASIDE - length >= 0) return { aside: -ASIDE - length, above: false };
  return { aside: Math.max(0, width - length) - at, above: true };
}

/** The longest beginning of a text that has room, with an ellipsis; empty where not a letter has. */
function cut(text, room, measure) {
  const letters = Array.from(text);
  while (letters.length && measure(`${letters.join('')}…`) > room) letters.pop();
  return letters.length ? `${letters.join('')}…` : '';
}
