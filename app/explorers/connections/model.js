/** What each row of the table computes, by its name: the twin of the rows' `compute`. */

import { classification, compression, scaling } from './labels.js';
import { autoencoder, diffusion } from './latent.js';
import { dpo, grpo, rlhf } from './policies.js';
import { bottleneck, contrastive, tree } from './shared.js';
import { distillation, reverseDistillation, speculative } from './students.js';

/** @type {Record<string, Function>} */
const ROWS = {
  classification,
  compression,
  scaling,
  distillation,
  diffusion,
  dpo,
  rlhf,
  'reverse-distillation': reverseDistillation,
  grpo,
  autoencoder,
  contrastive,
  tree,
  bottleneck,
  speculative,
};

/** A row's result, with the row's name beside its state. @param {Record<string, any>} state */
export function compute({ row, ...state }) {
  return ROWS[row](state);
}
