/** Where the focus is: in sight beside what floats over the page, and somewhere once a message is gone. */

import { element, findAll, findOne } from './elements.js';
import { phrased } from './messages.js';

const TALLEST = 0.6; // of a window's height that figures may keep to themselves

/** On a phone the figures stay in sight, where there is height; what has the focus stands below them. */
export function keepInSight() {
  const places = findAll('.figures, .at-hand > div');
  const settle = () => {
    for (const place of places) {
      place.classList.toggle('in-sight', place.offsetHeight <= TALLEST * innerHeight);
    }
    const stuck = places.filter((place) => getComputedStyle(place).position === 'sticky');
    const covered = Math.max(0, ...stuck.map((place) => place.offsetHeight + 8));
    document.documentElement.style.scrollPaddingTop = `${covered}px`;
  };
  const observer = new ResizeObserver(settle);
  for (const place of places) observer.observe(place);
  addEventListener('resize', settle);
}

/**
 * Refusals and notes, as text, until the next movement that has none or until closed, by Escape too;
 * the fields that were refused are marked as long. The focus never goes with the message.
 * @param {Record<string, string>} sentences
 * @returns {(messages: Message[]) => void}
 */
export function bindMessages(sentences) {
  const box = findOne('[data-messages]');
  const list = findOne('ul', box);
  const last = lastFocus(box);
  /** @param {Message[]} messages */
  const show = (messages) => {
    if (messages.length === 0 && box.hidden) return;
    const field = findAll('[aria-invalid]')[0];
    if (messages.length === 0 && box.contains(document.activeElement)) (field ?? last()).focus();
    box.hidden = messages.length === 0;
    document.documentElement.style.scrollPaddingBottom = box.hidden ? '' : `${box.offsetHeight + 24}px`;
    markRefused(messages);
    const items = messages.map((one) => element('li', { className: one.kind }, phrased(sentences, one)));
    list.replaceChildren(...items);
  };
  findOne('button', box).addEventListener('click', () => show([]));
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') show([]);
  });
  return show;
}

/**
 * Say of the fields that messages refuse, and of no others, that what was typed is not taken.
 * @param {Message[]} messages
 */
function markRefused(messages) {
  for (const field of findAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    field.removeAttribute('aria-errormessage');
  }
  for (const { key } of messages.filter(({ kind }) => kind === 'refused')) {
    const field = fieldOf(key ?? '');
    field?.setAttribute('aria-invalid', 'true');
    field?.setAttribute('aria-errormessage', 'messages');
  }
}

/** The field of a parameter, `mu_p`, or of one of its entries, `p:2`. @param {string} key */
function fieldOf(key) {
  const [name, place = '0'] = key.split(':');
  return findAll(`[data-control="${CSS.escape(name)}"] :is(input[role=spinbutton], textarea)`)[Number(place)];
}

/** What gives the element outside of a box that had the focus last, or the explorer. @param {Node} box */
function lastFocus(box) {
  const explorer = findOne('#explorer');
  let last = explorer;
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && !box.contains(target)) last = target;
  });
  return () => (last.isConnected ? last : explorer);
}
