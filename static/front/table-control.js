/** The control of a joint table: a typed number a cell, and a slider for the cell that is chosen. */

import { element } from './elements.js';
import { ofEntry } from './messages.js';
import { numberPair } from './number-pair.js';

/**
 * A square table row by row, of which the state's `rows` × `columns` show.
 * @type {BuildControl}
 */
export function buildTable(place, { name, label, bounds: [count], step }, send) {
  const side = Math.sqrt(count);
  const grid = element('div', { className: 'grid' });
  const title = element('span');
  let chosen = 0;
  /** @type {State} */
  let last;
  const cells = Array.from({ length: count }, (_, i) => {
    const cell = numberPair([0, 1], step, (raw) => send([[`${name}:${i}`, raw]]));
    cell.typed.addEventListener('focus', () => {
      chosen = i;
      paint(last);
    });
    return cell;
  });
  grid.append(...cells.map(({ typed }) => typed));
  place.append(grid, element('label', { className: 'short' }, title, ...cells.map(({ slider }) => slider)));
  /** @param {State} state */
  const paint = (state) => {
    last = state;
    /** @param {number} i */
    const shows = (i) => i % side < state.columns && Math.floor(i / side) < state.rows;
    if (!shows(chosen)) chosen = 0;
    grid.style.setProperty('--columns', String(state.columns));
    cells.forEach(({ slider, typed, paint: paintCell }, i) => {
      const [row, column] = [Math.floor(i / side) + 1, (i % side) + 1];
      paintCell(state[name][i], ofEntry(label, `X${row} and Y${column}`));
      typed.hidden = !shows(i);
      typed.style.setProperty('--share', String(state[name][i]));
      typed.classList.toggle('chosen', i === chosen);
      slider.hidden = i !== chosen;
      if (i === chosen) title.textContent = `X${row} and Y${column}`;
    });
  };
  return paint;
}
