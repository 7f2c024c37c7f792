/** What two variables share, from a joint table: the twin of infocore/dependence.py. */

import { divergenceTerm, entropy, logBase, logQuotient, pmf } from './kernel.js';
import { sum } from './sum.js';

const LEAST = 2 ** -1022;
const ROUNDED = 8 * Number.EPSILON; // of an entropy, by which rounding may exceed it
const SPLIT = 2 ** 27 + 1; // halves the digits of a double

/** I(X;Y) of a joint table, its rows X. @param {number[][]} joint @param {{base?: number}} [options] */
export function mutualInformation(joint, { base = 2 } = {}) {
  const scale = logBase(base);
  pmf(joint.flat(), 'joint');
  const shared = sharedInformation(joint) / scale;
  const sides = [joint.map(sum), transposed(joint).map(sum)];
  const most = Math.min(...sides.map((p) => Math.abs(entropy(p, { base }))));
  const beyond = Math.abs(shared) - most;
  return beyond > 0 && beyond <= ROUNDED * most ? Math.sign(scale) * most : shared;
}

/** @param {number[][]} table */
const transposed = (table) => table[0].map((_, column) => table.map((row) => row[column]));

/** What is left to learn: given 'x' is H(Y|X). @param {number[][]} joint */
export function conditionalEntropy(joint, { given = 'x', base = 2 } = {}) {
  const scale = logBase(base);
  pmf(joint.flat(), 'joint');
  const table = given === 'x' ? joint : transposed(joint);
  return (
    sum(
      table.flatMap((row) => {
        const total = sum(row);
        const surprise = (p) => {
          if (2 * p <= total) return logQuotient(total, p);
          return Math.log1p(sum(row.filter((other) => 2 * other <= total)) / p);
        };
        return row.map((p) => (p === 0 ? 0 : p * surprise(p)));
      }),
    ) / scale
  );
}

/** The plug-in estimate of a table of counts, in nats. @param {number[][]} counts */
export function plugIn(counts) {
  return sharedInformation(counts) / sum(counts.flat());
}

function seenSides(table) {
  const rows = table.filter((row) => row.some((p) => p > 0)).length;
  return [rows, table[0].filter((_, column) => table.some((row) => row[column] > 0)).length];
}

function sharedInformation(table) {
  if (Math.min(...seenSides(table)) === 1) return 0;
  const ofRows = table.map(doubledSum);
  const ofColumns = transposed(table).map(doubledSum);
  const total = doubledSum(table.flat());
  return sum(
    table.flatMap((row, i) =>
      row.map((p, j) => {
        const expected = (ofRows[i][0] * ofColumns[j][0]) / total[0];
        if (p === 0 || expected >= LEAST)
          return divergenceTerm(p, expected, excess(p, ofRows[i], ofColumns[j], total));
        return p * (logQuotient(p, ofRows[i][0]) - logQuotient(ofColumns[j][0], total[0])) - p + expected;
      }),
    ),
  );
}

/** By how much a cell exceeds row·column/total, each of these a sum with what rounding took from it. */
function excess(p, [row, ofRow], [column, ofColumn], [total, ofTotal]) {
  const [seen, ofSeen] = twoProduct(p, total);
  const [expected, ofExpected] = twoProduct(row, column);
  const errors = ofSeen - ofExpected + (p * ofTotal - (row * ofColumn + ofRow * column));
  return (seen - expected + errors) / total;
}

/** A sum and what rounding took from it. */
function doubledSum(values) {
  return values.reduce(
    ([total, rest], value) => {
      const next = total + value;
      const added = next - total;
      return [next, rest + (total - (next - added)) + (value - added)];
    },
    [0, 0],
  );
}

/** A product and its rounding error (Dekker, Numer. Math. 18, 1971). */
function twoProduct(a, b) {
  const product = a * b;
  const [aHigh, aLow] = halves(a);
  const [bHigh, bLow] = halves(b);
  return [product, aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow];
}

/** Two numbers of half as many digits that add up to one. */
function halves(a) {
  const scaled = SPLIT * a;
  const high = scaled - (scaled - a);
  return [high, a - high];
}
