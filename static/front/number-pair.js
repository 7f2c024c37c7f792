/** A slider and a typed number for one value, of which number, row and table controls are made. */

import { numeral } from '../contract/parameters.js';
import { element, setAttribute } from './elements.js';
import { formatFull, formatPlain } from './format.js';

const HELD = 250; // ms after a step in which, at least, the handle is the reader's
export const FINE = 0.001; // the step of a value whose parameter declares none
const POWER = 0.01; // the step of a logarithm to base ten
export const DIGITS = 4; // of what a logarithmic slider gives, and of what is shown of it
const NEAR_ONE = 7; // digits in the number field of a value with decades, where it is no small one

/**
 * Make both; painting them again may change their label, as an outcome's name does.
 * @param {[low: number, high: number]} bounds
 * @param {number | null} step
 * @param {(raw: number | string) => void} onMove
 * @param {number} [decades] powers of ten that the slider goes through where it goes by them
 */
export function numberPair(bounds, step, onMove, decades = 0) {
  const [min, max] = bounds.map(String);
  const slider = element('input', { type: 'range', min, max, step: String(step ?? FINE) });
  let way = plainWay(bounds, step ?? FINE);
  const ways = [way, powerWay(bounds[1], decades)];
  const typed = element('input', {
    type: 'text',
    role: 'spinbutton',
    inputMode: 'decimal',
    autocomplete: 'off',
  });
  setAttribute(typed, 'aria-valuemin', min);
  setAttribute(typed, 'aria-valuemax', max);
  let moved = -Infinity;
  let now = NaN;
  let held = false;
  /** @param {number} value */
  const moveTo = (value) => {
    moved = performance.now();
    now = value;
    held = true;
    onMove(value);
  };
  slider.addEventListener('input', () => moveTo(way.valueAt(slider.valueAsNumber)));
  bindTyping(typed, onMove);
  for (const input of [slider, typed]) {
    input.addEventListener('keydown', (event) => {
      const at = stepped(event, way.placeOf(now), way.ends, way.step, input === slider);
      if (at === null) return;
      event.preventDefault();
      delete typed.dataset.dirty;
      slider.value = String(at);
      moveTo(way.valueAt(at));
    });
  }
  /** @param {Way} next */
  const turnTo = (next) => {
    if (next === way) return;
    way = next;
    held = false;
    [slider.min, slider.max, slider.step] = [...way.ends, way.step].map(String);
  };
  /** @type {(value: number, label: string, settled: boolean, byPowers?: boolean) => void} */
  const paint = (value, label, settled, byPowers = false) => {
    turnTo(ways[Number(byPowers && decades > 0)]);
    // An answer to an earlier step must not pull the handle back from under a hand or a held key.
    if (settled && performance.now() - moved > HELD) held = false;
    // Under another label it is another value, which nobody has moved yet.
    if (slider.ariaLabel !== label) held = false;
    if (!held) now = value;
    const [low, high] = way.ends;
    const at = way.placeOf(value);
    if (!held && slider.valueAsNumber !== at) slider.value = String(at);
    slider.style.setProperty('--at', String((at - low) / (high - low)));
    const digits = value < 0.1 ? DIGITS : NEAR_ONE;
    const plain = isNearZero(value, bounds, step ?? FINE) ? '0' : formatPlain(value);
    const text = decades ? String(Number(value.toPrecision(digits))) : plain;
    setAttribute(slider, 'aria-valuetext', text);
    if (!('dirty' in typed.dataset) && typed.value !== text) rewrite(typed, text);
    setAttribute(typed, 'aria-valuenow', formatFull(value));
    setAttribute(typed, 'title', formatFull(value));
    for (const input of [slider, typed]) setAttribute(input, 'aria-label', label);
  };
  return { slider, typed, paint };
}

/**
 * Whether a value between two signs is so near 0 that its digits are those of a search that ended there;
 * its title has them. Where all values are of one sign a small one is a quantity of its own.
 * @param {number} value
 * @param {[low: number, high: number]} bounds
 * @param {number} step
 */
function isNearZero(value, [low, high], step) {
  return low < 0 && high > 0 && Math.abs(value) < NEAR_ZERO * step;
}

