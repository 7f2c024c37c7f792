/** A slider and a typed number for one value, of which number, row and table controls are made. */

import { numeral } from '../contract/parameters.js';
import { element, setAttribute } from './elements.js';
import { formatFull, formatPlain } from './format.js';

const HELD = 250; // ms after a step in which the handle is the reader's
const FINE = 0.001; // the step of a value whose parameter declares none

/**
 * Make both; painting them again may change their label, as an outcome's name does.
 * @param {[low: number, high: number]} bounds
 * @param {number | null} step
 * @param {(raw: number | string) => void} onMove
 */
export function numberPair(bounds, step, onMove) {
  const [min, max] = bounds.map(String);
  const slider = element('input', { type: 'range', min, max, step: String(step ?? FINE) });
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
  /** @param {number} value */
  const moveTo = (value) => {
    moved = performance.now();
    now = value;
    onMove(value);
  };
  slider.addEventListener('input', () => moveTo(slider.valueAsNumber));
  bindTyping(typed, onMove);
  for (const input of [slider, typed]) {
    input.addEventListener('keydown', (event) => {
      const raw = stepped(event, now, bounds, step ?? FINE, input === slider);
      if (raw === null) return;
      event.preventDefault();
      delete typed.dataset.dirty;
      slider.value = String(raw);
      moveTo(raw);
    });
  }
  /** @type {(value: number, label: string) => void} */
  const paint = (value, label) => {
    // An answer to an earlier step must not pull the handle back from under a hand or a held key.
    const still = performance.now() - moved > HELD;
    if (still) now = value;
    if (still && slider.valueAsNumber !== value) slider.value = String(value);
    slider.style.setProperty('--at', String((value - bounds[0]) / (bounds[1] - bounds[0])));
    const text = formatPlain(value);
    setAttribute(slider, 'aria-valuetext', text);
    if (!('dirty' in typed.dataset) && typed.value !== text) typed.value = text;
    setAttribute(typed, 'aria-valuenow', formatFull(value));
    setAttribute(typed, 'title', formatFull(value));
    for (const input of [slider, typed]) setAttribute(input, 'aria-label', label);
  };
  return { slider, typed, paint };
}

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
