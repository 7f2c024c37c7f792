/** What two variables share: the twin of model.py, less the ranking. */

import { cached } from '../../../static/contract/memo.js';
import { conditionalEntropy, mutualInformation, plugIn } from '../../../static/infocore/dependence.js';
import { entropy, linspace, runningSums } from '../../../static/infocore/kernel.js';
import { asJoint, block, cellName, marginals, moveCell, resize } from './joint.js';
import { BINS, estimates, exactInformation, featureAndLabel, gains, spread } from './samples.js';

const CUTS = [-3.2, 3.2];
const CUT_GRID = linspace(...CUTS, 321);
const EDGES = linspace(...CUTS, 41);
const NEAR = 1e-12; // nats by which two gains may differ and still count as the same
/** Keep the joint table a distribution, draw again, or move one control. */
export function move(state, name, value, index) {
  if (name === 'joint') return index === null ? asJoint(state, value) : moveCell(state, value, index);
  if (name === 'rows' || name === 'columns') return resize(state, name, value);
  if (name === 'again') return { sample: (state.sample % 100) + 1 };
  if (name === 'best') {
    const { best } = sampled(state.feature, state.noise, state.n, state.sample);
    const billionths = Math.floor(1e9 * best + 0.5) / 1e9; // alike in both languages
    return { threshold: Math.min(Math.max(billionths, CUTS[0]), CUTS[1]) };
  }
  return { [name]: value };
}

/** The table's parts, the estimates, the cuts, and the numbers they show. */
export function compute({ rows, columns, joint, feature, noise, n, bins, sample, threshold, base }) {
  const samples = [feature, noise, n, sample];
  const { entropies, cells, parts } = ofTable(rows, columns, joint, base);
  const known = sampled(...samples);
  const curves = curvesOf(...samples, base);
  const here = binned(...samples, bins, base);
  const marks = marksOf(...samples, threshold, base);
  const { exact } = curves.estimates;
  return {
    tables: {
      cells,
      parts,
      estimates: curves.estimates,
      here: here.table,
      gain: curves.gain,
      counts: known.counts,
      marks,
    },
    readouts: {
      ...entropies,
      ...here.readouts,
      exact: exact[0],
      label_entropy: curves.labelEntropy,
      information_gain: marks.gain[0],
      best_gain: marks.best_gain[0],
      cut_at: threshold,
      best_at: known.best,
    },
    ranges: {
      information: [0, 1.02 * Math.max(entropies.joint_entropy, 0.02)],
      ...curves.range,
      counts_axis: [marks.floor[0], marks.ceiling[0]],
    },
  };
}

// Tables are cached by what they depend on: the very same one is not painted again.

const ofTable = cached((rows, columns, joint, base) => {
  const entropies = entropiesOf(rows, columns, joint, base);
  return { entropies, cells: cellsOf(rows, columns, joint, base), parts: partsOf(entropies) };
});

const curvesOf = cached((feature, noise, n, sample, base) => {
  const inUnit = (nats) => nats / Math.log(base);
  const known = sampled(feature, noise, n, sample);
  const exact = inUnit(exactInformation(feature, noise));
  const inNats = Object.entries(known.estimates);
  const curve = Object.fromEntries(inNats.map(([name, nats]) => [name, nats.map(inUnit)]));
  const ones = known.y.reduce((total, one) => total + one, 0);
  return {
    estimates: { bins: BINS, ...curve, exact: BINS.map(() => exact) },
    gain: { cut: CUT_GRID, gain: known.gain.map(inUnit) },
    labelEntropy: entropy([ones / n, 1 - ones / n], { base }),
    range: {
      estimate: [
        Math.min(...curve.corrected, -1e-9),
        1.08 * Math.max(0.02, exact, ...curve.plug_in, ...curve.high),
      ],
      gain_axis: [0, 1.2 * Math.max(inUnit(known.bestGain), 0.01)],
    },
  };
});

const binned = cached((feature, noise, n, sample, bins, base) => {
  const found = estimates(sampled(feature, noise, n, sample).x, sample, [bins]);
  const inUnit = (name) => found[name][0] / Math.log(base);
  const [plugged, corrected] = [inUnit('plug_in'), inUnit('corrected')];
  return {
    table: { bins: [bins], plug_in: [plugged], corrected: [corrected] },
    readouts: {
      plug_in: plugged,
      miller_madow: corrected,
      null_low: inUnit('low'),
      null_high: inUnit('high'),
    },
  };
});

const marksOf = cached((feature, noise, n, sample, threshold, base) => {
  const known = sampled(feature, noise, n, sample);
  const { with_label: ones, without } = known.counts;
  const most = Math.max(1, ...ones, ...without.map((count) => -count));
  return {
    cut: [threshold],
    gain: [plugIn(sidesOf(known, threshold * spread(feature, noise))) / Math.log(base)],
    best: [known.best],
    best_gain: [known.bestGain / Math.log(base)],
    floor: [-1.1 * most],
    ceiling: [1.1 * most],
  };
});

