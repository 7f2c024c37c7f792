/** A policy that is tilted by rewards, what it costs, and DPO's loss: the twin of model.py. */

import { cached } from '../../../static/contract/memo.js';
import { quotable, Refused } from '../../../static/contract/messages.js';
import { within } from '../../../static/contract/parameters.js';
import { asDistribution, GESTURES, moveShare, nameOutcomes } from '../../../static/contract/simplex.js';
import { binaryEntropy, informationContent, linspace } from '../../../static/infocore/kernel.js';
import { dpoLoss, klEstimators, tilt } from '../../../static/infocore/objectives.js';
import { sum } from '../../../static/infocore/sum.js';

const PRICES = linspace(3, -2.8, 117).map((power) => 10 ** power);
const FARTHEST = 10;
const APART = linspace(-FARTHEST, FARTHEST, 101);
const NEW = 0.5;
const GESTURES_HERE = ['add', 'remove', 'rename', 'lock'];

/**
 * @typedef {{p: number[], rewards: number[], labels: string[], locked: string[], beta: number,
 *   pair: string[], push: number, base: number}} State
 */
/** @typedef {number[] | Float64Array} Numbers */

/**
 * Keep the reference a distribution, a reward an answer, and a pair of two of them.
 * @param {State} state
 * @param {string} name
 * @param {any} value
 * @param {number | null} index
 */
export function move(state, name, value, index) {
  if (name === 'rewards') return rewarded(state, value, index);
  if (name === 'p' && index !== null) return moveShare(state, name, value, index);
  if (name === 'p') return fitting(state, asDistribution(state, name, value));
  if (GESTURES_HERE.includes(name)) return fitting(state, GESTURES[name](state, value, index), index);
  if (name === 'labels' || name === 'locked') return fitting(state, nameOutcomes(state, name, value));
  return name === 'pair' ? paired(state, value) : { [name]: value };
}

/** @param {State} state @param {any} value @param {number | null} index */
function rewarded(state, value, index) {
  const count = state.labels.length;
  if (index !== null) return { rewards: state.rewards.map((one, i) => (i === index ? value : one)) };
  if (value.length !== count) throw new Refused('rewards_count', { count, given: value.length });
  return { rewards: value.map((one) => within('reward', one, [0, 1], one)) };
}

/** @param {State} state @param {string[]} names */
function paired(state, names) {
  const unknown = names.find((name) => !state.labels.includes(name));
  if (unknown !== undefined) throw new Refused('no_answer', { raw: quotable(unknown) });
  return nameOutcomes(state, 'pair', names);
}

/**
 * Let rewards and the pair follow the answers: one more, one less, or others altogether.
 * @param {State} state
 * @param {Record<string, any>} moved
 * @param {number | null} [gone]
 */
function fitting({ labels: before, rewards, pair }, moved, gone = null) {
  /** @type {string[]} */
  const labels = moved.labels ?? before;
  if (labels.length === before.length) {
    return { ...moved, pair: pair.map((one) => labels[before.indexOf(one)]) };
  }
  if (labels.length === before.length + 1 && before.every((one, i) => labels[i] === one)) {
    return { ...moved, rewards: [...rewards, NEW] };
  }
  if (gone === null) return { ...moved, rewards: labels.map(() => NEW), pair: labels.slice(0, 2) };
  const others = labels.filter((one) => !pair.includes(one));
  return {
    ...moved,
    rewards: rewards.filter((_, i) => i !== gone),
    pair: pair.map((one) => (labels.includes(one) ? one : others[0])),
  };
}

