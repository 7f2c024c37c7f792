/** Native controls: named, reached by keyboard and touch. Each paints itself from the state. */

import { element, setText } from './elements.js';
import { numberPair } from './number-pair.js';

const TYPED = 400; // ms after a key in which a text is still being typed

/**
 * What builds each kind of control.
 * @param {Parts} parts
 * @returns {Record<string, BuildControl | undefined>}
 */
export function builders({ buildLetters, buildOutcomes, buildPair, buildShares, buildTable }) {
  const own = { number: buildNumber, choice: buildChoice, text: buildText };
  const more = { letters: buildLetters, outcomes: buildOutcomes, pair: buildPair, table: buildTable };
  return { ...own, ...more, rows: buildShares };
}

/** @type {BuildControl} */
function buildNumber(place, { name, label, bounds, step, decades }, send) {
  const { slider, typed, paint } = numberPair(bounds, step, (raw) => send([[name, raw]]), decades);
  if (decades) place.classList.add('wide'); // a number such as 2.738e-9 stands in it
  place.append(element('label', { className: 'short' }, place.dataset.short ?? '', slider), typed);
  return (state, settled) => paint(state[name], label, settled, state.scale !== 'linear');
}

/** @type {BuildControl} */
function buildChoice(place, { name, label, objects, named }, send) {
  const inputs = objects.map((value) => element('input', { type: 'radio', name, value }));
  const words = objects.map((value) => element('span', {}, value));
  const labels = inputs.map((input, i) => element('label', {}, input, words[i]));
  for (const input of inputs) input.addEventListener('change', () => send([[name, input.value]]));
  place.append(element('div', { className: 'choice', role: 'radiogroup', ariaLabel: label }, ...labels));
  return (state) => {
    for (const [i, input] of inputs.entries()) {
      input.checked = input.value === state[name];
      if (!named) continue;
      setText(words[i], state[named[0]][i]);
      labels[i].hidden = i >= state[named[1]] && !input.checked; // a link may choose what is not there
    }
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
