/** What two variables share: the twin of model.py. */

import { cached } from '../../../static/contract/memo.js';
import { conditionalEntropy, mutualInformation } from '../../../static/infocore/dependence.js';
import { entropy, runningSums } from '../../../static/infocore/kernel.js';
import { sum } from '../../../static/infocore/sum.js';
import {
  asJoint,
  cellName,
  lowerBorders,
  marginals,
  moveCell,
  moveDivision,
  moveHeight,
  nameValues,
  resize,
  rightBorders,
  SIDE,
} from './joint.js';

const MOVES = { joint: moveCell, height: moveHeight, division: moveDivision };
const THICK = 0.84; // of a bar, where the next one is 1 below it
const NOISE = 1e-9; // by which equal entropies may differ

/** Keep the joint table a distribution and its names distinct, or move one control. */
export function move(state, name, value, index) {
  if (name in MOVES) return index === null ? asJoint(state, value) : MOVES[name](state, value, index);
  if (name === 'rows' || name === 'columns') return resize(state, name, value);
  return name === 'names_x' || name === 'names_y' ? nameValues(name, value) : { [name]: value };
}

/** The table's parts, the guess, and the numbers they show. */
export function compute({ rows, columns, joint, observed, names_x, names_y, base }) {
  const { tables, told } = ofTable(rows, columns, joint, names_x, names_y, base);
  const guess = guessOf(rows, columns, joint, observed - 1, names_y, base);
  const { entropy_seen: seen, observed_probability: p } = guess.readouts;
  const change = seen - told.entropy_y;
  return {
    tables: { ...tables, ...guess.tables },
    readouts: { ...told, ...guess.readouts },
    ranges: { information: [0, 1.02 * Math.max(told.joint_entropy, 0.02)] },
    flags: {
      surer: p > 0 && change < -NOISE,
      less_sure: p > 0 && change > NOISE,
      as_sure: p > 0 && Math.abs(change) <= NOISE,
      never: !(p > 0),
    },
    slots: { seen: names_x[observed - 1] },
  };
}

// Tables are cached by what they depend on: the very same one is not painted again.

const ofTable = cached((rows, columns, joint, namesX, namesY, base) => {
  const table = Array.from({ length: rows }, (_, row) => joint.slice(SIDE * row, SIDE * row + columns));
  const [ofX, ofY] = marginals(joint, rows, columns);
  const told = entropiesOf(table, ofX, ofY, base);
  const shownX = namesX.slice(0, rows);
  return {
    told,
    tables: {
      cells: {
        x: shownX.flatMap((name) => Array(columns).fill(name)),
        y: shownX.flatMap(() => namesY.slice(0, columns)),
        ...termsOf(table, ofX, ofY, base),
        ...mosaicOf(table, ofX, ofY),
        ...rightBorders(joint, rows, columns),
      },
      rows: { name: shownX, ...heightsOf(ofX), ...lowerBorders(ofX) },
      split: { at: runningSums(ofY).slice(0, -1) },
      parts: partsOf(told),
    },
  };
});

function entropiesOf(table, ofX, ofY, base) {
  const own = [entropy(ofX, { base }), entropy(ofY, { base })];
  return {
    mutual_information: mutualInformation(table, { base }),
    entropy_x: own[0],
    entropy_y: own[1],
    joint_entropy: entropy(table.flat(), { base }),
    entropy_x_given_y: conditionalEntropy(table, { given: 'y', base }),
    entropy_y_given_x: conditionalEntropy(table, { given: 'x', base }),
    most_information: Math.min(...own),
    correlation: Math.min(...own) > 0 ? correlation(table, ofX, ofY) : NaN,
  };
}

/** The correlation of the numbers of row and column. */
function correlation(table, ofX, ofY) {
  const offOf = (of) => {
    const mean = sum(of.map((p, i) => i * p));
    return of.map((_, i) => i - mean);
  };
  const [offX, offY] = [offOf(ofX), offOf(ofY)];
  const spreadOf = (of, off) => Math.sqrt(sum(of.map((p, i) => p * off[i] ** 2)));
  const products = table.flatMap((row, i) => row.map((p, j) => p * (offX[i] * offY[j])));
  return sum(products) / spreadOf(ofX, offX) / spreadOf(ofY, offY);
}