/** Everything that samples say whatever the number of bins, the cut and the unit. */
const sampled = cached((feature, noise, n, sample) => {
  const [x, y] = featureAndLabel(feature, noise, n, sample);
  const width = spread(feature, noise);
  const [ordered, gained] = gains(x, y);
  const cuttable = Array.from({ length: n - 1 }, (_, i) => i + 1).filter((i) => ordered[i] > ordered[i - 1]);
  const most = Math.max(...cuttable.map((place) => gained[place]));
  const place = cuttable.filter((one) => gained[one] >= most - NEAR)[0];
  const labelled = x.filter((_, i) => y[i]).sort();
  const inside = EDGES.map((edge) => upTo(ordered, edge * width));
  const withLabel = EDGES.map((edge) => upTo(labelled, edge * width));
  const ones = differences(withLabel);
  const all = differences(inside);
  return {
    x,
    y,
    ordered,
    labelled,
    estimates: estimates(x, sample),
    gain: CUT_GRID.map((cut) => gained[upTo(ordered, cut * width)]),
    best: (ordered[place - 1] + ordered[place]) / 2 / width,
    bestGain: gained[place],
    counts: {
      left: EDGES.slice(0, -1),
      right: EDGES.slice(1),
      with_label: ones,
      without: ones.map((count, i) => count - all[i]),
    },
  };
}, 16);

/** How many of ordered values are at most a bound. */
function upTo(ordered, bound) {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ordered[middle] <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function differences(values) {
  return values.slice(1).map((value, i) => value - values[i]);
}

/** Counts on either side of a cut: rows beyond and up to it, columns without and with the label. */
function sidesOf({ ordered, labelled }, cut) {
  const [left, hits] = [upTo(ordered, cut), upTo(labelled, cut)];
  const [right, misses] = [ordered.length - left, labelled.length - hits];
  return [
    [right - misses, misses],
    [left - hits, hits],
  ];
}

function tableOf(rows, columns, joint) {
  return Array.from({ length: rows }, (_, row) =>
    block(rows, columns)
      .slice(row * columns, (row + 1) * columns)
      .map((i) => joint[i]),
  );
}

function entropiesOf(rows, columns, joint, base) {
  const table = tableOf(rows, columns, joint);
  const [ofX, ofY] = marginals(joint, rows, columns);
  return {
    mutual_information: mutualInformation(table, { base }),
    entropy_x: entropy(ofX, { base }),
    entropy_y: entropy(ofY, { base }),
    joint_entropy: entropy(table.flat(), { base }),
    entropy_x_given_y: conditionalEntropy(table, { given: 'y', base }),
    entropy_y_given_x: conditionalEntropy(table, { given: 'x', base }),
  };
}

function cellsOf(rows, columns, joint, base) {
  const table = tableOf(rows, columns, joint);
  const [ofX, ofY] = marginals(joint, rows, columns);
  const p = table.flat();
  const product = table.flatMap((row, i) => row.map((_, j) => ofX[i] * ofY[j]));
  const logs = table.flatMap((row, i) => row.map((_, j) => Math.log(ofX[i]) + Math.log(ofY[j])));
  return {
    x: table.flatMap((row, i) => row.map(() => `X${i + 1}`)),
    y: table.flatMap((row) => row.map((_, j) => `Y${j + 1}`)),
    p,
    product,
    term: p.map((one, i) => (one > 0 ? one * (Math.log(one) - logs[i]) : 0) / Math.log(base)),
    ...mosaicOf(table, ofX),
  };
}

/** Columns as wide as p(x) side by side, cut in proportion to p(y|x). */
function mosaicOf(table, ofX) {
  const columns = table[0].length;
  const spreadOut = (values) => values.flatMap((value) => Array(columns).fill(value));
  const right = spreadOut(runningSums(ofX));
  const width = spreadOut(ofX);
  const total = spreadOut(ofX.map((p) => (p > 0 ? p : 1)));
  const top = table.flatMap(runningSums).map((p, i) => p / total[i]);
  const tall = table.flat().map((p, i) => p / total[i]);
  return {
    left: right.map((end, i) => end - width[i]),
    right,
    middle: right.map((end, i) => end - width[i] / 2),
    bottom: top.map((end, i) => end - tall[i]),
    top,
    centre: top.map((end, i) => end - tall[i] / 2),
    alpha: top.map((_, i) => 0.15 + (0.6 * (i % columns)) / (columns - 1)),
    room: tall.map((size, i) => (size > 0.16 ? width[i] : 0)),
  };
}

/** H(X|Y), I and H(Y|X) end to end, in bars of the joint entropy, of H(X) and of H(Y). */
function partsOf(entropies) {
  const pieces = [entropies.entropy_x_given_y, entropies.mutual_information, entropies.entropy_y_given_x];
  const starts = [0, pieces[0], pieces[0] + pieces[1]];
  const present = { x: [1, 1, 0], i: [1, 1, 1], y: [1, 0, 1] };
  const columns = Object.entries(present).flatMap(([letter, shown], k) => {
    const [start, piece] = [starts[k], pieces[k]];
    const room = piece >= 0.16 * entropies.joint_entropy && entropies.joint_entropy > 0;
    return [
      [`${letter}_left`, shown.map(() => start)],
      [`${letter}_right`, shown.map((one) => start + piece * one)],
      [`${letter}_middle`, shown.map((one) => start + (piece * one) / 2)],
      [`${letter}_named`, [Number(room), 0, 0]], // in the bar that has all three
      [`${letter}_numbered`, shown.map((one, bar) => (room && one && bar ? 1 : 0))],
    ];
  });
  const middle = [2, 1, 0];
  return {
    name: ['H(X,Y)', 'H(X)', 'H(Y)'],
    ...Object.fromEntries(columns),
    middle,
    bottom: middle.map((place) => place - 0.27),
    top: middle.map((place) => place + 0.27),
  };
}

/** What a reader calls a cell. */
export function entryName(_state, _name, index) {
  return cellName(index);
}
