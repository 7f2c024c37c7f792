/** Answers as bars with their numbers in words, a row a group, a bar a round. */

import { element, findAll, setText } from '../front/elements.js';
import { sum } from '../infocore/sum.js';

const ROUNDS = ['first', 'second'];

/** The letter by which people name an option. @param {number} place */
export function letterOf(place) {
  return String.fromCharCode(65 + place);
}

/**
 * Paint a tally; a group that was there keeps its elements, so that its bars grow.
 * @param {HTMLElement} list
 * @param {import('./tally.js').Tally} tally
 * @param {boolean} lettered whether groups have letters
 */
export function paintBars(list, { labels, counts, right }, lettered) {
  const shape = JSON.stringify([labels, counts.length, lettered]);
  if (list.dataset.shape !== shape) {
    list.replaceChildren(
      ...labels.map((label, i) => rowOf(label, lettered ? letterOf(i) : '', counts.length)),
    );
    list.dataset.shape = shape;
  }
  const totals = counts.map(sum);
  const rows = findAll('li', list);
  for (const [place, row] of rows.entries()) {
    row.classList.toggle('right', right.includes(place));
    for (const [round, bar] of findAll('.vote', row).entries()) {
      const count = counts[round][place];
      const share = totals[round] ? count / totals[round] : 0;
      bar.style.setProperty('--share', String(share));
      setText(findAll('.count', bar)[0], `${count} · ${Math.round(100 * share)} %`);
    }
  }
}

/**
 * @param {string} label
 * @param {string} letter
 * @param {number} rounds
 */
function rowOf(label, letter, rounds) {
  const named = element('p', {}, ...(letter ? [element('b', {}, letter), ' '] : []), label);
  named.append(element('b', { className: 'truth' }, ' ✓ right'));
  const bars = ROUNDS.slice(0, rounds).map((round) => {
    const which = element('span', { className: 'which' }, rounds > 1 ? round : '');
    const track = element('span', { className: 'track' }, element('i', {}));
    const count = element('span', { className: 'count' });
    return element('div', { className: `vote ${round}` }, which, track, count);
  });
  return element('li', {}, named, element('div', { className: 'rounds' }, ...bars));
}
