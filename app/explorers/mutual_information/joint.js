/** A joint table of two variables as a reader edits it: the twin of joint.py. */

import { quotable, Refused } from '../../../static/contract/messages.js';
import { normalised, shareOut, tidy } from '../../../static/contract/simplex.js';
import { sum } from '../../../static/infocore/sum.js';

export const SIDE = 5;

/** The places that count, row by row. @param {number} rows @param {number} columns */
function block(rows, columns) {
  return Array.from({ length: rows * columns }, (_, i) => SIDE * Math.floor(i / columns) + (i % columns));
}

const rowOf = (index) => Math.floor(index / SIDE);

const turned = (lines) => lines[0].map((_, place) => lines.map((line) => line[place]));

/**
 * Change the number of rows or columns. A new one gets an equal share and knows nothing of the
 * other variable; what one had that goes is shared out in proportion. If the row that is seen goes,
 * the last one is seen.
 */
export function resize(state, name, value) {
  const rows = Array.from({ length: state.rows }, (_, row) =>
    state.joint.slice(SIDE * row, SIDE * row + state.columns),
  );
  let lines = name === 'rows' ? rows : turned(rows);
  while (lines.length < value) lines = withOneMore(lines);
  const linesLeft = lines.slice(0, value);
  const table = name === 'rows' ? linesLeft : turned(linesLeft);
  return {
    [name]: value,
    joint: spreadOver(normalised(table.flat()).p, block(table.length, table[0].length)),
    ...(name === 'rows' && { observed: String(Math.min(Number(state.observed), table.length)) }),
  };
}

function withOneMore(lines) {
  const share = 1 / (lines.length + 1);
  return [
    ...lines.map((line) => line.map((p) => p - share * p)),
    turned(lines).map((across) => share * sum(across)),
  ];
}

/** Take a whole table from a link: what counts is rescaled to 1 and said so. */
export function asJoint(state, values) {
  const refused = values.find((value) => value < 0);
  if (refused !== undefined) throw new Refused('negative', { raw: refused });
  const places = block(state.rows, state.columns);
  const { p, note } = normalised(places.map((i) => values[i]));
  const outside = values.some((value, i) => value !== 0 && !places.includes(i));
  const args = { rows: state.rows, columns: state.columns };
  return { joint: spreadOver(p, places), note: outside ? { code: 'left_out', args } : note };
}

/** Move one probability; the others share the rest in their old proportions. */
export function moveCell(state, value, index) {
  const places = known(state, index);
  const p = [...state.joint];
  p[index] = value;
  shareOut(
    p,
    places.filter((i) => i !== index),
    1 - p[index],
  );
  return { joint: p };
}

/** Move p(x) of a cell's row; every row stays divided as it is, see joint.py. */
export function moveHeight(state, value, index) {
  known(state, index);
  const { rows, columns } = state;
  const p = [...state.joint];
  const [before, ofY] = marginals(p, rows, columns);
  const after = [...before];
  after[rowOf(index)] = value;
  shareOut(
    after,
    [...after.keys()].filter((row) => row !== rowOf(index)),
    1 - value,
  );
  for (const [row, height] of after.entries()) {
    const cells = ofY.map((_, column) => SIDE * row + column);
    if (!(before[row] > 0)) p.splice(SIDE * row, columns, ...ofY);
    shareOut(p, cells, height);
  }
  return { joint: p };
}

/** Move p(y|x) of a cell; the others of its row share what it leaves, and p(x) stays. */
export function moveDivision(state, value, index) {
  const row = known(state, index).filter((i) => rowOf(i) === rowOf(index));
  const p = [...state.joint];
  const height = sum(row.map((i) => p[i]));
  if (!(height > 0)) throw new Refused('empty_row', { x: state.names_x[rowOf(index)] });
  p[index] = tidy(value * height);
  shareOut(
    p,
    row.filter((i) => i !== index),
    (1 - value) * height,
  );
  return { joint: p };
}

function known(state, index) {
  const places = block(state.rows, state.columns);
  if (!places.includes(index)) throw new Refused('no_cell', { cell: cellName(state, 'joint', index) });
  return places;
}

/** How a row's lower border in the mosaic moves with its p(x) as all rows give way, see joint.py. */
export function lowerBorders(ofX) {
  const below = ofX.map((_, row) => partOfOthers(ofX, row, true));
  return { place: ofX.map((_, row) => SIDE * row), from: below, gain: below.map((part) => -part) };
}

/** How a cell's right border in the mosaic moves with its p(y|x) as its row gives way, see joint.py. */
export function rightBorders(joint, rows, columns) {
  const places = block(rows, columns);
  const rowAt = (place) => joint.slice(SIDE * rowOf(place), SIDE * rowOf(place) + columns);
  const left = places.map((place) => partOfOthers(rowAt(place), place % SIDE, false));
  const gain = places.map((place, i) => (rowAt(place).some((p) => p > 0) ? 1 - left[i] : 0));
  return { place: places, from: left, gain };
}

/** What part of all others those after a place have, or those before it. */
function partOfOthers(shares, place, after) {
  const others = [...shares.keys()].filter((i) => i !== place);
  const idle = others.every((i) => shares[i] === 0); // from nothing they share equally
  const of = (some) => sum(some.map((i) => (idle ? 1 : shares[i])));
  return of(others.filter((i) => i > place === after)) / of(others);
}

/**
 * What a reader calls a cell, or what one of its ways moves: its row, its part of it.
 * @param {any} state @param {string} name @param {number} index
 */
export function cellName(state, name, index) {
  const [x, y] = [state.names_x[rowOf(index)], state.names_y[index % SIDE]];
  if (name === 'height') return x;
  return name === 'division' ? `${y} given ${x}` : `${x} and ${y}`;
}

/** Take the names of all rows or of all columns from a link: each may stand once. */
export function nameValues(name, values) {
  if (new Set(values).size < values.length) {
    throw new Refused('names_repeat', { label: name, raw: quotable(values.join()) });
  }
  return { [name]: values };
}

/** The probabilities of the rows and of the columns. */
export function marginals(joint, rows, columns) {
  const of = (belongs) =>
    sum(
      block(rows, columns)
        .filter(belongs)
        .map((i) => joint[i]),
    );
  return [
    Array.from({ length: rows }, (_, row) => of((i) => Math.floor(i / SIDE) === row)),
    Array.from({ length: columns }, (_, column) => of((i) => i % SIDE === column)),
  ];
}

function spreadOver(shares, places) {
  const joint = Array(SIDE ** 2).fill(0);
  places.forEach((place, i) => {
    joint[place] = shares[i];
  });
  return joint;
}
