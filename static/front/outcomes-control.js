/** A button for each outcome, to mark it; one that is out can no longer be marked. */

import { element, findAll, isOff, setOff } from './elements.js';

const FOUND = 2; // as a result's `controls` say it: -1 out, 0 left, 1 marked

/** @type {BuildControl} */
export function buildOutcomes(place, { name, label }, send) {
  const row = element('div', { className: 'chips', role: 'group', ariaLabel: label });
  place.append(row);
  return (state) => {
    while (row.children.length > state.labels.length) row.lastElementChild?.remove();
    while (row.children.length < state.labels.length) row.append(markButton(row.children.length, send));
    findAll('button', row).forEach((button, i) => {
      const shown = state[name][i];
      if (button.textContent !== state.labels[i]) button.textContent = state.labels[i];
      button.ariaPressed = String(shown > 0);
      setOff(button, shown < 0 || shown === FOUND);
    });
  };
}

/** @param {number} index @param {Send} send */
function markButton(index, send) {
  const button = element('button', { type: 'button', className: 'chip mark', dir: 'auto' });
  button.addEventListener('click', () => {
    if (!isOff(button)) send([[`mark:${index}`, null]]);
  });
  return button;
}
