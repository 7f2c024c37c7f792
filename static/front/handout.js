/** A sheet for a class: the question, the picture as it is, the tasks with room to write, and the link. */

import { element, findAll, findOne } from './elements.js';
import { isOnlyHere, shortAddress } from './link.js';
import { linkCode } from './qr.js';

const LINES = 2; // to write on, under each task

/**
 * Print the sheet when its button is pressed; `print.js` sees to pictures and colours, as always.
 * @param {Spec} spec
 * @param {Engine} engine
 */
export function bindHandout(spec, engine) {
  const root = document.documentElement;
  for (const button of findAll('[data-action=handout]')) {
    button.addEventListener('click', () => {
      const sheet = element('section', { className: 'handout' }, ...tasks(), ...link(spec, engine));
      for (const old of findAll('.handout')) old.remove(); // a frame may not print, and then nothing ends
      findOne('.more').before(sheet);
      root.dataset.handout = '';
      const away = () => {
        delete root.dataset.handout;
        sheet.remove();
      };
      addEventListener('afterprint', away, { once: true });
      print();
    });
  }
}

/** The tasks on the page, the ways to answer as boxes to tick. */
function tasks() {
  const boxes = findAll('[data-list] > [data-name]');
  if (!boxes.length) return [];
  const items = boxes.map((box) => {
    const prompt = findOne('[data-of=guess] > p', box).cloneNode(true);
    const build = findOne('[data-of=build] > p', box).cloneNode(true);
    const lines = Array.from({ length: LINES }, () => element('div', { className: 'line' }));
    return element('li', {}, prompt, ways(box), build, ...lines);
  });
  return [element('h2', {}, 'Tasks'), element('ol', {}, ...items)];
}

/** @param {HTMLElement} box of a task */
function ways(box) {
  const answers = findAll('[data-of=guess] [data-answer]', box).map((one) => one.textContent);
  if (findAll('[data-of=guess] input', box).length) return element('p', {}, 'My guess: ____________');
  return element('p', {}, answers.map((one) => `☐ ${one}`).join('   '));
}

/** Where the sheet comes from, unless nobody else could open it. @param {Spec} spec @param {Engine} engine */
function link(spec, engine) {
  if (isOnlyHere(location)) return [];
  const address = shortAddress(spec, engine);
  const code = linkCode(address);
  return [element('p', { className: 'from' }, ...(code ? [code] : []), element('span', {}, address))];
}
