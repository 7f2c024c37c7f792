/** On a phone, pictures stand beside the controls that move them, in sight while a hand is there. */

import { element, findAll } from './elements.js';

const NARROW = '(max-width: 40em)'; // as in style.css

/**
 * Bring each group's pictures to it where the page is narrow, and back where it is wide.
 * @param {HTMLElement[]} groups
 */
export function bindAtHand(groups) {
  const moves = groups.map(bindGroup);
  const narrow = matchMedia(NARROW);
  const move = () => {
    for (const one of moves) one(narrow.matches);
  };
  narrow.addEventListener('change', move);
  move();
}

/**
 * @param {HTMLElement} group
 * @returns {(narrow: boolean) => void}
 */
function bindGroup(group) {
  const here = element('div', { className: 'card' });
  const names = (group.dataset.pictures ?? '').split(' ');
  const pictures = names.flatMap((name) => findAll(`[data-picture="${name}"]`)); // some are only served
  const homes = pictures.map((picture) => {
    const home = document.createComment('');
    picture.before(home);
    return home;
  });
  return (narrow) => {
    if (narrow && pictures.length) {
      group.prepend(here);
      here.append(...pictures);
    } else {
      here.remove();
      pictures.forEach((picture, i) => homes[i].after(picture));
    }
  };
}
