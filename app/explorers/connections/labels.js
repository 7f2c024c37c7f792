/** Losses averaged under the data: labels, text, a teacher, a scaling law. The twin of labels.py. */

import { shannonCodeLengths } from '../../../static/infocore/coding.js';
import {
  entropy,
  informationContent,
  klDivergence,
  linspace,
  softmax,
} from '../../../static/infocore/kernel.js';
import { sum } from '../../../static/infocore/sum.js';

const NATS = { base: Math.E };
const CLASSES = ['cat', 'dog', 'bird'];
const LOGITS = linspace(-6, 6, 61);

/** The loss of one example of three classes, whose label is the first. */
export function classification({ logit, temperature, smoothing }) {
  const q = softmax([logit, 0, 0], { temperature });
  const y = [1 - smoothing, 0, 0].map((one) => one + smoothing / 3);
  const lossAt = (z) => smoothedLoss([z, 0, 0], temperature, y);
  const [loss, floor] = [lossAt(logit), entropy(y, NATS)];
  return {
    tables: {
      classes: { place: [0, 1, 2], name: CLASSES, y, q },
      curve: { logit: LOGITS, loss: LOGITS.map(lossAt) },
      now: { logit: [logit], loss: [loss], floor: [floor] },
    },
    readouts: { label_loss: loss, label_floor: floor, label_waste: klDivergence(y, q, NATS) },
  };
}

/** -Σ y·log softmax(z/τ), each surprise as the distance to the largest score and the others' weight. */
function smoothedLoss(logits, temperature, y) {
  const scores = logits.map((z) => z / temperature);
  const top = scores.indexOf(Math.max(...scores));
  const others = sum(scores.map((z, i) => (i === top ? 0 : Math.exp(z - scores[top]))));
  return sum(y.map((one, i) => one * (scores[top] - scores[i] + Math.log1p(others))));
}

const TEXT = Array.from('abracadabra');
const SHARES = linspace(0.02, 0.98, 49);

/** What the first letters of a text cost under a model that knows how often a comes. */
export function compression({ share, letters }) {
  const read = TEXT.slice(0, letters);
  const given = read.map((letter) => (letter === 'a' ? share : (1 - share) / 4));
  const together = given.reduce((product, one) => product * one, 1);
  const count = read.filter((letter) => letter === 'a').length;
  const bitsAt = (p) => -(count * Math.log2(p) + (letters - count) * Math.log2((1 - p) / 4)) / letters;
  const now = bitsAt(share);
  return {
    tables: {
      letters: { place: [...read.keys()], name: read, surprise: informationContent(given) },
      curve: { share: SHARES, bits: SHARES.map(bitsAt) },
      now: { share: [share], bits: [now] },
    },
    readouts: {
      code_bits: shannonCodeLengths(together) + 1,
      text_bits: informationContent(together),
      letter_bits: now,
      letter_perplexity: 2 ** now,
    },
  };
}

const [LEAST, BY_SIZE, BY_TOKENS] = [1.69, 406.4, 410.7];
const TOKENS = Array.from(linspace(-1, 5, 61), (power) => 10 ** power);

/** The fitted loss of a language model after so many tokens, both in billions. */
export function scaling({ size, tokens }) {
  const ofSize = BY_SIZE / (1e9 * size) ** 0.34;
  const ofTokens = (count) => BY_TOKENS / (1e9 * count) ** 0.28;
  const loss = LEAST + ofSize + ofTokens(tokens);
  return {
    tables: {
      parts: {
        place: [0, 1, 2],
        name: ['constant', 'size', 'tokens'],
        nats: [LEAST, ofSize, ofTokens(tokens)],
      },
      curve: { tokens: TOKENS, loss: TOKENS.map((count) => LEAST + ofSize + ofTokens(count)) },
      now: { tokens: [tokens], loss: [loss], least: [LEAST] },
    },
    readouts: { scaling_bits: loss / Math.LN2, scaling_loss: loss, scaling_perplexity: Math.exp(loss) },
  };
}
