/** The control of a joint table: a typed number a cell, and two sliders for the cell that is chosen. */

import { sum } from '../infocore/sum.js';
import { element, setText } from './elements.js';
import { ofEntry } from './messages.js';
import { numberPair } from './number-pair.js';

/**
 * A square table row by row, of which the state's `rows` × `columns` show, under their names. The sliders
 * move the two factors of a cell as the knobs of its mosaic do: p(x) keeps all rows as they are divided,
 * and p(y|x) keeps p(x).
 * @type {BuildControl}
 */
export function buildTable(place, { name, label, bounds: [count], step }, send) {
  const side = Math.sqrt(count);
  const grid = element('div', { className: 'grid' });
  let chosen = 0;
  /** @type {State} */
  let last;
  const cells = Array.from({ length: count }, (_, i) => {
    const cell = numberPair([0, 1], step, (raw) => send([[`${name}:${i}`, raw]]));
    cell.typed.addEventListener('focus', () => {
      chosen = i;
      paint(last, false);
    });
    return cell;
  });
  const headings = () => Array.from({ length: side }, () => element('span', { ariaHidden: 'true' }));
  const [rowHeads, columnHeads] = [headings(), headings()]; // each cell says both names itself
  grid.append(element('span'), ...columnHeads);
  for (const [row, head] of rowHeads.entries()) {
    grid.append(head, ...cells.slice(row * side, (row + 1) * side).map(({ typed }) => typed));
  }
  place.append(grid);
  const height = factor(place, step, (raw) => send([[`height:${chosen}`, raw]]));
  const division = factor(place, step, (raw) => send([[`division:${chosen}`, raw]]));
  /** @type {PaintControl} */
  const paint = (state, settled) => {
    last = state;
    /** @param {number} i */
    const shows = (i) => i % side < state.columns && Math.floor(i / side) < state.rows;
    if (!shows(chosen)) chosen = 0;
    grid.style.setProperty('--columns', String(state.columns));
    nameHeadings(rowHeads, state.names_x, state.rows);
    nameHeadings(columnHeads, state.names_y, state.columns);
    cells.forEach(({ typed, paint: paintCell }, i) => {
      const entry = `${state.names_x[Math.floor(i / side)]} and ${state.names_y[i % side]}`;
      paintCell(state[name][i], ofEntry(label, entry), settled);
      typed.hidden = !shows(i);
      typed.style.setProperty('--share', String(state[name][i]));
      typed.classList.toggle('chosen', i === chosen);
    });
    const row = Math.floor(chosen / side);
    const [x, y] = [state.names_x[row], state.names_y[chosen % side]];
    const ofX = sum(state[name].slice(row * side, row * side + state.columns));
    height(x, ofX, ofEntry(label, x), settled);
    const part = `${y} given ${x}`;
    division(part, ofX > 0 ? state[name][chosen] / ofX : 0, ofEntry(label, part), settled);
  };
  return paint;
}

/**
 * A slider and a typed number under the end of their name: what it is that they give the probability of.
 * @param {HTMLElement} place
 * @param {number} step
 * @param {(raw: number | string) => void} onMove
 */
function factor(place, step, onMove) {
  const { slider, typed, paint } = numberPair([0, 1], step, onMove);
  const title = element('span');
  const names = element('label', { className: 'entry' }, title, slider);
  place.append(element('div', { className: 'control is-number' }, names, typed));
  /** @type {(short: string, value: number, label: string, settled: boolean) => void} */
  return (short, value, label, settled) => {
    setText(title, short);
    paint(value, label, settled);
  };
}

/** @param {HTMLElement[]} heads @param {string[]} names @param {number} count */
function nameHeadings(heads, names, count) {
  heads.forEach((head, i) => {
    head.hidden = i >= count;
    head.textContent = names[i];
  });
}
