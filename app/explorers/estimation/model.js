/** What samples tell of what a feature and its label share: model.py's twin, less the ranking. */

import { another, featureAndLabel } from '../../../static/contract/labelled.js';
import { cached } from '../../../static/contract/memo.js';
import { entropy } from '../../../static/infocore/kernel.js';
import { BINS, estimates, exactInformation, inOrder } from './estimates.js';

const NOISE = 1e-9; // by which equal estimates may differ

/** Draw again, or move one control. */
export function move(state, name, value) {
  return name === 'again' ? { sample: another(state.sample) } : { [name]: value };
}

/** The estimates against the number of bins, and the numbers at one of them. */
export function compute({ feature, noise, n, bins, sample, base }) {
  const samples = [feature, noise, n, sample];
  const curves = curvesOf(...samples, base);
  const here = binned(...samples, bins, base);
  const { plug_in: plugged, null_high: high } = here.readouts;
  const above = plugged > high + NOISE;
  return {
    tables: { estimates: curves.estimates, here: here.table },
    readouts: { ...here.readouts, exact: curves.estimates.exact[0], label_entropy: curves.labelEntropy },
    ranges: { estimate: curves.range },
    flags: { above_chance: above, in_chance: !above },
  };
}

// Tables are cached by what they depend on: the very same one is not painted again.

const sampled = cached((feature, noise, n, sample) => {
  const [x, y] = featureAndLabel(feature, noise, n, sample);
  const ordered = inOrder(x, sample);
  return { y, ordered, estimates: estimates(ordered) };
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
    labelEntropy: entropy([ones / n, 1 - ones / n], { base }),
    range: [
      Math.min(...curve.corrected, -1e-9),
      1.08 * Math.max(0.02, exact, ...curve.plug_in, ...curve.high),
    ],
  };
});

const binned = cached((feature, noise, n, sample, bins, base) => {
  const found = estimates(sampled(feature, noise, n, sample).ordered, [bins]);
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
