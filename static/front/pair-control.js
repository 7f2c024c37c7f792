/** The control of a pair of outcomes: which one is preferred, and which was rejected. */

import { element, findAll } from './elements.js';

const PLACES = ['preferred', 'rejected'];

/**
 * A row of outcomes for each place; who chooses the other one's outcome exchanges both.
 * @type {BuildControl}
 */
export function buildPair(place, { name, label }, send) {
  /** @type {string[]} */
  let pair = [];
  /** @param {number} which @param {string} outcome */
  const choose = (which, outcome) => {
    const other = pair[1 - which] === outcome ? pair[which] : pair[1 - which];
    send([[name, which ? [other, outcome] : [outcome, other]]]);
  };
  const rows = PLACES.map((title) => {
    const ariaLabel = `${label}: ${title}`;
    return element('div', { className: 'choice', role: 'radiogroup', ariaLabel });
  });
  place.append(...PLACES.map((title, i) => element('div', { className: 'of-pair' }, title, rows[i])));
  return (state) => {
    pair = state[name];
    const known = findAll('span', rows[0]).map((one) => one.textContent);
    for (const [which, row] of rows.entries()) {
      if (known.join() !== state.labels.join()) {
        row.replaceChildren(...state.labels.map((one) => optionOf(`${name}-${which}`, one)));
      }
      const inputs = /** @type {HTMLInputElement[]} */ (findAll('input', row));
      for (const input of inputs) {
        input.checked = input.value === pair[which];
        input.onchange = () => choose(which, input.value);
      }
    }
  };
}

/** @param {string} name @param {string} outcome */
function optionOf(name, outcome) {
  const input = element('input', { type: 'radio', name, value: outcome });
  return element('label', {}, input, element('span', { dir: 'auto' }, outcome));
}