/** Both policies, the frontier, DPO's loss on the pair, the estimates, and numbers. @param {State} state */
export function compute({ p, rewards, labels, beta, pair, push, base }) {
  const nat = Math.log(base);
  const { policy, logPartition } = tilt(p, rewards, { beta });
  const isBest = Array.from(tilt(p, rewards, { beta: 0 }).policy, (share) => share > 0);
  const ofBest = (shares) => sum(shares.filter((_, i) => isBest[i]));
  const { estimates, found } = estimated(p, rewards, beta, nat);
  const reward = mean(policy, rewards);
  const price = beta * nat;
  const numbers = {
    reward,
    ...found,
    log_partition: logPartition / nat,
    price,
    best_share: ofBest(policy),
    best_kl: informationContent(Math.min(1, ofBest(p)), { base }),
    objective: reward - price * found.policy_kl,
    ...preferred(
      p,
      rewards,
      pair.map((one) => labels.indexOf(one)),
      { beta, push, base },
    ),
  };
  const losses = pairCurves(numbers, beta, push, base);
  const possible = rewards.filter((_, i) => p[i] > 0);
  const equal = possible.every((one) => one === possible[0]);
  const beyond = Math.abs(numbers.optimum) > FARTHEST / nat;
  const ends = endsOfFrontier(p, possible, rewards, numbers);
  const [first, last] = ends.y;
  const low = Math.min(...estimates.low);
  const high = Math.max(...estimates.high);
  return {
    tables: {
      answers: answersOf(p, policy, rewards, labels),
      frontier: frontierOf(p.join(), rewards.join(), nat),
      ends,
      here: { policy_kl: [numbers.policy_kl], reward: [reward] },
      tangent: { x: [0, numbers.policy_kl], y: [numbers.objective, reward] },
      estimates,
      ...losses,
    },
    readouts: numbers,
    ranges: {
      answer: [-0.5, p.length - 0.5],
      share: [0, 1],
      earned: [Math.floor(10 * first - 1.4142) / 10, Math.ceil(10 * last + 0.2818) / 10],
      cost: [0, 1.04 * Math.max(0.5, numbers.best_kl)],
      apart: [-FARTHEST / nat, FARTHEST / nat],
      loss: [0, Math.max(3 / nat, 1.2 * losses.mark.loss[0])],
      estimate: [Math.min(low, 0), Math.max(high, 0.1)],
    },
    flags: {
      equal,
      unequal: !equal,
      unsaid: numbers.rarer === 0,
      never_said: p.includes(0),
      beyond,
      near: !beyond,
    },
    slots: {
      best: labels.filter((_, i) => isBest[i]).join(', '),
      never: labels.filter((_, i) => p[i] === 0).join(', '),
      chosen: pair[0],
      rejected: pair[1],
    },
  };
}

/** The mean under a distribution. @param {Numbers} shares @param {Numbers} values */
function mean(shares, values) {
  return sum(Float64Array.from(shares, (share, i) => share * values[i]));
}

/** @param {number[]} p @param {Float64Array} policy @param {number[]} reward @param {string[]} labels */
function answersOf(p, policy, reward, labels) {
  const x = p.map((_, i) => i);
  const at = (/** @type {number} */ aside) => x.map((place) => place + aside);
  return {
    label: [...labels],
    x,
    reference: [...p],
    policy,
    reward: [...reward],
    of_reference: at(-0.2),
    of_policy: at(0.2),
    left: at(-0.42),
    right: at(0.42),
    part: x.map(() => 1 / p.length),
  };
}

/**
 * The policy of one β, and the log of each answer's π/π_ref. Rewards count from the best possible one.
 * @param {number[]} reference
 * @param {number[]} reward
 * @param {number} beta
 */
function tilted(reference, reward, beta) {
  const most = Math.max(...reward.filter((_, i) => reference[i] > 0));
  const above = reward.map((one) => (one - most) / beta);
  const { policy, logPartition } = tilt(reference, above, { beta: 1 });
  return { policy, logRatio: above.map((one) => one - logPartition) };
}

/** Reward and divergence of the policies of many β, the very same table while neither list changes. */
const frontierOf = cached(
  (/** @type {string} */ shares, /** @type {string} */ points, /** @type {number} */ nat) => {
    const [reference, reward] = [shares, points].map((list) => list.split(',').map(Number));
    const policies = Array.from(PRICES, (beta) => tilted(reference, reward, beta));
    return {
      beta: PRICES,
      policy_kl: policies.map(({ policy, logRatio }) => divergenceOf(policy, logRatio) / nat),
      reward: policies.map(({ policy }) => mean(policy, reward)),
    };
  },
);