/** Each cell's probability, what independence would give it, and its part of I. */
function termsOf(table, ofX, ofY, base) {
  const p = table.flat();
  const logs = table.flatMap((row, i) => row.map((_, j) => Math.log(ofX[i]) + Math.log(ofY[j])));
  return {
    p,
    product: table.flatMap((row, i) => row.map((_, j) => ofX[i] * ofY[j])),
    term: p.map((one, i) => (one > 0 ? one * (Math.log(one) - logs[i]) : 0) / Math.log(base)),
  };
}

/** Rows as tall as p(x) below each other, divided by p(y|x), and by p(y) beside it. */
function mosaicOf(table, ofX, ofY) {
  const spreadOut = (values) => values.flatMap((value) => ofY.map(() => value));
  const height = spreadOut(ofX);
  const bottom = spreadOut(runningSums(ofX)).map((top) => 1 - top);
  const shares = table.map((row, i) => row.map((p) => p / (ofX[i] > 0 ? ofX[i] : 1)));
  const widths = { '': shares, product_: table.map(() => ofY) };
  const columns = Object.entries(widths).flatMap(([kind, rows]) => {
    const [right, wide] = [rows.flatMap((row) => runningSums(row)), rows.flat()];
    return [
      [`${kind}left`, right.map((end, i) => end - wide[i])],
      [`${kind}right`, right],
      [`${kind}middle`, right.map((end, i) => end - wide[i] / 2)],
      [`${kind}wide`, wide],
    ];
  });
  const shade = table.flatMap((row) => row.map((_, j) => j / (ofY.length - 1)));
  return {
    bottom,
    top: bottom.map((end, i) => end + height[i]),
    centre: bottom.map((end, i) => end + height[i] / 2),
    ...Object.fromEntries(columns),
    height,
    alpha: shade.map((one) => 0.15 + 0.6 * one),
    dots: shade.map((one) => 0.8 * one),
  };
}

/** The heads of the rows, as tall as p(x), below each other. */
function heightsOf(p) {
  const top = runningSums([0, ...p.slice(0, -1)]).map((above) => 1 - above);
  return {
    p,
    top,
    bottom: top.map((end, i) => end - p[i]),
    centre: top.map((end, i) => end - p[i] / 2),
  };
}

/** H(X|Y), I and H(Y|X) end to end, in bars of the joint entropy, of H(X) and of H(Y). */
function partsOf(entropies) {
  const pieces = [entropies.entropy_x_given_y, entropies.mutual_information, entropies.entropy_y_given_x];
  const starts = [0, pieces[0], pieces[0] + pieces[1]];
  const present = { x: [1, 1, 0], i: [1, 1, 1], y: [1, 0, 1] };
  const columns = Object.entries(present).flatMap(([letter, shown], k) => {
    const [start, piece] = [starts[k], pieces[k]];
    return [
      [`${letter}_left`, shown.map(() => start)],
      [`${letter}_right`, shown.map((one) => start + piece * one)],
      [`${letter}_middle`, shown.map((one) => start + (piece * one) / 2)],
      [`${letter}_wide`, shown.map((one) => piece * one)],
    ];
  });
  const middle = [2, 1, 0];
  return {
    ...Object.fromEntries(columns),
    middle,
    bottom: middle.map((place) => place - THICK / 2),
    top: middle.map((place) => place + THICK / 2),
    thick: middle.map(() => THICK),
    all: [1, 0, 0], // of the bar with all pieces
  };
}

/** p(y) beside p(y|x) of the row that is seen, which may never happen. */
const guessOf = cached((rows, columns, joint, observed, namesY, base) => {
  const [ofX, ofY] = marginals(joint, rows, columns);
  const p = ofX[observed] ?? 0;
  const after = ofY.map((_, j) => (p > 0 ? joint[SIDE * observed + j] / p : 0));
  const left = ofY.map((_, j) => (j + 0.14) / columns);
  const right = (part) => left.map((start) => start + part / columns);
  return {
    tables: {
      guess: {
        y: namesY.slice(0, columns),
        before: ofY,
        after,
        left,
        middle: right(0.36),
        right: right(0.72),
        before_at: right(0.18),
        after_at: right(0.54),
        room: ofY.map(() => 1 / columns),
        wide: ofY.map(() => 0.36 / columns),
        shown: ofY.map(() => Number(p > 0)),
      },
    },
    readouts: {
      entropy_seen: p > 0 ? entropy(after, { base }) : NaN,
      observed_probability: p,
    },
  };
});

/** What a reader calls a cell. */
export const entryName = cellName;
