/** Points drawn from one of two Gaussians, each with its log-ratio: the twin of samples.py. */

import { drawRanges, normals, shownDraws } from '../../../static/contract/draws.js';
import { gaussianKl } from '../../../static/infocore/gaussian.js';

const SHOWN = 300;
const GOLDEN = 0.6180339887498949;

/** What is drawn: points, log-ratios, their running mean, and how far axes reach. */
export function drawnFrom(of, other, seed, draw, base) {
  const x = normals(seed)
    .subarray(0, draw)
    .map((z) => of.mu + of.sigma * z);
  const under = other.logPdf(x);
  const ratio = Array.from(of.logPdf(x), (log, i) => (log - under[i]) / Math.log(base));
  const limit = gaussianKl(of, other, { base });
  const { tables, readouts } = shownDraws(ratio, limit, spreadOf(of, other) / Math.log(base));
  const heights = [...tables.drops.cost, ...tables.walk.mean, 1.2 * limit, 0.01];
  return {
    tables: { ...tables, ...pointsOf(of, x, ratio) },
    readouts,
    ranges: { ...drawRanges(draw), running: [Math.min(0, ...heights), Math.max(...heights)] },
  };
}

/** The standard deviation of ln(p/q) under p: a square and a multiple of a normal z. */
function spreadOf(of, other) {
  const [scale, shift] = [of.sigma / other.sigma, (of.mu - other.mu) / other.sigma];
  return Math.sqrt(0.5 * (scale ** 2 - 1) ** 2 + (scale * shift) ** 2);
}

/** The last points under the curve, those that add to the mean apart from the others. */
function pointsOf(of, x, ratio) {
  const first = Math.max(0, x.length - SHOWN);
  const density = of.pdf(x);
  const points = Array.from(x.subarray(first), (at, i) => {
    const place = GOLDEN * (first + i + 1);
    const height = (place - Math.floor(place)) * density[first + i];
    return { at, height, adds: ratio[first + i] > 0 };
  });
  const columns = (some) =>
    Object.fromEntries(['at', 'height'].map((name) => [name, some.map((point) => point[name])]));
  return {
    adding: columns(points.filter(({ adds }) => adds)),
    saving: columns(points.filter(({ adds }) => !adds)),
  };
}
