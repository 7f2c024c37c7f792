/** Shannon's guessing game, letter by letter, against a model: the twin of game.py. */

import { quotable, Refused } from '../../../static/contract/messages.js';
import { characterTokens, NGram } from '../../../static/infocore/language.js';
import { sum } from '../../../static/infocore/sum.js';
import { likeliest, visible } from './words.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz_';
const SHOW = '.';
const GIVEN = -1;
const ORDER = 3;
const DARKEST = 8;
const COSTS = [79, 8, 3, 2, 2, ...Array(22).fill(8 / 22)].map((times) => -Math.log2(times / 102));

/** @type {{opening: string, hidden: string, nats: Float64Array, expected: string[]}} */
let passage;

/** Read the passage with the model. @param {{text: string, opening: string, hidden: string}} material */
export function prepareGame({ text, opening, hidden }) {
  const model = new NGram(characterTokens(spelled(text)), { order: ORDER });
  const letters = characterTokens(opening + hidden);
  const before = letters.map((_, place) => letters.slice(Math.max(0, place - ORDER + 1), place));
  const expected = before.map((context) => likeliest(model.alternatives(context, ORDER)));
  passage = { opening, hidden, nats: model.logProbs(letters), expected };
}

function spelled(text) {
  const plain = text.toLowerCase().replace(/['’]/g, '');
  return plain.replace(/[^a-z]+/g, ' ').trim();
}

/** How many guesses each letter took, and what the next is not; throws Refused. @param {string} guesses */
export function played(guesses) {
  const { hidden } = passage;
  /** @type {number[]} */
  const tries = [];
  let tried = '';
  for (const [place, guess] of Array.from(guesses).entries()) {
    const over = tries.length === hidden.length;
    if (over || tried.includes(guess) || !(LETTERS + SHOW).includes(guess)) {
      throw new Refused('no_guess', { raw: guess, place: place + 1 });
    }
    if (guess === SHOW || guess === hidden[tries.length].replace(' ', '_')) {
      tries.push(guess === SHOW ? 0 : tried.length + 1);
      tried = '';
    } else tried += guess;
  }
  return { tries, tried };
}

/** The guesses with one more, or with a letter shown where it is null. @param {string} guesses */
export function guessed(guesses, raw) {
  const fits = typeof raw === 'string' && raw.length === 1 && LETTERS.includes(raw);
  if (raw !== null && !fits) throw new Refused('no_letter', { raw: quotable(raw) });
  const { tries, tried } = played(guesses);
  const guess = raw ?? SHOW;
  return tries.length === passage.hidden.length || tried.includes(guess) ? guesses : guesses + guess;
}

/** The letters so far, the bits that both need, and which buttons are off. @param {string} guesses */
export function game(guesses, base) {
  const { opening, hidden, ...costs } = passage;
  const { tries: own, tried } = played(guesses);
  const token = Array.from(opening + hidden.slice(0, own.length));
  const tries = [...Array(opening.length).fill(GIVEN), ...own];
  const nats = Array.from(costs.nats.slice(0, token.length));
  const bits = nats.map((one) => -one / Math.LN2);
  const yours = tries.map((one) => (one > 0 ? COSTS[one - 1] : 0));
  const model = bits.map((one, place) => (tries[place] > 0 ? one : 0));
  const number = own.filter((one) => one > 0).length;
  const mean = (values) => (number ? sum(values.map((one) => one / number)) : NaN);
  const inUnit = (values) => values.map((one) => (one * Math.LN2) / Math.log(base));
  const over = own.length === hidden.length;
  const shown = own.filter((one) => one === 0).length;
  const [bitsYours, bitsModel] = [mean(yours), mean(model)];
  return {
    length: opening.length + hidden.length,
    table: {
      token,
      shown: token.map(visible),
      p: nats.map(Math.exp),
      surprise: inUnit(bits),
      heat: bits.map((one) => Math.min(1, one / DARKEST)),
      expected: costs.expected.slice(0, token.length),
      tries,
      yours: inUnit(yours),
      model: inUnit(model),
      left: tries.map((_, place) => place + 0.1),
      right: tries.map((_, place) => place + 0.9),
    },
    readouts: { letters_guessed: number, bits_yours: bitsYours, bits_model: bitsModel },
    flags: {
      game: number > 0,
      playing: !over,
      some_shown: shown > 0,
      you_lead: bitsYours < bitsModel,
      model_leads: bitsModel < bitsYours,
    },
    slots: { letters_shown: String(shown) },
    off: Array.from(LETTERS, (letter) => Number(over || tried.includes(letter))),
  };
}
