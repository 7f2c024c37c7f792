/** A text, token by token, and what its surprise comes to: the twin of model.py. */

import {
  bitsPerUnit,
  characterTokens,
  meanLoss,
  NGram,
  perplexity,
  wordTokens,
} from '../../../static/infocore/language.js';
import { game, guessed, played, prepareGame } from './game.js';
import { logProbabilities } from './scores.js';
import { likeliest, visible } from './words.js';

const ORDERS = { uniform: 0, unigram: 1, bigram: 2, trigram: 3 };
const TOKENIZERS = { words: wordTokens, characters: characterTokens };
const TRAINING = {
  words: wordTokens,
  characters: (text) => characterTokens(text.slice(0, 2 * ENOUGH)).slice(0, ENOUGH),
};
const MOST_SHOWN = 2000;
const DARKEST = 16;
const ENOUGH = 150_000;
const FAR = 100;
const MILLION = 1e6;
const [OWN, YOURS, TRAINED, ASKED] = [6, 3, 2, 1];

/**
 * @typedef {{scored: string, text: string, log_probs: string, model: string, tokens: string}} Scored
 * @typedef {Scored & {guesses: string, loss_before: number, loss_after: number, asked: number,
 *   base: number}} State
 */

/** What the page's models learn from. */
let learnedText = '';

/** @type {Record<string, NGram>} */
let models = {};

const readings = new Map(); // the last texts' tokens, by what they were read as

/** Take the text to learn from. @param {{text: string, opening: string, hidden: string}} material */
export function prepare(material) {
  learnedText = material.text;
  prepareGame(material);
  models = {};
  readings.clear();
}

/** Take one control’s value, or a guess; what cannot be read or guessed is refused. */
export function move(state, name, value) {
  if (name === 'log_probs') logProbabilities(value);
  if (name === 'guesses') played(value);
  if (name === 'guess') return { guesses: guessed(state.guesses, value) };
  return { [name]: value };
}

/** The tokens with their surprise, both tokenisations, and the ladder. @param {State} state */
export function compute(state) {
  const { guesses, scored, text, log_probs, model, tokens, loss_before, loss_after, asked, base } = state;
  const own = scored === 'text';
  const { read, nats } = own ? readingOf(text, tokens, model) : logProbabilities(log_probs);
  const drawn = Math.min(read.length, MOST_SHOWN);
  const play = game(guesses, base);
  const readouts = {
    ...readoutsOf(read, nats, base),
    ...play.readouts,
    perplexity_before: Math.exp(loss_before),
    perplexity_after: Math.exp(loss_after),
    asked_loss: Math.log(asked) / Math.log(base),
  };
  const table = tokensOf(read.slice(0, drawn), nats.slice(0, drawn), base);
  const highest = 1.1 * Math.max(1, ...table.drawn);
  const compared = comparedOf(text);
  const level = Math.min(readouts.surprise, FAR * highest);
  return {
    tables: {
      guessed: play.table,
      tokens: {
        ...table,
        endless: table.surprise.map((height) => (height === Infinity ? FAR * highest : 0)),
        expected: own ? expectedOf(text, tokens, model) : read.slice(0, drawn).map(() => ''),
        flagged: read.slice(0, drawn).map((token) => (own ? flagged(token, modelOf(tokens)) : 0)),
      },
      level: { x: [0, drawn], h: [level, level] },
      compared,
      mine: mineOf(readouts, own, asked),
    },
    readouts,
    ranges: {
      place: [0, drawn],
      letters: [0, play.length],
      costs: [0, 1.1 * Math.max(1, ...play.table.yours, ...play.table.model)],
      surprise: [0, highest],
      bits: [0, 1.25 * Math.max(1, ...compared.bits_words, ...compared.bits_characters)],
      perplexity: [0.8, 4 * Math.min(Math.max(readouts.perplexity, 50_000), 1e300)],
    },
    flags: {
      own,
      elsewhere: !own,
      pasted: !own,
      beyond: readouts.perplexity === Infinity && readouts.loss < Infinity,
      cut: drawn < read.length,
      ...play.flags,
    },
    controls: { guesses: play.off },
    slots: { drawn: String(drawn), known: String(modelOf(tokens).vocabulary.length), ...play.slots },
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

/** Which passage tells of an unknown token, see model.py; 0 for a known one. */
function flagged(token, model) {
  if (model.knows(token)) return 0;
  if (model.knows(` ${token}`)) return 3;
  return characterTokens(visible(token)).length === 1 ? 2 : 1;
}

/** Perplexity and bits per character of each model under both tokenisations. */
function comparedOf(text) {
  const place = Object.values(ORDERS);
  const at = { at_words: place.map((i) => i - 0.2), at_characters: place.map((i) => i + 0.2) };
  /** @type {Record<string, any[]>} */
  const columns = { model: Object.keys(ORDERS), place, ...at };
  const characters = characterTokens(text).length;
  for (const tokens of Object.keys(TOKENIZERS)) {
    const nats = columns.model.map((model) => readingOf(text, tokens, model).nats);
    const sizes = nats.map(perplexity);
    columns[`perplexity_${tokens}`] = sizes;
    columns[`bits_${tokens}`] = nats.map((one) => bitsPerUnit(one, characters));
  }
  return columns;
}

/** The reader's own points: a model, the two ends of a training, and a conversion. */
function mineOf(readouts, own, asked) {
  const size = readouts.perplexity;
  const at = [Math.min(size, 1e300), readouts.perplexity_after, asked];
  const above = (own ? OWN : YOURS) + Number(size >= MILLION) + Number(readouts.loss === Infinity);
  return {
    kind: [above, TRAINED, ASKED],
    perplexity: at,
    start: [at[0], readouts.perplexity_before, asked],
    row: [2, 1, 0],
    up: [0, -10, 0],
  };
}
