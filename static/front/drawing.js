/** Small pictures as SVG: axes, bars, lines, dots, and knobs that a hand pulls. */

import { ladder } from './axes.js';
import { formatNumber, formatPlain } from './format.js';
import { FINE } from './number-pair.js';

const SVG = 'http://www.w3.org/2000/svg';
const EDGES = { left: 44, right: 12, top: 22, bottom: 22 };
const WORDS = 16; // more below, where the axis has words
const MOST_TICKS = 6;
const PLAIN = [1e-3, 1e4]; // powers of ten between these are written out

/** @typedef {{low: number, high: number, words: string, log: boolean, ticks: number[] | null}} Scale */
/**
 * @typedef {object} Mark
 * @property {'bars' | 'line' | 'dots' | 'rule' | 'ring' | 'words'} kind
 * @property {string} table
 * @property {string | number} [x]
 * @property {string | number} [y]
 * @property {string} [role]
 * @property {string | number} [base]
 * @property {number} [width]
 * @property {number} [shift]
 * @property {string} [words]
 * @property {boolean} [faint]
 * @property {boolean} [open]
 * @property {boolean} [end]
 */
/**
 * @typedef {{table: string, x: string | number, y: string | number, along: Record<string, string>,
 *   role: string}} Knob
 */
/** @typedef {{name: string, x: Scale, y: Scale, marks: Mark[], knobs: Knob[], square: boolean}} Plot */
/** @typedef {Record<string, Record<string, any>>} Tables */
/** @typedef {{place: (value: number) => number, value: (place: number) => number, ticks: number[]}} Way */
/** @typedef {Record<'x' | 'y', Way>} Ways */

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} children
 */
function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/**
 * How values stand on an axis that goes from one place to another.
 * @param {Scale} scale
 * @param {number} high
 * @param {[from: number, to: number]} places
 * @returns {Way}
 */
export function wayOf({ low, log, ticks }, high, [from, to]) {
  const [turned, back] = log ? [Math.log10, (x) => 10 ** x] : [(x) => x, (x) => x];
  const [start, end] = [turned(low), turned(high)];
  return {
    place: (value) => from + ((turned(value) - start) / (end - start)) * (to - from),
    value: (place) => back(start + ((place - from) / (to - from)) * (end - start)),
    ticks: ticks ?? (log ? decades(start, end) : evenTicks(low, high)),
  };
}

