/** The control of a distribution: a row an outcome, to rename, pull, type, lock or remove. */

import { element, findOne, isOff, setOff } from './elements.js';
import { ofEntry } from './messages.js';
import { numberPair } from './number-pair.js';

const LOCK = 'M5 9V6.5a3.5 3.5 0 0 1 7 0V9M3.5 9h10v7h-10z';
const OPEN = 'M5 9V5.5a3.5 3.5 0 0 1 6.8-1M3.5 9h10v7h-10z';
const FEWEST_ROWS = 2;

/**
 * A row for each outcome; rows stay as outcomes change.
 * @type {BuildControl}
 */
export function buildShares(place, parameter, send) {
  /** @type {ReturnType<typeof buildShare>[]} */
  const rows = [];
  return (state, settled) => {
    while (rows.length < state.labels.length) {
      rows.push(buildShare(place, parameter, rows.length, send));
    }
    while (rows.length > state.labels.length) rows.pop()?.remove(rows.at(-1));
    for (const row of rows) row.paint(state, settled);
  };
}

/**
 * P's rows name and remove the outcomes that Q shares; each distribution keeps its own locks, and numbers
 * that stand alone have none.
 * @param {HTMLElement} place
 * @param {Parameter} parameter
 * @param {number} index
 * @param {Send} send
 */
function buildShare(place, { name, label, step, alone }, index, send) {
  const second = name === 'p' ? '' : `_${name}`;
  /** @type {(gesture: string, raw: unknown) => void} */
  const ask = (gesture, raw) => send([[`${gesture}:${index}`, raw]]);
  const { slider, typed, paint } = numberPair([0, 1], step, (raw) => ask(name, raw));
  const title = element(second ? 'span' : 'button', { className: 'name', dir: 'auto' });
  if (!second) title.addEventListener('click', () => rename(title, (text) => ask('rename', text)));
  const lock = element('button', { type: 'button', className: 'icon lock' }, icon());
  lock.addEventListener('click', () => ask(`lock${second}`, null));
  const remove = element('button', { type: 'button', className: 'icon' }, '×');
  remove.addEventListener('click', () => {
    if (!isOff(remove)) ask('remove', null);
  });
  remove.hidden = Boolean(second);
  lock.hidden = Boolean(alone);
  const row = element('div', { className: 'share' }, title, slider, typed, lock, remove);
  place.append(row);
  return {
    /** @type {PaintControl} */
    paint(state, settled) {
      const outcome = state.labels[index];
      paint(state[name][index], ofEntry(label, outcome), settled);
      if (title.textContent !== outcome) title.textContent = title.title = outcome;
      if (!second) title.ariaLabel = `rename ${outcome}`;
      lock.ariaLabel = `lock ${outcome}${second && ' in '}${second && name.toUpperCase()}`;
      if (!alone) paintLock(lock, state[`locked${second}`].includes(outcome));
      remove.ariaLabel = `remove ${outcome}`;
      setOff(remove, state.labels.length <= FEWEST_ROWS);
    },
    /** @param {{focus: () => void} | undefined} previous the row that gets the focus this one has */
    remove(previous) {
      const hadFocus = row.contains(document.activeElement);
      row.remove();
      if (hadFocus) previous?.focus();
    },
    focus: () => typed.focus(),
  };
}

/** @param {HTMLElement} lock @param {boolean} locked */
function paintLock(lock, locked) {
  lock.ariaPressed = String(locked);
  findOne('path', lock).setAttribute('d', locked ? LOCK : OPEN);
}

function icon() {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 17 18');
  svg.append(document.createElementNS(namespace, 'path'));
  return svg;
}

/**
 * Edit a name in place: Enter or leaving keeps it, Escape does not.
 * @param {HTMLElement} title
 * @param {(text: string) => void} keep
 */
function rename(title, keep) {
  const input = element('input', {
    value: title.textContent,
    className: 'renaming',
    ariaLabel: 'new name',
    dir: 'auto',
  });
  let done = false;
  /** @param {boolean} confirmed */
  const finish = (confirmed) => {
    if (done) return;
    done = true;
    const text = input.value;
    input.replaceWith(title);
    if (confirmed && text !== title.textContent) keep(text);
  };
  input.addEventListener('blur', () => finish(true), { once: true });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault(); // Enter would press the button that gets the focus
    finish(event.key === 'Enter');
    title.focus();
  });
  title.replaceWith(input);
  input.select();
}
