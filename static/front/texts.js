/** The texts of the page: their slots, filled with what a frame says. */

import { columnsOf } from '../bokeh/models.js';
import { setAttribute, setText } from './elements.js';
import { entriesText, formatFull, formatPython, readoutText } from './format.js';

const TOLD = 12; // digits of a result in a comment: the last that Python prints may be another

/**
 * A value that texts may name: of the state, a slot, a readout, what follows from the unit, or
 * `source.column`.
 * @param {string} name
 * @param {Spec} spec
 * @param {Frame} frame
 */
export function lookUp(name, spec, frame) {
  /** @type {Record<string, any>} */
  const known = { ...frame.state, ...frame.slots, ...frame.readouts, ...spec.unit_slots[frame.state.unit] };
  if (name in known) return known[name];
  const [source, column] = name.split('.');
  return columnsOf(source)[column];
}

/**
 * The snippet of Python, with every number in full, and its result as a comment.
 * @param {Spec} spec
 * @param {Frame} frame
 */
export function codeOf(spec, frame) {
  return spec.code.replace(/\{([\w.]+)\}/g, (_, name, place) => {
    const value = lookUp(name, spec, frame);
    if (typeof value === 'string') return value;
    const line = spec.code.slice(spec.code.lastIndexOf('\n', place) + 1, place);
    const told = line.startsWith('#') && typeof value === 'number';
    return formatPython(told ? Number(value.toPrecision(TOLD)) : value);
  });
}

/**
 * The parts of the page that a flag shows.
 * @param {HTMLElement[]} places
 * @returns {(flags: Record<string, boolean>) => void}
 */
export function bindFlags(places) {
  const bound = places.map((place) => ({ place, flag: place.dataset.show ?? '' }));
  return (flags) => {
    for (const { place, flag } of bound) {
      if (place.hidden === flags[flag]) place.hidden = !flags[flag];
    }
  };
}

/**
 * The groups whose controls are off while a flag is shown.
 * @param {HTMLFieldSetElement[]} groups
 * @returns {(flags: Record<string, boolean>) => void}
 */
export function bindIdle(groups) {
  return (flags) => {
    for (const group of groups) group.disabled = flags[group.dataset.idle ?? ''];
  };
}

/**
 * The text of an element, less what no flag shows now.
 * @param {HTMLElement} place
 */
export function shownText(place) {
  const copy = /** @type {HTMLElement} */ (place.cloneNode(true));
  for (const hidden of copy.querySelectorAll('[hidden]')) hidden.remove();
  return copy.textContent.replace(/\s+/g, ' ').trim();
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
      setText(place, readoutText(name, spec, frame.readouts));
    }
    for (const place of slots) setText(place, slotText(place, spec, frame));
    for (const place of codes) setText(place, codeOf(spec, frame));
    for (const { place, name } of scales) place.style.setProperty('--value', String(frame.readouts[name]));
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
      setAttribute(place, 'data-value', formatFull(frame.readouts[place.dataset.readout ?? '']));
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
  const value = lookUp(slot, spec, frame);
  if (typeof value === 'string') return value;
  if (typeof value === 'object') return entriesText(Array.from(value));
  const text = spec.readouts[slot]
    ? readoutText(slot, spec, frame.readouts)
    : formatFull(value).replace('-', '−');
  return paren !== undefined && value < 0 ? `(${text})` : text;
}
