/** A text, token by token, and what its surprise comes to: the twin of app/explorers/perplexity.py. */

import { ladder } from '../../../static/contract/ladder.js';
import { NGram, UNKNOWN, bitsPerUnit, characterTokens, meanLoss, perplexity, wordTokens } from '../../../static/infocore/language.js';
import { logProbabilities } from './scores.js';

const UNITS = { bits: 2, nats: Math.E };
const ORDERS = { uniform: 0, unigram: 1, bigram: 2, trigram: 3 };
const TOKENIZERS = { words: wordTokens, characters: characterTokens };
const TRAINING = {
  words: wordTokens,
  characters: (text) => characterTokens(text.slice(0, 2 * ENOUGH)).slice(0, ENOUGH),
};
const RUNGS = { uniform: 50_000, unigram: 1_000, bigram: 200, LSTM: 60, transformer: 20 };
const MOST_SHOWN = 2000;
const DARKEST = 16;
const ENOUGH = 150_000;
const SOURCE = 'the help texts that Python ships';
const UNKNOWN_NOTE = 'not in the vocabulary, so it is spelled letter by letter';

/** @typedef {{scored: string, text: string, log_probs: string, model: string, tokens: string, loss_before: number, loss_after: number, asked: number, unit: string}} State */

export const gestures = [];

/** What the page's models learn from. */
let learnedText = '';

/** @type {Record<string, NGram>} */
let models = {};

const readings = new Map(); // the last texts' tokens, by what they were read as

/** Take the text to learn from. @param {{text: string}} material */
export function prepare({ text }) {
  learnedText = text;
  models = {};
  readings.clear();
}

/** Take one control's value; log-probabilities that cannot be read are refused. */
export function move(_state, name, value) {
  if (name === 'log_probs') logProbabilities(value);
  return { [name]: value };
}

/** The tokens with their surprise, both tokenisations, and the ladder. @param {State} state */
export function compute({ scored, text, log_probs, model, tokens, loss_before, loss_after, asked, unit }) {
  const [own, base] = [scored === 'text', UNITS[unit]];
  const { read, nats } = own ? readingOf(text, tokens, model) : logProbabilities(log_probs);
  const shown = Math.min(read.length, MOST_SHOWN);
  const readout = {
    ...readoutsOf(read, nats, base),
    perplexity_before: Math.exp(loss_before),
    perplexity_after: Math.exp(loss_after),
    asked_loss: Math.log(asked) / Math.log(base),
  };
  const table = tokensOf(read.slice(0, shown), nats.slice(0, shown), base);
  const top = ladder(1.1 * Math.max(1, ...table.drawn));
  const [size, compared] = [readout.perplexity, comparedOf(text)];
  const tallest = ladder(1.25 * Math.max(1, ...compared.bits_words, ...compared.bits_characters));
  return {
    tokens: {
      ...table,
      endless: table.surprise.map((height) => (height === Infinity ? top : 0)),
      expected: own ? expectedOf(text, tokens, model) : read.slice(0, shown).map(() => ''),
      note: read.slice(0, shown).map((token) => (own && !modelOf(tokens).knows(token) ? UNKNOWN_NOTE : '')),
    },
    level: { x: [0, shown], h: [0, 1].map(() => Math.min(readout.surprise, top)) },
    compared,
    rungs: rungsOf(),
    mine: mineOf(readout, own ? model : 'your model', loss_before, loss_after, asked, unit),
    readout,
    range: {
      place: [0, shown],
      surprise: [0, top],
      bits: [-0.15 * tallest, tallest],
      perplexity: [0.8, ladder(4 * Math.min(Math.max(size, 50_000), 1e300))],
    },
    words: wordsOf(own, model, tokens, read.length, shown, unit),
  };
}

function modelOf(tokens) {
  models[tokens] ??= new NGram(TRAINING[tokens](learnedText));
  return models[tokens];
}

function readingOf(text, tokens, model) {
  return remembered(`${tokens} ${model} ${text}`, () => {
    const read = TOKENIZERS[tokens](text);
    return { read, nats: modelOf(tokens).logProbs(read, ORDERS[model]) };
  });
}

function expectedOf(text, tokens, model) {
  return remembered(`expected ${tokens} ${model} ${text}`, () => {
    const [read, order] = [TOKENIZERS[tokens](text).slice(0, MOST_SHOWN), ORDERS[model]];
    const known = new Map();
    return read.map((_, place) => {
      const context = read.slice(Math.max(0, place - Math.max(0, order - 1)), place);
      const key = context.join('\0');
      if (!known.has(key)) known.set(key, likeliest(modelOf(tokens).alternatives(context, order)));
      return known.get(key);
    });
  });
}