/**
 * How the places of a slider stand for values.
 * @typedef {{ends: [number, number], step: number, placeOf: (value: number) => number,
 *   valueAt: (place: number) => number}} Way
 */

/** Each value is its own place. @param {[number, number]} ends @param {number} step @returns {Way} */
function plainWay(ends, step) {
  return { ends, step, placeOf: (value) => value, valueAt: (place) => place };
}

/**
 * The place of a value is its logarithm; a value below all decades, 0 too, stands at their end.
 * @param {number} high
 * @param {number} decades
 * @returns {Way}
 */
function powerWay(high, decades) {
  const top = Math.log10(high);
  return {
    ends: [top - decades, top],
    step: POWER,
    placeOf: (value) => Math.max(top - decades, Math.log10(value)),
    valueAt: (place) => Number((10 ** place).toPrecision(DIGITS)),
  };
}

const NEAR_ZERO = 1e-3; // of a step
const EXACT = 12; // digits within which a number of steps is one

/**
 * Where a key leads: an arrow at least a hundredth of the way, with Shift one step of the parameter,
 * Page a tenth, Home and End all of it.
 * @param {KeyboardEvent} event
 * @param {number} now
 * @param {[low: number, high: number]} bounds
 * @param {number} step
 * @param {boolean} slides whether it is the slider, which alone has Home, End and the arrows across
 * @returns {number | null}
 */
function stepped({ key, shiftKey, ctrlKey, metaKey, altKey }, now, [low, high], step, slides) {
  if (ctrlKey || metaKey || altKey) return null;
  const arrow = shiftKey ? step : roundStep((high - low) / 100, step);
  const page = roundStep((high - low) / 10, step);
  /** @type {Record<string, number>} */
  const ways = { ArrowUp: arrow, ArrowDown: -arrow, PageUp: page, PageDown: -page };
  if (slides) Object.assign(ways, { ArrowRight: arrow, ArrowLeft: -arrow, Home: -Infinity, End: Infinity });
  if (!(key in ways)) return null;
  const wanted = Math.min(high, Math.max(low, now + ways[key]));
  return Number(wanted.toPrecision(EXACT));
}

/**
 * The least of 1, 2 and 5 times a power of ten that is not below a length, nor below one step.
 * @param {number} length
 * @param {number} step
 */
function roundStep(length, step) {
  if (length <= step) return step;
  const decade = 10 ** Math.floor(Math.log10(length) + 1e-9);
  return [1, 2, 5, 10].map((times) => times * decade).find((one) => one >= length * (1 - 1e-9)) ?? step;
}

/**
 * Take a typed number once it is finished; until then no answer may overwrite it.
 * @param {HTMLInputElement} typed
 * @param {(raw: number | string) => void} onMove
 */
function bindTyping(typed, onMove) {
  typed.addEventListener('input', () => {
    typed.dataset.dirty = '';
  });
  typed.addEventListener('change', () => {
    delete typed.dataset.dirty;
    onMove(typedNumber(typed.value));
  });
}

/**
 * Write an answer into a number field. A number that is selected, to be typed over, stays so.
 * @param {HTMLInputElement} typed
 * @param {string} text
 */
function rewrite(typed, text) {
  const { selectionStart, selectionEnd, value } = typed;
  const whole = value !== '' && selectionStart === 0 && selectionEnd === value.length;
  typed.value = text;
  if (whole && typed.matches(':focus')) typed.select();
}

/**
 * What a typed text means: a number, a fraction such as 1/3 or a power such as 2^-3, with either
 * minus; any other text as it is, to be refused by name.
 * @param {string} text
 */
export function typedNumber(text) {
  const [first, sign, second = '1', ...more] = text.replaceAll('−', '-').split(/([/^])/);
  const [a, b] = [numeral(first), numeral(second)];
  const value = sign === '/' ? a / b : sign === '^' ? a ** b : a;
  return [a, b, value].every(Number.isFinite) && more.length === 0 ? value : text;
}

/**
 * Whether a number is as near to the right one as counts, whatever the last digit of both is rounded to.
 * @param {number} number
 * @param {readonly [right: number, near: number, ...unknown[]]} guess
 */
export function isNear(number, [right, near]) {
  return Math.abs(number - right) <= near * (1 + 1e-9);
}
