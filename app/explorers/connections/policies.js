/** Losses averaged under the model: policies that learn from rewards. The twin of policies.py. */

import { klDivergence, linspace } from '../../../static/infocore/kernel.js';
import { dpoLoss, klEstimators, tilt } from '../../../static/infocore/objectives.js';
import { sum } from '../../../static/infocore/sum.js';

const NATS = { base: Math.E };
const ANSWERS = ['A', 'B', 'C', 'D', 'E', 'F'];
const REFERENCE = [0.3, 0.25, 0.2, 0.15, 0.1];
const REWARDS = [0, 0.5, 0.2, 1, -0.5];
const BETAS = Array.from(linspace(-2, 2, 41), (power) => 10 ** power);

/** The best policy over six answers, of which the reader sets the sixth. */
export function rlhf({ beta, reward, share }) {
  const reference = [...REFERENCE.map((one) => (1 - share) * one), share];
  const rewards = [...REWARDS, reward];
  const { policy, logPartition } = tilt(reference, rewards, { beta });
  const now = rewardAndDivergence(policy, reference, rewards);
  const frontier = BETAS.map((one) =>
    rewardAndDivergence(tilt(reference, rewards, { beta: one }).policy, reference, rewards),
  );
  return {
    tables: {
      answers: { place: [0, 1, 2, 3, 4, 5], name: ANSWERS, reference, policy, reward: rewards },
      frontier: { paid: frontier.map(({ paid }) => paid), gained: frontier.map(({ gained }) => gained) },
      now: { paid: [now.paid], gained: [now.gained] },
    },
    readouts: { rlhf_objective: beta * logPartition, rlhf_reward: now.gained, rlhf_kl: now.paid },
  };
}

function rewardAndDivergence(policy, reference, rewards) {
  const gained = sum(policy.map((one, i) => one * rewards[i]));
  return { gained, paid: klDivergence(policy, reference, NATS) };
}

const MARGINS = linspace(-8, 8, 81);

/** The loss of one stored pair of answers, given the log-ratio log π/π_ref of each. */
export function dpo({ chosen, rejected, beta }) {
  const margin = beta * (chosen - rejected);
  const loss = dpoLoss(chosen, rejected, { beta });
  return {
    tables: {
      pair: { place: [0, 1], name: ['chosen', 'rejected'], ratio: [chosen, rejected] },
      chosen: { place: [0], ratio: [chosen] },
      rejected: { place: [1], ratio: [rejected] },
      curve: { margin: MARGINS, loss: MARGINS.map((one) => dpoLoss(one, 0, { beta: 1 })) },
      now: { margin: [margin], loss: [loss] },
    },
    readouts: { pair_loss: loss, pair_margin: margin, pair_share: Math.exp(-loss) },
  };
}

const [SIXTH, SIXTH_REWARD] = [0.02, 1.5];
const LOG_RATIOS = linspace(-4, 4, 81);

/** Three estimates of D(π‖π_ref) from samples under π, with their means and spreads. */
export function grpo({ moved, samples }) {
  const reference = [...REFERENCE.map((one) => (1 - SIXTH) * one), SIXTH];
  const rewards = [...REWARDS, SIXTH_REWARD].map((one) => moved * one);
  const { policy, logPartition } = tilt(reference, rewards, { beta: 1 });
  const logRatio = rewards.map((one) => logPartition - one);
  const average = (values) => sum(policy.map((one, i) => one * values[i]));
  const estimates = klEstimators(logRatio);
  const means = estimates.map(average);
  const spreads = estimates.map((one, k) =>
    Math.sqrt(average(one.map((value) => (value - means[k]) ** 2)) / samples),
  );
  const nats = klDivergence(policy, reference, NATS);
  const [k1, k2, k3] = klEstimators(LOG_RATIOS);
  return {
    tables: {
      estimates: {
        place: [0, 1, 2],
        name: ['k1', 'k2', 'k3'],
        mean: means,
        low: means.map((mean, k) => mean - spreads[k]),
        high: means.map((mean, k) => mean + spreads[k]),
      },
      curve: { log_ratio: LOG_RATIOS, k1, k2, k3 },
      answers: { log_ratio: logRatio, k3: estimates[2], policy },
      now: { nats: [nats] },
    },
    readouts: {
      grpo_nats: nats,
      grpo_k2: means[1],
      grpo_spread_k1: spreads[0],
      grpo_spread_k3: spreads[2],
    },
  };
}