function likeliest(best) {
  return best.map(([token, p]) => `${visible(token)} ${(100 * p).toFixed(1)} %`).join(' · ');
}

/** Keep the last results: a slider's move must not read the text anew. */
function remembered(key, make) {
  if (!readings.has(key)) {
    if (readings.size >= 32) readings.delete(readings.keys().next().value);
    readings.set(key, make());
  }
  return readings.get(key);
}

function readoutsOf(read, nats, base) {
  const joined = read.join('');
  const [characters, bytes] = [characterTokens(joined).length, new TextEncoder().encode(joined).length];
  const loss = meanLoss(nats);
  return {
    perplexity: perplexity(nats),
    bits_per_character: characters ? bitsPerUnit(nats, characters) : NaN,
    bits_per_byte: bytes ? bitsPerUnit(nats, bytes) : NaN,
    surprise: loss / Math.log(base),
    loss,
    token_count: read.length,
    character_count: characters,
    byte_count: bytes,
  };
}

function tokensOf(read, nats, base) {
  const surprise = nats.map((one) => -one / Math.log(base) + 0);
  return {
    token: read,
    shown: read.map(visible),
    p: nats.map(Math.exp),
    surprise,
    drawn: surprise.map((height) => (height === Infinity ? 0 : height)),
    heat: nats.map((one) => Math.min(1, -one / Math.LN2 / DARKEST)),
    left: read.map((_, place) => place + 0.1),
    right: read.map((_, place) => place + 0.9),
  };
}

/** Perplexity and bits per character of each model under both tokenisations. */
function comparedOf(text) {
  const place = Object.values(ORDERS);
  const at = { at_words: place.map((i) => i - 0.2), at_characters: place.map((i) => i + 0.2) };
  const columns = { model: Object.keys(ORDERS), place, ...at };
  const characters = characterTokens(text).length;
  for (const tokens of Object.keys(TOKENIZERS)) {
    const nats = columns.model.map((model) => readingOf(text, tokens, model).nats);
    const sizes = nats.map(perplexity);
    columns[`perplexity_${tokens}`] = sizes;
    columns[`perplexity_${tokens}_text`] = sizes.map(brief);
    columns[`bits_${tokens}`] = nats.map((one) => bitsPerUnit(one, characters));
  }
  return columns;
}

function rungsOf() {
  const [names, sizes] = [Object.keys(RUNGS), Object.values(RUNGS)];
  return {
    name: names.map((name, i) => `${name} ~${sizes[i]}`),
    perplexity: sizes,
    row: sizes.map((_, i) => sizes.length + 2 - i),
    ...beside(sizes),
  };
}

/** The reader's own points: a model, the two ends of a training, and a conversion. */
function mineOf(readout, model, before, after, asked, unit) {
  const size = readout.perplexity;
  const at = [Math.min(size, 1e300), readout.perplexity_after, asked];
  return {
    name: [
      `${model}, above: ${brief(size)}`,
      `loss ${fixed(before, 2)} → ${fixed(after, 2)} nats`,
      `${fixed(asked, 1)} is a loss of ${fixed(readout.asked_loss, 2)} ${unit}`,
    ],
    perplexity: at,
    start: [at[0], readout.perplexity_before, asked],
    row: [2, 1, 0],
    up: [0, -10, 0],
    ...beside(at),
  };
}

/** Place a text on that side of its point where there is room. */
function beside(sizes) {
  return {
    align: sizes.map((size) => (size > 1000 ? 'right' : 'left')),
    offset: sizes.map((size) => (size > 1000 ? -10 : 10)),
  };
}

function wordsOf(own, model, tokens, count, shown, unit) {
  let reading = own
    ? `The text is cut into ${tokens} and read by the ${model} model, learned from ${SOURCE}.`
    : 'The log-probabilities are those that were pasted.';
  if (shown < count) {
    reading += ` The picture shows the first ${shown} of ${count} tokens; the numbers count all.`;
  }
  const size = modelOf(tokens).vocabulary.length;
  return {
    reading,
    learned: `Learned from ${SOURCE}; ${size} ${tokens} are known.`,
    given: '',
    base_name: unit === 'bits' ? '2' : 'e',
  };
}

/** Write a token as a reader can see it. */
function visible(token) {
  if (token === UNKNOWN) return '(something unknown)';
  const text = token.startsWith(' ') && token.length > 1 ? token.slice(1) : token;
  return text.replaceAll('\n', '↵').replaceAll('\t', '⇥').replaceAll(' ', '␣');
}

function brief(size) {
  return size < 1e6 || size === Infinity ? fixed(size, 1) : 'over a million';
}

function fixed(number, digits) {
  return number === Infinity ? '∞' : number.toFixed(digits);
}
