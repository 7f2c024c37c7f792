/** What two variables share, as an objective: contrast, a tree's questions, a bottleneck; see shared.py. */

import { cached } from '../../../static/contract/memo.js';
import { conditionalEntropy, mutualInformation } from '../../../static/infocore/dependence.js';
import { entropy, linspace } from '../../../static/infocore/kernel.js';
import { sum } from '../../../static/infocore/sum.js';

const NATS = { base: Math.E };
const THINGS = 16;
const COUNTS = Array.from({ length: 9 }, (_, k) => 2 ** (k + 1));
const AMONG = Array.from({ length: THINGS }, (_, k) => k);

/** InfoNCE's expected bound with the best scores, for two views of 16 things. */
export function contrastive({ candidates, agreement }) {
  const differ = (1 - agreement) / (THINGS * (THINGS - 1));
  const joint = AMONG.map((x) => AMONG.map((y) => (x === y ? agreement / THINGS : differ)));
  const shared = mutualInformation(joint, NATS);
  const bound = expectedBound(candidates, agreement);
  return {
    tables: {
      curve: {
        candidates: COUNTS,
        ceiling: COUNTS.map(Math.log),
        bound: COUNTS.map((n) => expectedBound(n, agreement)),
      },
      sizes: {
        place: [0, 1, 2],
        name: ['bound', 'I(X;Y)', 'log N'],
        nats: [bound, shared, Math.log(candidates)],
      },
      now: { candidates: [candidates], bound: [bound], shared: [shared] },
    },
    readouts: {
      nce_bound: bound,
      nce_loss: Math.log(candidates) - bound,
      nce_ceiling: Math.log(candidates),
      nce_shared: shared,
    },
  };
}

/** log N - E[loss], over how many of the other candidates show the thing that x shows. */
function expectedBound(n, agreement) {
  const [same, other] = [THINGS * agreement, (THINGS * (1 - agreement)) / (THINGS - 1)];
  const chance = binomial(n - 1, 1 / THINGS);
  const cases = [
    [agreement, same],
    [1 - agreement, other],
  ].filter(([weight]) => weight > 0);
  const gain = (own) =>
    sum(chance.map((one, met) => one * Math.log((n * own) / (own + met * same + (n - 1 - met) * other))));
  return sum(cases.map(([weight, own]) => weight * gain(own)));
}

/** The law of how often in n trials comes what has the chance p, term by term. */
function binomial(n, p) {
  const terms = [(1 - p) ** n];
  for (let k = 0; k < n; k += 1) terms.push(terms[k] * ((n - k) / (k + 1)) * (p / (1 - p)));
  return terms;
}

const SAMPLES = Array.from({ length: 16 }, (_, i) => 0.4 + 0.6 * i);
const BORDER = 5;
const TURNED = [5, 10, 2, 13];
const THRESHOLDS = [0, ...SAMPLES.flatMap((x) => [x, x]), 10];

/** What the question x ≤ threshold tells about the label of 16 samples. */
export function tree({ threshold, turned }) {
  const odd = TURNED.slice(0, turned);
  const label = SAMPLES.map((x, i) => x > BORDER !== odd.includes(i));
  const shares = (side) => [false, true].map((is) => side.filter((one) => one === is).length / label.length);
  const tables = [...label, null].map((_, left) => [shares(label.slice(0, left)), shares(label.slice(left))]);
  const gains = tables.map((table) => mutualInformation(table));
  const now = SAMPLES.filter((x) => x <= threshold).length;
  const [yes, no] = [true, false].map((is) => SAMPLES.filter((_, i) => label[i] === is));
  return {
    tables: {
      yes: { x: yes, y: yes.map(() => 1) },
      no: { x: no, y: no.map(() => 0) },
      curve: { threshold: THRESHOLDS, gain: gains.flatMap((one) => [one, one]) },
      now: { threshold: [threshold], gain: [gains[now]] },
    },
    readouts: {
      tree_gain: gains[now],
      tree_before: entropy([0, 1].map((column) => tables[0][0][column] + tables[0][1][column])),
      tree_after: conditionalEntropy(tables[now], { given: 'x' }),
    },
  };
}

const ANIMAL = [0.02, 0.1, 0.35, 0.65, 0.9, 0.98];
const TOPICS = ANIMAL.map((one) => [one, 1 - one]);
const BEGUN = [
  [0.6, 0.3, 0.1],
  [0.5, 0.35, 0.15],
  [0.3, 0.4, 0.3],
  [0.3, 0.4, 0.3],
  [0.2, 0.3, 0.5],
  [0.1, 0.3, 0.6],
];
const MOST_ROUNDS = 100;
const [Z, Y] = [
  [0, 1, 2],
  [0, 1],
];

/** Clusters z of six words x that keep what x says about its topic y, round by round. */
export function bottleneck({ beta, rounds }) {
  const clusters = clustered(beta, rounds);
  const [kept, told] = keptAndTold(clusters);
  const most = mostTold();
  return {
    tables: {
      words: {
        place: [0, 1, 2, 3, 4, 5],
        name: ['oak', 'fern', 'yeast', 'coral', 'bee', 'dog'],
        first: clusters.map(([one]) => one),
        second: clusters.map(([one, two]) => one + two),
        third: clusters.map(sum),
      },
      curve: frontier(),
      now: { kept: [kept], told: [told], most: [most] },
    },
    readouts: { ib_told: told, ib_kept: kept, ib_most: most, ib_loss: kept - beta * told },
  };
}

/** p(z|x) after so many rounds of the self-consistent equations. */
function clustered(beta, rounds) {
  let found = BEGUN;
  for (let round = 0; round < rounds; round += 1) {
    const weight = Z.map((z) => found.reduce((total, row) => total + row[z], 0) / 6);
    const logs = Z.map((z) => Y.map((y) => logTopic(found, weight[z], z, y)));
    found = TOPICS.map((topic) => {
      const scores = Z.map((z) =>
        weight[z] > 0 ? beta * (topic[0] * logs[z][0] + topic[1] * logs[z][1]) : -Infinity,
      );
      const top = Math.max(...scores);
      const raw = scores.map((score, z) => weight[z] * Math.exp(score - top));
      const total = raw[0] + raw[1] + raw[2];
      return raw.map((one) => one / total);
    });
  }
  return found;
}

/** log p(y|z), or 0 where nothing is in the cluster. */
function logTopic(found, weight, z, y) {
  const share = found.reduce((total, row, x) => total + row[z] * TOPICS[x][y], 0) / 6;
  return weight > 0 && share > 0 ? Math.log(share / weight) : 0;
}

/** I(X;Z) and I(Z;Y) in bits. */
function keptAndTold(clusters) {
  const told = Z.map((z) => Y.map((y) => sum(clusters.map((row, x) => row[z] * TOPICS[x][y])) / 6));
  return [mutualInformation(clusters.map((row) => row.map((one) => one / 6))), mutualInformation(told)];
}

const frontier = cached(() => {
  const prices = Array.from(linspace(0, 2, 41), (power) => 0.5 * 10 ** power);
  const points = prices.map((beta) => keptAndTold(clustered(beta, MOST_ROUNDS)));
  return { kept: points.map(([kept]) => kept), told: points.map(([, told]) => told) };
});

/** I(X;Y): no z can tell more. */
const mostTold = cached(() => mutualInformation(TOPICS.map((row) => row.map((one) => one / 6))));