/** Round numbers between two ends, few enough to be read. @param {number} low @param {number} high */
export function evenTicks(low, high) {
  const step = ladder((high - low) / (MOST_TICKS - 1), [1, 2, 5]);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

/** @param {number} start @param {number} end exponents of ten */
function decades(start, end) {
  const first = Math.ceil(start - 1e-9);
  const count = Math.floor(end + 1e-9) - first + 1;
  const step = Math.ceil(count / MOST_TICKS);
  return Array.from({ length: Math.ceil(count / step) }, (_, k) => 10 ** (first + k * step));
}

/** @param {number} value @param {boolean} log */
function tickText(value, log) {
  const plain = !log || (value >= PLAIN[0] && value <= PLAIN[1]);
  return plain
    ? formatPlain(value).replace('-', '−')
    : formatNumber(value, { style: 'scientific' }).replace('1.0 × ', '');
}

/**
 * Bind a picture; what is returned draws it from tables, with what axes have to reach.
 * @param {SVGSVGElement} svg
 * @param {Plot} plot
 * @param {any[]} parameters of the row, of which the knobs move some
 * @param {(changes: Change[]) => void} send
 * @returns {(tables: Tables, ranges?: Record<string, [number, number]>) => void}
 */
export function bindPlot(svg, plot, parameters, send) {
  const [width, height] = plot.square ? [320, 320] : [400, 240];
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.classList.toggle('square', plot.square);
  const { left, right, top } = EDGES;
  const bottom = EDGES.bottom + (plot.x.words ? WORDS : 0);
  const box = { x: left, y: top, width: width - left - right, height: height - top - bottom };
  const clip = `clip-${svg.getAttribute('aria-describedby')}`;
  const [ground, marks] = [drawn('g', {}), drawn('g', { 'clip-path': `url(#${clip})` })];
  const names = drawn('g', {}); // stand below the axis, so nothing cuts them
  svg.replaceChildren(
    drawn('defs', {}, drawn('clipPath', { id: clip }, drawn('rect', box)), dots(`dots-${clip}`)),
    ground,
    marks,
    names,
  );
  /** @type {Ways} */
  let ways;
  const knobs = plot.knobs.map((knob) => bindKnob(svg, knob, parameters, () => ways, send));
  let drawnFor = '';
  return (tables, ranges = {}) => {
    const high = (/** @type {'x' | 'y'} */ axis) => reach(plot[axis], ranges[`${plot.name}.${axis}`]);
    const ends = { x: high('x'), y: high('y') };
    ways = {
      x: wayOf(plot.x, ends.x, [left, width - right]),
      y: wayOf(plot.y, ends.y, [height - bottom, top]),
    };
    if (drawnFor !== `${ends.x} ${ends.y}`) ground.replaceChildren(...axesOf(plot, ways, box));
    drawnFor = `${ends.x} ${ends.y}`;
    const shapes = (/** @type {boolean} */ below) =>
      plot.marks
        .filter((one) => (one.kind === 'words') === below)
        .flatMap((one) => SHAPES[one.kind](one, tables[one.table], ways, box, `url(#dots-${clip})`));
    marks.replaceChildren(...shapes(false));
    names.replaceChildren(...shapes(true));
    for (const paint of knobs) paint(tables, box);
  };
}

const STEPS = [1, 1.5, 2, 3, 4, 6, 8];

/** @param {Scale} scale @param {[number, number]} [range] */
function reach({ high }, range) {
  return range && range[1] > high ? ladder(range[1], STEPS) : high;
}

/** Dots of the card's colour, by which an area of Q is told from one of P. @param {string} id */
function dots(id) {
  const dot = (at) => drawn('circle', { cx: at, cy: at, r: 1.4 });
  const size = { width: 8, height: 8, patternUnits: 'userSpaceOnUse' };
  return drawn('pattern', { id, ...size }, dot(2), dot(6));
}

/** @param {Plot} plot @param {Ways} ways */
function axesOf(plot, { x, y }, box) {
  const [floor, end] = [box.y + box.height, box.x + box.width];
  const lines = y.ticks.map((one) => drawn('path', { class: 'grid', d: `M${box.x} ${y.place(one)}H${end}` }));
  const up = y.ticks.map((one) =>
    drawn('text', { x: box.x - 6, y: y.place(one) + 4, class: 'end' }, tickText(one, plot.y.log)),
  );
  const along = x.ticks.map((one) =>
    drawn('text', { x: x.place(one), y: floor + 15, class: 'middle' }, tickText(one, plot.x.log)),
  );
  const words = [
    drawn('text', { x: 4, y: 12 }, plot.y.words),
    drawn('text', { x: end, y: floor + 31, class: 'end' }, plot.x.words),
  ];
  return [...lines, ...up, ...along, ...words];
}

/** The values of a column, or a number for each row. */
function columnOf(table, name, count) {
  return typeof name === 'string' ? Array.from(table[name]) : Array.from({ length: count }, () => name ?? 0);
}

/** @param {Mark} mark */
function classOf({ kind, role = 'p', faint, open }) {
  return [kind, role, ...(faint ? ['faint'] : []), ...(open ? ['open'] : [])].join(' ');
}

/**
 * @typedef {(mark: Mark, table: Record<string, any>, ways: Ways, box: any, dots: string) => Element[]} Shape
 */
/** @type {Record<string, Shape>} */
const SHAPES = { bars, line, dots: points, rule, ring, words };

function bars(mark, table, { x, y }, box, pattern) {
  const places = columnOf(table, mark.x, 0);
  const [tops, feet] = [mark.y, mark.base].map((one) => columnOf(table, one, places.length));
  const { width = 0.8, shift = 0 } = mark;
  const limit = (at) => Math.min(Math.max(at, box.y - 9), box.y + box.height + 9);
  return places.flatMap((place, i) => {
    const [from, to] = [x.place(place + shift - width / 2), x.place(place + shift + width / 2)];
    const [high, low] = [tops[i], feet[i]].map((one) => limit(y.place(one))).sort((a, b) => a - b);
    const shape = { x: from, y: high, width: to - from, height: low - high };
    const filled = drawn('rect', { ...shape, class: classOf(mark) });
    return mark.role === 'q' && !mark.open ? [filled, drawn('rect', { ...shape, fill: pattern })] : [filled];
  });
}

function line(mark, table, { x, y }) {
  const heights = columnOf(table, mark.y, 0);
  let pen = 'M';
  const path = columnOf(table, mark.x, heights.length).map((at, i) => {
    const [over, up] = [x.place(at), y.place(heights[i])];
    if (!Number.isFinite(over) || !Number.isFinite(up)) {
      pen = 'M';
      return '';
    }
    const step = `${pen}${over.toFixed(2)} ${up.toFixed(2)}`;
    pen = 'L';
    return step;
  });
  return [drawn('path', { d: path.join(''), class: classOf(mark) })];
}

function points(mark, table, { x, y }) {
  const heights = columnOf(table, mark.y, columnOf(table, mark.x, 1).length);
  return columnOf(table, mark.x, heights.length).flatMap((at, i) => {
    const [cx, cy] = [x.place(at), y.place(heights[i])];
    const seen = Number.isFinite(cx) && Number.isFinite(cy);
    return seen ? [drawn('circle', { cx, cy, r: 5.5, class: classOf(mark) })] : [];
  });
}

function rule(mark, table, { x, y }, box) {
  const along = mark.x === undefined || mark.x === null;
  const [at] = columnOf(table, along ? mark.y : mark.x, 1);
  const place = (along ? y : x).place(at);
  if (!Number.isFinite(place)) return [];
  const d = along ? `M${box.x} ${place}h${box.width}` : `M${place} ${box.y}V${box.y + box.height}`;
  const low = place - box.y < 14 ? 13 : -4; // where the top is near, the words stand below
  const side = mark.end ? { x: box.x + box.width, class: 'end' } : { x: box.x + 4 };
  /** @type {Record<string, any>} */
  const spot = along ? { ...side, y: place + low } : { x: place + 4, y: box.y + 11 };
  const said = mark.words ? [drawn('text', spot, mark.words)] : [];
  return [drawn('path', { d, class: classOf(mark) }), ...said];
}

function ring(mark, table, { x, y }) {
  return columnOf(table, mark.x, 1).map((at, i) => {
    const up = columnOf(table, mark.y, 1)[i];
    const size = {
      cx: x.place(at),
      cy: y.place(up),
      rx: Math.abs(x.place(at + table.rx[i]) - x.place(at)),
      ry: Math.abs(y.place(up + table.ry[i]) - y.place(up)),
    };
    return drawn('ellipse', { ...size, class: classOf(mark) });
  });
}

function words(mark, table, { x, y }, box) {
  const told = columnOf(table, mark.words, 0);
  const heights = columnOf(table, mark.y, told.length);
  return columnOf(table, mark.x, told.length).map((at, i) => {
    const below = mark.y === undefined || mark.y === 0; // under the axis
    const up = below ? box.y + box.height + 15 : y.place(heights[i]) - 5;
    return drawn('text', { x: x.place(at), y: up, class: `middle ${mark.role ?? ''}` }, told[i]);
  });
}

/**
 * A knob that moves parameters as their sliders do; what is returned puts it where the tables say.
 * @param {SVGSVGElement} svg
 * @param {Knob} knob
 * @param {any[]} parameters
 * @param {() => Ways} ways
 * @param {(changes: Change[]) => void} send
 */
function bindKnob(svg, knob, parameters, ways, send) {
  const axes = /** @type {('x' | 'y')[]} */ (Object.keys(knob.along));
  const arrow = axes.map((axis) => (axis === 'x' ? 'M-5 0H5' : 'M0 -5V5')).join('');
  const shape = drawn(
    'g',
    { class: `knob ${knob.role} along-${axes.join('')}`, 'data-handle': Object.values(knob.along).join(' ') },
    drawn('circle', { r: 24 }),
    drawn('circle', { r: 9 }),
    drawn('path', { d: arrow }),
  );
  svg.append(shape);
  /** @type {{x: number, y: number}} */
  let at = { x: 0, y: 0 };
  let hold = at;
  const pointIn = ({ clientX, clientY }) =>
    new DOMPoint(clientX, clientY).matrixTransform(/** @type {DOMMatrix} */ (svg.getScreenCTM()).inverse());
  const asElement = /** @type {any} */ (shape);
  asElement.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    const point = pointIn(event);
    hold = { x: at.x - point.x, y: at.y - point.y };
    asElement.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  asElement.addEventListener('pointermove', (event) => {
    if (!asElement.hasPointerCapture(event.pointerId)) return;
    const point = pointIn(event);
    send(
      axes.map((axis) => {
        const parameter = parameters.find(({ name }) => name === knob.along[axis]);
        return [parameter.name, onStep(ways()[axis].value(point[axis] + hold[axis]), parameter)];
      }),
    );
  });
  return (tables, box) => {
    const cell = (name) => (typeof name === 'number' ? name : tables[knob.table][name][0]);
    const limit = (value, low, size) => Math.min(Math.max(value, low), low + size);
    const up = ways().y.place(cell(knob.y));
    at = {
      x: limit(ways().x.place(cell(knob.x)), box.x, box.width),
      y: limit(Number.isNaN(up) ? box.y : up, box.y, box.height),
    };
    shape.setAttribute('transform', `translate(${at.x} ${at.y})`);
  };
}

/** The nearest value that the parameter's slider has. */
export function onStep(value, { bounds: [low, high], step = FINE, decades: powers }) {
  const inside = Math.min(Math.max(value, low), high);
  if (powers) return Number(inside.toPrecision(3));
  return Math.min(high, Number((low + Math.round((inside - low) / step) * step).toFixed(9)));
}
