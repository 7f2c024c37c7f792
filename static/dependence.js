/** What two variables share, from a joint table: the twin of infocore/dependence.py. */

import { divergenceTerm, logBase, logQuotient, pmf, sum } from './kernel.js';

const LEAST = 2 ** -1022;

/** I(X;Y) of a joint table, its rows X. @param {number[][]} joint @param {{base?: number}} [options] */
export function mutualInformation(joint, { base = 2 } = {}) {
  const scale = logBase(base);
  pmf(joint.flat(), 'joint');
  return sharedInformation(joint) / scale;
}

/** What is left to learn: given 'x' is H(Y|X). @param {number[][]} joint */
export function conditionalEntropy(joint, { given = 'x', base = 2 } = {}) {
  const scale = logBase(base);
  pmf(joint.flat(), 'joint');
  const table = given === 'x' ? joint : joint[0].map((_, column) => joint.map((row) => row[column]));
  return sum(table.flatMap((row) => {
    const whole = sum(row);
    const surprise = (p) => {
      if (2 * p <= whole) return logQuotient(whole, p);
      return Math.log1p(sum(row.filter((other) => 2 * other <= whole)) / p);
    };
    return row.map((p) => (p === 0 ? 0 : p * surprise(p)));
  })) / scale;
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
  const ofRows = table.map(sum);
  const ofColumns = table[0].map((_, column) => sum(table.map((row) => row[column])));
  const whole = sum(ofRows);
  return sum(table.flatMap((row, i) => row.map((p, j) => {
    const expected = ofRows[i] * ofColumns[j] / whole;
    if (p === 0 || expected >= LEAST) return divergenceTerm(p, expected, p - expected);
    return p * (logQuotient(p, ofRows[i]) - logQuotient(ofColumns[j], whole)) - p + expected;
  })));
}
