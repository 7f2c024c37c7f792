/** A joint table of two variables as a reader edits it: the twin of joint.py. */

import { Refused } from '../../../static/contract/messages.js';
import { normalised, shareOut } from '../../../static/contract/simplex.js';
import { sum } from '../../../static/infocore/sum.js';

const SIDE = 5;

/** The places that count, row by row. @param {number} rows @param {number} columns */
export function block(rows, columns) {
  return Array.from({ length: rows * columns }, (_, i) => SIDE * Math.floor(i / columns) + (i % columns));
}

const turned = (lines) => lines[0].map((_, place) => lines.map((line) => line[place]));

/**
 * Change the number of rows or columns. A new one gets an equal share and knows nothing of the
 * other variable; what one had that goes is shared out in proportion.
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
  const places = block(state.rows, state.columns);
  if (!places.includes(index)) throw new Refused('no_cell', { cell: cellName(index) });
  const p = [...state.joint];
  p[index] = value;
  shareOut(
    p,
    places.filter((i) => i !== index),
    1 - p[index],
  );
  return { joint: p };
}

/** What a reader calls a cell. @param {number} index */
export function cellName(index) {
  return `X${Math.floor(index / SIDE) + 1} and Y${(index % SIDE) + 1}`;
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
