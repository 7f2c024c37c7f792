/** A text, token by token: shaded, walked with the arrow keys, each with its numbers as text. */

import { columnsOf } from '../bokeh/models.js';
import { element, findAll, findOne, setText } from './elements.js';
import { formatNumber } from './format.js';

/**
 * What a passage's source has of each token.
 * @typedef {Record<'token' | 'shown' | 'expected', string[]>
 *   & Record<'surprise' | 'p' | 'heat' | 'flagged' | 'tries', number[]>} Tokens
 */

/** @type {Tokens} */
const NO_TOKENS = {
  token: [],
  shown: [],
  expected: [],
  surprise: [],
  p: [],
  heat: [],
  flagged: [],
  tries: [],
};

/**
 * Bind the page's passages.
 * @param {Find} find
 * @returns {(frame: Frame) => void}
 */
export function bindPassages(find) {
  const paints = find('[data-passage]').map(bindPassage);
  return (frame) => {
    for (const paint of paints) paint(frame);
  };
}

/**
 * @param {HTMLElement} place
 * @returns {(frame: Frame) => void}
 */
function bindPassage(place) {
  const around = place.parentElement ?? document;
  const reading = findOne('[data-reading]', around);
  const remarks = findAll('[data-flagged]', around).map((place) => place.textContent);
  let columns = NO_TOKENS;
  /** @type {number | null} */
  let at = null; // the token that is read out, or the most surprising
  let unit = '';
  const tokens = () => findAll(':scope > *', place);
  const read = () => {
    const { shown } = columns;
    const index = at !== null && at < shown.length ? at : firstRead(columns);
    const isTold = at !== null || !(columns.tries[index] < 0); // of what was given, only if it is asked
    tokens().forEach((token, i) => {
      token.tabIndex = i === index ? 0 : -1;
      token.setAttribute('aria-selected', String(i === index && isTold));
    });
    if (index >= 0) setWords(reading, isTold ? wordsOn(columns, index, unit, remarks) : []);
  };
  /** @param {EventTarget | null} token */
  const choose = (token) => {
    if (!(token instanceof HTMLElement) || token.parentElement !== place) return;
    at = tokens().indexOf(token);
    read();
  };
  for (const name of ['pointerover', 'focusin', 'click']) {
    place.addEventListener(name, ({ target }) => choose(target));
  }
  place.addEventListener('keydown', (event) => {
    const all = tokens();
    const { activeElement } = document;
    const here = activeElement instanceof HTMLElement ? all.indexOf(activeElement) : -1;
    const to = targetOf(event.key, here, all.length);
    if (to === undefined || here < 0) return;
    event.preventDefault();
    all[Math.min(Math.max(to, 0), all.length - 1)].focus();
  });
  return (frame) => {
    columns = { ...NO_TOKENS, ...columnsOf(place.dataset.passage ?? '') };
    unit = frame.state.unit;
    const { token, shown, tries } = columns;
    if (tries.length && place.children.length !== token.length) at = null; // what came last is read out
    place.toggleAttribute('data-next', Boolean(frame.flags[place.dataset.goesOn ?? '']));
    while (place.children.length > token.length) place.lastElementChild?.remove();
    while (place.children.length < token.length) place.append(element('span', { role: 'option' }));
    tokens().forEach((child, i) => {
      const plain = tries.length ? shown[i] : token[i];
      const text = plain.replaceAll('\n', '↵\n').replaceAll('\t', '⇥\t');
      setText(child, text);
      child.style.setProperty('--heat', columns.heat[i].toFixed(3));
      child.ariaLabel = `${columns.shown[i]}, ${formatNumber(columns.surprise[i], { digits: 2 })} ${unit}`;
      child.classList.toggle('unknown', columns.flagged[i] > 0);
      if (tries.length) child.dataset.tries = tries[i] < 0 ? '' : String(tries[i] || '·');
      if (tries[i] > 0) child.ariaLabel += `, guesses: ${tries[i]}`;
    });
    read();
  };
}

/**
 * The token that is read out before one is chosen: of a game the last, else the most surprising.
 * @param {Tokens} columns
 */
function firstRead({ surprise, tries }) {
  return tries.length ? tries.length - 1 : surprise.indexOf(Math.max(...surprise));
}

/**
 * Write what is said of a token, unless it stands there: it may be read aloud.
 * @param {HTMLElement} place
 * @param {Element[]} words
 */
function setWords(place, words) {
  const text = (/** @type {Iterable<Element>} */ parts) =>
    Array.from(parts, (one) => one.textContent).join(' ');
  if (text(place.children) !== text(words)) place.replaceChildren(...words);
}

/**
 * Where a key leads from a place among so many.
 * @param {string} key
 * @param {number} here
 * @param {number} count
 */
function targetOf(key, here, count) {
  if (key === 'ArrowRight' || key === 'ArrowDown') return here + 1;
  if (key === 'ArrowLeft' || key === 'ArrowUp') return here - 1;
  return key === 'Home' ? 0 : key === 'End' ? count - 1 : undefined;
}

/**
 * What is said of one token.
 * @param {Tokens} columns
 * @param {number} i
 * @param {string} unit
 * @param {string[]} remarks on tokens that are flagged 1, 2, …
 */
function wordsOn({ shown, surprise, p, flagged, expected }, i, unit, remarks) {
  const parts = [
    element('b', {}, shown[i]),
    element('span', {}, `${formatNumber(surprise[i], { digits: 2 })} ${unit}`),
    element('span', {}, `probability ${formatNumber(p[i], { digits: 5 })}`),
  ];
  if (flagged[i]) parts.push(element('span', {}, remarks[flagged[i] - 1]));
  if (expected[i])
    parts.push(element('span', { className: 'expected' }, `the model expected: ${expected[i]}`));
  return parts;
}
