/** A game of N candidates: the twin of model.py. */

import { DRAW_GESTURES, drawRanges, moveDraws, shownDraws } from '../../../static/contract/draws.js';
import { cached } from '../../../static/contract/memo.js';
import { GaussianContrast } from '../../../static/infocore/contrastive.js';
import { linspace } from '../../../static/infocore/kernel.js';
import { losses, lossOf, MOST_CANDIDATES, played, scores } from './rounds.js';

const COUNTS = [1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, MOST_CANDIDATES];
const VIEW = 4.2;
const WIDE = 7;
const NOISE = 1e-9;
const [NAMED, LOWER] = [0.82, 0.5];
const NEAR = 0.7;
const ACROSS = linspace(-1, 1, 241);

/** @typedef {{rho: number, candidates: number, temperature: number, draw: number, seed: number}} State */

/** Play, or move one control. @param {State} state @param {string} name @param {any} value */
export function move(state, name, value) {
  if (name === 'next_round') return moveDraws(state, 'draw_1');
  if (DRAW_GESTURES.includes(name)) {
    const drawn = moveDraws(state, name);
    return { ...drawn, draw: Math.max(drawn.draw, 1) };
  }
  const other = ['rho', 'candidates', 'temperature'].includes(name) && value !== state[name];
  return other ? { [name]: value, draw: 1 } : { [name]: value };
}

/**
 * The bound against N, the round that was played last, and all that were drawn.
 * @param {State & {base: number}} state
 */
export function compute({ rho, candidates, temperature, draw, seed, base }) {
  const [scale, logN] = [Math.log(base), Math.log(candidates)];
  const game = { seed, rho, count: candidates, tau: temperature };
  const curve = boundsOf(rho, temperature, base);
  const information = informationOf(rho) / scale;
  const { loss, bound, spread } = contrastOf(rho, temperature).infoNce(candidates, { base });
  const shown = roundOf(game, Math.max(draw, 1) - 1);
  const gain = (logN - shown.loss) / scale;
  const { tables, readouts } = shownDraws(
    losses(game, draw).map((one) => (logN - one) / scale),
    bound,
    spread,
  );
  const low = Math.min(0, ...curve.bound, bound);
  const top = topOf(curve, information, gain, scale);
  const beneath = gain < low;
  const heights = [...tables.drops.cost, ...tables.walk.mean, logN / scale, 0.1];
  return {
    tables: {
      bounds: curve,
      here: hereOf(rho, candidates, bound, top, scale),
      seen: marked(candidates, gain, !beneath),
      beneath: marked(candidates, low, beneath),
      ...shown.tables,
      ...tables,
    },
    readouts: {
      bound,
      info_nce: loss,
      mutual_information: information,
      ceiling: logN / scale,
      round_loss: shown.loss / scale,
      round_bound: gain,
      round_share: shown.share,
      round_x: shown.x,
      ...readouts,
    },
    ranges: {
      height: [low, top],
      share: [0, shown.highest],
      ...drawRanges(draw),
      running: [Math.min(0, ...heights), Math.max(...heights)],
    },
    flags: {
      above: gain > information,
      beneath,
      endless: information === Infinity,
      worse: bound < -NOISE,
      certain: candidates === 1 || Math.abs(rho) === 1,
    },
  };
}

const contrastOf = cached((rho, temperature) => new GaussianContrast(rho, temperature));

/** -½ ln(1 - ρ²). @param {number} rho */
function informationOf(rho) {
  if (Math.abs(rho) === 1) return Infinity;
  return rho ? -0.5 * (Math.log1p(rho) + Math.log1p(-rho)) : 0;
}

/** What moves with ρ and τ alone, the very same table, so that it is painted once. */
const boundsOf = cached((rho, temperature, base) => ({
  n: COUNTS,
  ceiling: COUNTS.map((count) => Math.log(count) / Math.log(base)),
  information: COUNTS.map(() => informationOf(rho) / Math.log(base)),
  bound: COUNTS.map((count) => contrastOf(rho, temperature).bound(count, { base })),
}));

/** How far the picture of the bound reaches: to I, or to log N where that is less. */
function topOf(curve, information, gain, scale) {
  const most = curve.ceiling[curve.ceiling.length - 1];
  return Math.max(1.1 * Math.min(information, most), 1.05 * gain, 0.5 / scale);
}

/** The bound at the present N, and where the names of log N and of I stand. */
function hereOf(rho, count, bound, top, scale) {
  const information = informationOf(rho) / scale;
  const named = top * (information < NEAR * top ? NAMED : LOWER);
  return {
    rho: [rho],
    n: [count],
    bound: [bound],
    ceiling: [Math.log(count) / scale],
    named_n: [Math.exp(named * scale)],
    named: [named],
    information: [information],
  };
}

/** A mark at the present N, or none. */
function marked(candidates, height, there) {
  return { n: there ? [candidates] : [], height: there ? [height] : [] };
}

/** A round: where its candidates are, the share of each, and where shares would be. */
function roundOf(game, place) {
  const { x, partner, strangers, missed, behind } = played(game, place);
  const weights = behind.map(Math.exp);
  const share = 1 / (1 + weights.reduce((total, weight) => total + weight, 0));
  const shares = weights.map((weight) => share * weight);
  const at = curvePlaces(x, game);
  const would = scores(x, at, missed, game).map((score) => share * Math.exp(score));
  return {
    x,
    share,
    loss: lossOf(behind),
    highest: Math.max(share, ...shares),
    tables: {
      partner: { y: [partner], share: [share] },
      strangers: { y: strangers, share: shares },
      would: { y: at, share: would },
    },
  };
}

/** Places around the best y, x/ρ, as close as the peak is narrow. */
function curvePlaces(x, { rho, tau }) {
  const sigma = Math.sqrt((1 - rho) * (1 + rho));
  const width = WIDE * Math.sqrt(tau) * sigma;
  if (width >= 2 * VIEW * Math.abs(rho)) return ACROSS.map((part) => 2 * VIEW * part);
  const middle = Math.max(-VIEW, Math.min(VIEW, x / rho));
  return ACROSS.map((part) => middle + (width / Math.abs(rho)) * part);
}
