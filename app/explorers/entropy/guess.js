/** “Guess it”: twenty questions by hand, a pure function of the state: the twin of guess.py. */

import { MOST_DRAWN, outcomeOf } from '../../../static/contract/draws.js';
import { quotable, Refused } from '../../../static/contract/messages.js';

export const GUESS_AFRESH = { guess: '', games: 0, questions: 0 };
export const GUESS_GESTURES = ['mark', 'ask', 'next_game'];
const GAME = /^[0-9]*(\.[0-9]*)*$/;
const [OUT, LEFT, MARKED, FOUND] = [-1, 0, 1, 2];

/** A game as a link gives it; throws Refused where it is none. @param {string} value */
export function checkedGame(value) {
  if (GAME.test(value)) return value;
  throw new Refused('no_game', { label: 'guess', raw: quotable(value) });
}

/** Mark an outcome or take its mark off, ask for those marked, or begin the next game. */
export function moveGuess(state, p, name, index) {
  const { asked, marked, left } = playedGame(p, state);
  if (name === 'next_game') return nextGame(state, asked, left);
  if (name === 'mark' && index === null) throw new Refused('which', { name });
  if (name === 'mark') {
    if (!left.includes(index) || left.length === 1) throw new Refused('no_mark');
    const now = left.filter((i) => marked.includes(i) !== (i === index));
    return { guess: [...asked, now.join('')].join('.') };
  }
  if (!marked.length || marked.length === left.length) throw new Refused('no_split');
  return { guess: [...asked, marked.join(''), ''].join('.') };
}

function nextGame({ games, questions }, asked, left) {
  if (left.length > 1) throw new Refused('not_found');
  if (games === MOST_DRAWN - 1) throw new Refused('most_drawn', { most: MOST_DRAWN });
  return { guess: '', games: games + 1, questions: questions + asked.length };
}

/** The questions, the marked, those still possible, and the last answer. */
function playedGame(p, { guess, seed, games }) {
  const questions = guess.split('.');
  const marks = questions.pop();
  const secret = String(outcomeOf(p, seed, games));
  let left = Array.from(p.keys()).filter((i) => p[i] > 0);
  /** @type {boolean | null} */
  let yes = null;
  const asked = [];
  for (const question of questions) {
    if (left.length === 1) break;
    const answer = question.includes(secret);
    left = left.filter((i) => question.includes(String(i)) === answer);
    yes = answer;
    asked.push(question);
  }
  const marked = left.length > 1 ? left.filter((i) => marks.includes(String(i))) : [];
  return { asked, marked, left, yes };
}

/** The parts of a result that tell of the game, beside H and Huffman's L in bits. */
export function computeGuess(p, labels, state, limits) {
  const { asked, marked, left, yes } = playedGame(p, state);
  const found = left.length === 1;
  const played = state.games + Number(found);
  const mean = played ? (state.questions + (found ? asked.length : 0)) / played : NaN;
  /** @param {number} i */
  const shown = (i) => (!left.includes(i) ? OUT : found ? FOUND : marked.includes(i) ? MARKED : LEFT);
  return {
    table: {
      name: ['you', 'H', 'Huffman'],
      at: [2.5, 1.5, 0.5],
      questions: [played ? mean : 0, ...limits],
      alpha: [0.8, 0.35, 0.35],
      told: [Number(played > 0), 1, 1],
    },
    readouts: { guess_count: asked.length, guess_games: played, guess_mean: mean },
    flags: { guess_yes: yes === true, guess_no: yes === false, guess_found: found },
    slots: { found: found ? labels[left[0]] : '' },
    controls: { guess: Array.from(p.keys()).map(shown) },
  };
}