/** D(π‖π_ref) in nats as the mean of k3. @param {Numbers} policy @param {number[]} logRatio */
function divergenceOf(policy, logRatio) {
  return mean(policy, klEstimators(logRatio.map((one) => -one))[2]);
}

/**
 * Where the frontier begins and ends, and where the tangent meets the left edge.
 * @param {number[]} p
 * @param {number[]} possible
 * @param {number[]} reward
 * @param {{best_kl: number, objective: number}} numbers
 */
function endsOfFrontier(p, possible, reward, { best_kl, objective }) {
  return {
    kind: [0, 1, 2],
    x: [0, best_kl, 0],
    y: [mean(p, reward), Math.max(...possible), objective],
  };
}

/**
 * Mean and spread under π of GRPO's k3 and of k1 and k2, summed over all answers.
 * @param {number[]} reference
 * @param {number[]} reward
 * @param {number} beta
 * @param {number} nat
 */
function estimated(reference, reward, beta, nat) {
  const { policy, logRatio } = tilted(reference, reward, beta);
  const k = klEstimators(logRatio.map((one) => -one)).map((of) => Array.from(of, (one) => one / nat));
  const [, second, third] = k.map((of) => mean(policy, of));
  const means = [third, second, third]; // of k1 the same as of k3, as k3 - k1 has the mean 0
  const spread = k.map((of, i) =>
    Math.sqrt(
      mean(
        policy,
        of.map((one) => (one - means[i]) ** 2),
      ),
    ),
  );
  const [k1_spread, k2_spread, k3_spread] = spread;
  return {
    estimates: {
      name: ['k1', 'k2', 'k3'],
      row: [3, 2, 1],
      mean: means,
      spread,
      low: means.map((one, i) => one - spread[i]),
      high: means.map((one, i) => one + spread[i]),
    },
    found: { policy_kl: third, k2_mean: second, k1_spread, k2_spread, k3_spread },
  };
}

/**
 * DPO's numbers: the logit of the chosen answer is up by `push`, that of the other down.
 * @param {number[]} reference
 * @param {number[]} reward
 * @param {number[]} pair places
 * @param {{beta: number, push: number, base: number}} state
 */
function preferred(reference, reward, [chosen, rejected], { beta, push, base }) {
  const nat = Math.log(base);
  const lift = reference.map((_, i) => (i === chosen ? push : i === rejected ? 0 - push : 0));
  const { logPartition } = tilt(reference, lift, { beta: 1 });
  const rarer = Math.min(reference[chosen], reference[rejected]);
  const better = reward[chosen] - reward[rejected];
  const agree = 1 / (1 + Math.exp(-better));
  const [loss, other] = [push, -push].map((one) => dpoLoss(2 * one, 0, { beta, base }));
  const said = (/** @type {number} */ number) => (rarer > 0 ? number : NaN);
  return {
    dpo_loss: said(loss),
    dpo_mean: said(agree * loss + (1 - agree) * other),
    ratio_chosen: said((push - logPartition) / nat),
    ratio_rejected: said((-push - logPartition) / nat + 0),
    margin: said(2 * beta * push),
    agree,
    dpo_floor: binaryEntropy(agree, { base }),
    optimum: better / beta / nat,
    rarer,
  };
}

/**
 * The loss against the difference of log-ratios, the mean loss, and what is marked.
 * @param {{agree: number, optimum: number, dpo_floor: number}} numbers
 * @param {number} beta
 * @param {number} push
 * @param {number} base
 */
function pairCurves({ agree, optimum, dpo_floor }, beta, push, base) {
  const nat = Math.log(base);
  const loss = APART.map((apart) => dpoLoss(apart, 0, { beta, base }));
  const other = APART.map((apart) => dpoLoss(-apart, 0, { beta, base }));
  return {
    pairs: {
      x: APART.map((apart) => apart / nat),
      loss,
      mean: loss.map((one, i) => agree * one + (1 - agree) * other[i]),
    },
    mark: { x: [(2 * push) / nat], loss: [dpoLoss(2 * push, 0, { beta, base })], gain: [2 / nat] },
    least: { x: [optimum], loss: [dpo_floor] },
  };
}
