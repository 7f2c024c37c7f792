/** A tree of two questions: what each answer tells of the label; the twin of model.py. */

import { another, featureAndLabel, MOST_SAMPLES, normalDraws } from '../../../static/contract/labelled.js';
import { cached } from '../../../static/contract/memo.js';
import { plugIn } from '../../../static/infocore/dependence.js';
import { entropy, linspace } from '../../../static/infocore/kernel.js';
import { bestCut, gains, upTo } from './splits.js';

const CUTS = [-3.2, 3.2];
const CUT_GRID = linspace(...CUTS, 321);
const EDGES = linspace(...CUTS, 41);
const [NONE, SAME, OTHER] = ['not asked', 'the same reading', 'the disturbance'];
const EVERY = 'every cut';
const NO_CURVE = { cut: [], gain: [], gini: [] };
const ANSWERS = ['–', '≤', '>', '≤ ≤', '≤ >', '> ≤', '> >']; // that lead to each node of the tree
const GAP = 0.08; // between the rows of the tree

/** Draw again, go to the best cuts, or move one control. */
export function move(state, name, value) {
  if (name === 'again') return { sample: another(state.sample) };
  const samples = [state.noise, state.n, state.sample];
  if (name === 'best') return { threshold: tidied(sampled(...samples).best) };
  if (name === 'best_second') {
    const sides = secondBest(...samples, state.threshold, state.second);
    const cuts = ['cut_left', 'cut_right'].flatMap((side, i) =>
      sides[i] ? [[side, tidied(sides[i][0])]] : [],
    );
    return { ...Object.fromEntries(cuts), second: state.second === NONE ? SAME : state.second };
  }
  return { [name]: value };
}

/** A cut in billionths, alike in both languages, that the slider can show. */
function tidied(cut) {
  return Math.min(Math.max(Math.floor(1e9 * cut + 0.5) / 1e9, CUTS[0]), CUTS[1]);
}

/** The samples, every cut's gain, the tree and what its answers tell. */
export function compute({ noise, n, sample, threshold, second, cut_left, cut_right, curve, base }) {
  const samples = [noise, n, sample];
  const known = sampled(...samples);
  const every = curveOf(...samples, base);
  const isShown = curve === EVERY;
  const marks = marksOf(...samples, threshold, base, isShown);
  const tree = treeOf(...samples, threshold, second, cut_left, cut_right, base);
  const bests = secondBest(...samples, threshold, second);
  const bestSecond = bests.reduce((total, best, i) => total + (best ? tree.shares[i] * best[1] : 0), 0);
  return {
    tables: {
      counts: known.counts,
      marks,
      gain: every.table,
      curve: isShown ? every.table : NO_CURVE,
      nodes: tree.nodes,
      seconds: secondsOf(second, cut_left, cut_right),
    },
    readouts: {
      information_gain: marks.gain[0],
      ...tree.readouts,
      best_second_gain: bestSecond / Math.log(base),
      best_gain: marks.best_gain[0],
      label_entropy: every.labelEntropy,
      cut_at: threshold,
      left_cut_at: cut_left,
      right_cut_at: cut_right,
      best_at: known.best,
      gini_gain: marks.gini[0],
      best_gini_gain: marks.best_gini[0],
      best_gini_at: marks.gini_at[0],
    },
    ranges: {
      ...every.ranges,
      counts_axis: [marks.floor[0], marks.ceiling[0]],
      ...(!isShown && { gain_axis: [0, every.labelEntropy] }),
    },
    flags: {
      another_feature: second === OTHER,
      same_feature: second === SAME,
      asked: second !== NONE,
      not_asked: second === NONE,
      curve_shown: isShown,
      curve_hidden: !isShown,
      no_second: !bests.some(Boolean),
    },
  };
}

// Tables are cached by what they depend on: the very same one is not painted again.

/** All that samples say whatever the cuts and the unit. */
const sampled = cached((noise, n, sample) => {
  const [raw, y] = featureAndLabel('signal', noise, n, sample);
  const width = Math.sqrt(1 + noise * noise);
  const x = raw.map((value) => value / width);
  const order = ascending(x);
  const ordered = order.map((i) => x[i]);
  const label = order.map((i) => y[i]);
  const added = normalDraws(sample)[1];
  const [gained, gini] = gains(label);
  const [best, bestGain] = bestCut(ordered, gained) ?? [0, 0];
  const at = Array.from(CUT_GRID, (cut) => upTo(ordered, cut));
  return {
    ordered,
    label,
    gini,
    other: order.map((i) => added[i]),
    gainAt: at.map((place) => gained[place]),
    giniAt: at.map((place) => gini[place]),
    best,
    bestGain,
    giniBest: bestCut(ordered, gini) ?? [0, 0],
    counts: countsOf(ordered, label),
  };
}, 8);

function ascending(values) {
  return Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
}

function countsOf(ordered, label) {
  const within = Array.from(EDGES, (edge) => upTo(ordered, edge));
  const bins = within.slice(1).map((end, i) => label.slice(within[i], end));
  const ones = bins.map((bin) => bin.reduce((total, one) => total + one, 0));
  return {
    left: EDGES.slice(0, -1),
    right: EDGES.slice(1),
    with_label: ones,
    without: ones.map((count, i) => count - bins[i].length),
  };
}

