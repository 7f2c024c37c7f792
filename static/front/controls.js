/** Native controls: named, reached by keyboard and touch. Each paints itself from the state. */

import { element } from './elements.js';
import { numberPair } from './number-pair.js';

const TYPED = 400; // ms after a key in which a text is still being typed

/**
 * What builds each kind of control.
 * @param {Parts} parts
 * @returns {Record<string, BuildControl | undefined>}
 */
export function builders({ buildShares, buildTable }) {
  return { number: buildNumber, choice: buildChoice, text: buildText, rows: buildShares, table: buildTable };
}

/** @type {BuildControl} */
function buildNumber(place, { name, label, bounds, step }, send) {
  const { slider, typed, paint } = numberPair(bounds, step, (raw) => send([[name, raw]]));
  place.append(element('label', { className: 'short' }, place.dataset.short ?? '', slider), typed);
  return (state) => paint(state[name], label);
}

/** @type {BuildControl} */
function buildChoice(place, { name, label, objects }, send) {
  const inputs = objects.map((value) => element('input', { type: 'radio', name, value }));
  const labels = inputs.map((input) => element('label', {}, input, element('span', {}, input.value)));
  for (const input of inputs) input.addEventListener('change', () => send([[name, input.value]]));
  place.append(element('div', { className: 'choice', role: 'radiogroup', ariaLabel: label }, ...labels));
  return (state) => {
    for (const input of inputs) input.checked = input.value === state[name];
  };
}

/**
 * A text area that sends once a hand has rested, and shows a new text when it is not being typed in.
 * @type {BuildControl}
 */
function buildText(place, { name, label, bounds }, send) {
  const area = element('textarea', { ariaLabel: label, maxLength: bounds[1], spellcheck: false, rows: 5 });
  let timer = 0;
  const now = () => {
    clearTimeout(timer);
    timer = 0;
    send([[name, area.value]]);
  };
  area.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(now, TYPED);
  });
  area.addEventListener('change', () => {
    if (timer) now();
  });
  place.append(area);
  let shown = '';
  return (state) => {
    if (!timer && state[name] !== shown) area.value = state[name];
    shown = state[name];
  };
}
