/** A slider and a typed number for one value, of which number, row and table controls are made. */

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
  const limits = { min: String(bounds[0]), max: String(bounds[1]), step: String(step ?? FINE) };
  const slider = element('input', { type: 'range', ...limits });
  const typed = element('input', { type: 'number', ...limits, inputMode: 'decimal' });
  let moved = -Infinity;
  slider.addEventListener('input', () => {
    moved = performance.now();
    onMove(slider.valueAsNumber);
  });
  bindTyping(typed, onMove);
  /** @type {(value: number, label: string) => void} */
  const paint = (value, label) => {
    // An answer to an earlier step must not pull the handle back from under a hand or a held key.
    const still = performance.now() - moved > HELD;
    if (still && slider.valueAsNumber !== value) slider.value = String(value);
    slider.style.setProperty('--at', String((value - bounds[0]) / (bounds[1] - bounds[0])));
    const text = formatPlain(value);
    setAttribute(slider, 'aria-valuetext', text);
    if (!('dirty' in typed.dataset) && typed.value !== text) typed.value = text;
    setAttribute(typed, 'title', formatFull(value));
    for (const input of [slider, typed]) setAttribute(input, 'aria-label', label);
  };
  return { slider, typed, paint };
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
    const number = typed.valueAsNumber;
    onMove(Number.isNaN(number) ? typed.value : number);
  });
}