const curveOf = cached((noise, n, sample, base) => {
  const known = sampled(noise, n, sample);
  const inUnit = (nats) => nats / Math.log(base);
  const ones = known.label.reduce((total, one) => total + one, 0);
  return {
    table: { cut: CUT_GRID, gain: known.gainAt.map(inUnit), gini: known.giniAt },
    labelEntropy: entropy([ones / n, 1 - ones / n], { base }),
    ranges: {
      gain_axis: [0, 1.2 * Math.max(inUnit(known.bestGain), 0.01)],
      gini_axis: [0, 1.2 * Math.max(known.giniBest[1], 0.01)],
    },
  };
});

const marksOf = cached((noise, n, sample, threshold, base, isShown) => {
  const known = sampled(noise, n, sample);
  const { with_label: ones, without } = known.counts;
  const most = Math.max(1, ...ones, ...without.map((count) => -count));
  const cut = upTo(known.ordered, threshold);
  const marks = {
    cut: threshold,
    gain: toldBy(sidesOf(known.label, cut), base),
    gini: known.gini[cut],
    best: known.best,
    best_gain: known.bestGain / Math.log(base),
    gini_at: known.giniBest[0],
    best_gini: known.giniBest[1],
    floor: -1.1 * most,
    ceiling: 1.1 * most,
    seen: Number(isShown),
  };
  return Object.fromEntries(Object.entries(marks).map(([name, place]) => [name, [place]]));
});

/** Counts without and with the label on either side of a place in the order. */
function sidesOf(label, cut) {
  return [label.slice(0, cut), label.slice(cut)].map((part) => {
    const ones = part.reduce((total, one) => total + one, 0);
    return [part.length - ones, ones];
  });
}

/** What the rows of a table of counts tell of its columns. */
function toldBy(counts, base) {
  return counts.flat().some(Boolean) ? plugIn(counts) / Math.log(base) : 0;
}

/** Each side of the first cut, in the order of what the second question asks about. */
const halvesOf = cached((noise, n, sample, threshold, second) => {
  const known = sampled(noise, n, sample);
  const values = second === OTHER ? known.other : known.ordered;
  const order = ascending(values);
  return [true, false].map((isLeft) => {
    const places = order.filter((i) => known.ordered[i] <= threshold === isLeft);
    return [places.map((i) => values[i]), places.map((i) => known.label[i])];
  });
});

/** The best second cut of either side and its gain in nats, where there is one. */
const secondBest = cached((...given) =>
  halvesOf(...given).map(([values, label]) => bestCut(values, gains(label)[0])),
);

/** The reader's second cuts, which stand along the reading if they are about it. */
const secondsOf = cached((second, left, right) => ({
  at: [left, right],
  floor: [-MOST_SAMPLES, -MOST_SAMPLES],
  ceiling: [MOST_SAMPLES, MOST_SAMPLES],
  alpha: [Number(second === SAME), Number(second === SAME)],
}));

const treeOf = cached((noise, n, sample, threshold, second, left, right, base) => {
  const sides = halvesOf(noise, n, sample, threshold, second);
  const pairs = sides.map(([values, label], i) => sidesOf(label, upTo(values, [left, right][i])));
  const leaves = pairs.flat();
  const branches = pairs.map(together);
  const isAsked = second !== NONE;
  const told = pairs.map((pair) => (isAsked ? toldBy(pair, base) : 0));
  const rows = isAsked ? [leaves] : [];
  const shares = branches.map(([without, ones]) => (without + ones) / n);
  return {
    shares,
    nodes: nodesOf([together(branches)], branches, ...rows),
    readouts: {
      second_gain: shares[0] * told[0] + shares[1] * told[1],
      tree_gain: toldBy([branches, ...rows].at(-1), base),
      left_gain: told[0],
      right_gain: told[1],
    },
  };
});

/** Two rows of counts as one. @param {number[][]} rows */
function together(rows) {
  return rows[0].map((count, i) => count + rows[1][i]);
}

/** The rows of a tree below each other; a node's part with the label stands left. */
function nodesOf(...rows) {
  const total = rows[0][0][0] + rows[0][0][1];
  const nodes = rows.flatMap((row, height) => {
    let start = 0;
    return row.map(([without, ones]) => {
      const n = without + ones;
      const [left, split, right] = [start, start + ones / total, start + n / total];
      const [bottom, top] = [2 - height, 3 - height - GAP];
      start = right;
      const share = (100 * ones) / Math.max(n, 1);
      const [middle, centre] = [(left + right) / 2, (bottom + top) / 2];
      return { left, split, right, bottom, top, n, ones, middle, centre, room: right - left, share };
    });
  });
  const names = Object.keys(nodes[0]);
  const columns = names.map((name) => [name, nodes.map((node) => node[name])]);
  return { ...Object.fromEntries(columns), answers: ANSWERS.slice(0, nodes.length) };
}
