/** The texts of the page: their slots, filled with what a frame says. */

import { setAttribute, setText } from './elements.js';
import { columnsOf } from './figures.js';
import { formatFull, formatNumber, formatPython } from './format.js';

const BASES = { bits: '2', nats: 'math.e' };
const LOGARITHMS = { bits: 'log₂', nats: 'ln' };

/**
 * A value that texts may name: of the state, a readout, a word, or `source.column`.
 * @param {string} name
 * @param {Frame} frame
 */
function lookUp(name, frame) {
  /** @type {keyof typeof BASES} */
  const unit = frame.state.unit;
  const said = { unit, base: BASES[unit], log: LOGARITHMS[unit] };
  /** @type {Record<string, any>} */
  const known = { ...frame.state, ...frame.words, ...frame.readout, ...said };
  if (name in known) return known[name];
  const [source, column] = name.split('.');
  return columnsOf(source)[column];
}

/**
 * Fill `{name}` in a text, as a reader sees it, or in full for code.
 * @param {string} template
 * @param {Spec} spec
 * @param {Frame} frame
 * @param {boolean} [full]
 */
export function fill(template, spec, frame, full = false) {
  return template.replace(/\{([\w.]+)\}/g, (_, name) => {
    const value = lookUp(name, frame);
    if (typeof value === 'string') return value;
    return full ? formatPython(value) : formatNumber(value, spec.readouts[name]);
  });
}

/**
 * Bind readouts, slots, code and what a number shapes, within what `find` finds.
 * @param {Spec} spec
 * @param {Find} find
 * @returns {(frame: Frame) => void}
 */
export function bindText(spec, find) {
  const readouts = find('[data-readout]').map((place) => ({ place, name: place.dataset.readout ?? '' }));
  const slots = find('[data-slot]');
  const codes = find('[data-code]');
  const scales = find('[data-var]').map((place) => ({ place, name: place.dataset.var ?? '' }));
  return (frame) => {
    for (const { place, name } of readouts) {
      setText(place, formatNumber(frame.readout[name], spec.readouts[name]));
    }
    for (const place of slots) setText(place, slotText(place, spec, frame));
    for (const place of codes) setText(place, fill(spec.code, spec, frame, true));
    for (const { place, name } of scales) place.style.setProperty('--value', String(frame.readout[name]));
  };
}

/**
 * The full double of each number, for scripts, assistive tools and tests.
 * @param {HTMLElement[]} places
 * @returns {(frame: Frame) => void}
 */
export function bindValues(places) {
  return (frame) => {
    for (const place of places) {
      setAttribute(place, 'data-value', formatFull(frame.readout[place.dataset.readout ?? '']));
    }
  };
}

/**
 * A negative number stands in parentheses where its slot in a formula asks for it.
 * @param {HTMLElement} place
 * @param {Spec} spec
 * @param {Frame} frame
 */
function slotText(place, spec, frame) {
  const { slot = '', paren } = place.dataset;
  const value = lookUp(slot, frame);
  if (typeof value === 'string') return value;
  const known = spec.readouts[slot];
  const text = known ? formatNumber(value, known) : formatFull(value).replace('-', '−');
  return paren !== undefined && value < 0 ? `(${text})` : text;
}
