/** What an address shows of a page: the compact view of a figure, and the controls that it chooses. */

import { element, findAll, findOne } from './elements.js';
import { refusedOf } from './link.js';

/**
 * Read both; what is not chosen is to be taken away. The unit stays, as it says what the number is.
 * @param {URLSearchParams} asked
 * @param {string[]} known the names that may be chosen
 */
export function viewOf(asked, known) {
  const view = asked.get('view') ?? '';
  const named = (asked.get('controls') ?? '').split(',').map((one) => one.trim());
  const problems = refusedOf(named, known);
  if (!['', 'figure'].includes(view)) {
    problems.unshift({ kind: 'refused', code: 'no_view', args: { raw: view } });
  }
  const chosen = known.filter((one) => named.includes(one));
  const hide = chosen.length ? known.filter((one) => one !== 'unit' && !chosen.includes(one)) : [];
  return { isCompact: view === 'figure', chosen, hide, problems };
}

/**
 * Lay the page out for a post. Chosen controls stand open; of none the handles do, and all others fold.
 * @param {string[]} chosen
 */
export function layCompact(chosen) {
  const controls = findOne('.controls');
  findOne('.readouts').append(findOne('[data-full]'));
  if (chosen.length) {
    document.documentElement.dataset.chosen = '';
    bringOut(controls);
    return;
  }
  findOne('.top').hidden = true;
  const fold = element('details', { className: 'card' }, element('summary', {}, 'Controls'));
  controls.replaceWith(fold);
  fold.append(controls);
}

/** Groups that would fold, and were chosen, stand beside the others. @param {HTMLElement} controls */
function bringOut(controls) {
  for (const fold of findAll('.fold:not([hidden])')) {
    const group = findOne('fieldset', fold);
    group.classList.add('card');
    group.prepend(element('legend', {}, element('i'), findOne('summary', fold).textContent));
    controls.append(group);
    fold.hidden = true;
  }
}
