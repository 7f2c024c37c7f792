/** A button a letter, and a place to type one: each sends one guess. */

import { element, isOff, setOff, setText } from './elements.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz_';

/** @type {BuildControl} */
export function buildLetters(place, { name, label }, send) {
  const guess = (/** @type {string | null} */ letter) => send([['guess', letter]]);
  const typed = element('input', {
    type: 'text',
    className: 'guess',
    ariaLabel: label,
    placeholder: label,
    autocapitalize: 'none',
  });
  typed.autocomplete = 'off';
  let taken = 0; // letters of the word that a phone's keyboard is putting together
  const empty = () => {
    typed.value = '';
    taken = 0;
  };
  typed.addEventListener('input', (event) => {
    const letters = [...typed.value.toLowerCase().replaceAll(' ', '_')];
    for (const letter of letters.slice(taken)) guess(letter);
    if (/** @type {InputEvent} */ (event).isComposing) taken = letters.length;
    else empty();
  });
  typed.addEventListener('compositionend', empty);
  const buttons = Array.from(LETTERS, (letter) => {
    const blank = letter === '_';
    const button = element('button', { type: 'button', tabIndex: -1 }, blank ? '␣' : letter);
    if (blank) button.ariaLabel = 'blank';
    button.addEventListener('click', () => isOff(button) || guess(letter));
    return button;
  });
  const show = element('button', { type: 'button' }, 'Show it');
  show.addEventListener('click', () => isOff(show) || guess(null));
  const again = element('button', { type: 'button' }, 'New game');
  again.addEventListener('click', () => send([[name, '']]));
  const wrong = element('p', { className: 'aside', role: 'status' });
  // What is typed stands next to the passage: a phone's keyboard covers what is below.
  const rows = [
    element('div', { className: 'chips' }, typed, show, again),
    wrong,
    element('div', { className: 'letters' }, ...buttons),
  ];
  place.append(element('div', { role: 'group', ariaLabel: label }, ...rows));
  return (state) => {
    buttons.forEach((button, i) => setOff(button, state[name][i] > 0));
    const over = [...state[name]].every(Boolean);
    setOff(show, over);
    const tried = buttons.filter((_, i) => state[name][i] > 0).map((button) => button.textContent);
    setText(wrong, over ? 'The passage is complete.' : tried.length ? `not here: ${tried.join(', ')}` : '');
  };
}
