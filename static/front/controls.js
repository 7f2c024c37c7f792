/** Native controls: named, reached by keyboard and touch. Each paints itself from the state. */

import { formatFull, formatPlain } from './format.js';

const HELD = 250; // ms after a step in which the handle is the reader's
const TYPED = 400; // ms after a key in which a text is still being typed
const LOCK = 'M5 9V6.5a3.5 3.5 0 0 1 7 0V9M3.5 9h10v7h-10z';
const OPEN = 'M5 9V5.5a3.5 3.5 0 0 1 6.8-1M3.5 9h10v7h-10z';

/** @typedef {(changes: [string, unknown][]) => void} Send */

/** Make an element with attributes and children. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in made && name !== 'list') made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Set an attribute, or leave the page alone where it is so already. */
export function setAttribute(place, name, value) {
  if (place.getAttribute(name) !== value) place.setAttribute(name, value);
}

/** Write a text, or leave the page alone where it stands already; its node is kept. */
export function setText(place, text) {
  const node = place.firstChild;
  if (node?.nodeType !== Node.TEXT_NODE || place.lastChild !== node) {
    if (place.textContent !== text) place.textContent = text;
  } else if (node.data !== text) node.data = text;
}

/**
 * Fill a container with a parameter's control.
 * @param {HTMLElement} place
 * @param {any} parameter its entry in the declaration
 * @param {Send} send
 * @returns {(state: any) => void} paints the control from a state
 */
export function buildControl(place, parameter, send) {
  const { kind, bounds } = parameter;
  const many = kind === 'numbers' && bounds[0] === bounds[1] ? buildTable : buildShares;
  const build = { number: buildNumber, choice: buildChoice, numbers: many, text: buildText }[kind];
  return build(place, parameter, send);
}

/** A slider and a typed number for one value; `key()` and `label` may change as outcomes do. */
function pair(bounds, step, onMove) {
  const [min, max] = bounds.map(String);
  const slider = element('input', { type: 'range', min, max, step: String(step) });
  const typed = element('input', { type: 'number', min, max, step: String(step), inputMode: 'decimal' });
  let moved = -Infinity;
  slider.addEventListener('input', () => { moved = performance.now(); onMove(slider.valueAsNumber); });
  typed.addEventListener('input', () => { typed.dataset.dirty = ''; });
  typed.addEventListener('change', () => {
    delete typed.dataset.dirty;
    const number = typed.valueAsNumber;
    onMove(Number.isNaN(number) ? typed.value : number);
  });
  const paint = (value, label) => {
    // An answer to an earlier step must not pull the handle back from under a hand or a held key.
    const still = performance.now() - moved > HELD;
    if (still && slider.valueAsNumber !== value) slider.value = String(value);
    slider.style.setProperty('--at', String((value - bounds[0]) / (bounds[1] - bounds[0])));
    const text = formatPlain(value);
    setAttribute(slider, 'aria-valuetext', text);
    if (!('dirty' in typed.dataset) && typed.value !== text) typed.value = text;
    setAttribute(typed, 'title', formatFull(value));
    for (const input of [slider, typed]) setAttribute(input, 'aria-label', label);
  };
  return { slider, typed, paint };
}

function buildNumber(place, { name, label, bounds, step }, send) {
  const { slider, typed, paint } = pair(bounds, step, (raw) => send([[name, raw]]));
  place.append(element('label', { className: 'short' }, place.dataset.short, slider), typed);
  return (state) => paint(state[name], label);
}

function buildChoice(place, { name, label, objects }, send) {
  const inputs = objects.map((value) => element('input', { type: 'radio', name, value }));
  const labels = inputs.map((input) => element('label', {}, input, element('span', {}, input.value)));
  const group = element('div', { className: 'choice', role: 'radiogroup', ariaLabel: label }, ...labels);
  group.addEventListener('change', (event) => send([[name, event.target.value]]));
  place.append(group);
  return (state) => {
    for (const input of inputs) input.checked = input.value === state[name];
  };
}

/** A text area that sends once a hand has rested, and shows a new text when it is not being typed in. */
function buildText(place, { name, label, bounds }, send) {
  const area = element('textarea', { ariaLabel: label, maxLength: bounds[1], spellcheck: false, rows: 5 });
  let timer = 0;
  const now = () => { clearTimeout(timer); timer = 0; send([[name, area.value]]); };
  area.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(now, TYPED); });
  area.addEventListener('change', () => { if (timer) now(); });
  place.append(area);
  let shown = '';
  return (state) => {
    if (!timer && state[name] !== shown) area.value = state[name];
    shown = state[name];
  };
}

/** A row an outcome: rename, slider, typed number, lock, remove. Rows stay as outcomes change. */
function buildShares(place, parameter, send) {
  const rows = [];
  return (state) => {
    while (rows.length < state.labels.length) {
      rows.push(buildShare(place, parameter, rows.length, send));
    }
    while (rows.length > state.labels.length) rows.pop().remove(rows.at(-1));
    rows.forEach((row) => row.paint(state));
  };
}

/** A square table, of which `rows` × `columns` show: a typed number a cell, a slider for the chosen one. */
function buildTable(place, { name, label, bounds: [count], step }, send) {
  const side = Math.sqrt(count);
  const grid = element('div', { className: 'grid' });
  const sliders = element('label', { className: 'short' }, element('span'));
  let chosen = 0;
  let last = null;
  const cells = Array.from({ length: count }, (_, i) => {
    const cell = pair([0, 1], step ?? 0.001, (raw) => send([[`${name}:${i}`, raw]]));
    cell.typed.addEventListener('focus', () => { chosen = i; paint(last); });
    return cell;
  });
  grid.append(...cells.map(({ typed }) => typed));
  sliders.append(...cells.map(({ slider }) => slider));
  place.append(grid, sliders);
  const paint = (state) => {
    last = state;
    const shows = (i) => i % side < state.columns && Math.floor(i / side) < state.rows;
    if (!shows(chosen)) chosen = 0;
    grid.style.setProperty('--columns', String(state.columns));
    cells.forEach(({ slider, typed, paint: paintCell }, i) => {
      const [row, column] = [Math.floor(i / side) + 1, (i % side) + 1];
      paintCell(state[name][i], `${label} of X${row} and Y${column}`);
      typed.hidden = !shows(i);
      typed.style.setProperty('--share', String(state[name][i]));
      typed.classList.toggle('chosen', i === chosen);
      slider.hidden = i !== chosen;
      if (i === chosen) sliders.firstChild.textContent = `X${row}, Y${column}`;
    });
  };
  return paint;
}

/** P's rows name and remove the outcomes that Q shares; each distribution keeps its own locks. */
function buildShare(place, { name, label, step }, index, send) {
  const key = (gesture) => `${gesture}:${index}`;
  const second = name === 'p' ? '' : `_${name}`;
  const ofOutcome = (outcome) => label.replace(/^\w+/, (noun) => `${noun} of ${outcome}`);
  const { slider, typed, paint } = pair([0, 1], step ?? 0.001, (raw) => send([[key(name), raw]]));
  const title = element(second ? 'span' : 'button', { className: 'name' });
  if (!second) title.addEventListener('click', () => rename(title, (text) => send([[key('rename'), text]])));
  const lock = element('button', { type: 'button', className: 'icon lock' }, icon());
  lock.addEventListener('click', () => send([[key(`lock${second}`), null]]));
  const remove = element('button', { type: 'button', className: 'icon' }, '×');
  remove.addEventListener('click', () => send([[key('remove'), null]]));
  remove.hidden = Boolean(second);
  const row = element('div', { className: 'share' }, title, slider, typed, lock, remove);
  place.append(row);
  return {
    paint(state) {
      const outcome = state.labels[index];
      const locked = state[`locked${second}`].includes(outcome);
      paint(state[name][index], ofOutcome(outcome));
      if (title.textContent !== outcome) title.textContent = outcome;
      if (!second) title.ariaLabel = `rename ${outcome}`;
      lock.ariaLabel = `lock ${outcome}${second && ' in '}${second && name.toUpperCase()}`;
      lock.ariaPressed = String(locked);
      lock.querySelector('path').setAttribute('d', locked ? LOCK : OPEN);
      remove.ariaLabel = `remove ${outcome}`;
      remove.disabled = state.labels.length <= 2;
    },
    remove(previous) {
      const hadFocus = row.contains(document.activeElement);
      row.remove();
      if (hadFocus) previous?.focus();
    },
    focus: () => title.focus(),
  };
}

function icon() {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 17 18');
  svg.append(document.createElementNS(namespace, 'path'));
  return svg;
}

/** Edit a name in place: Enter or leaving keeps it, Escape does not. */
function rename(title, keep) {
  const input = element('input', { value: title.textContent, className: 'renaming', ariaLabel: 'new name' });
  let done = false;
  const finish = (kept) => {
    if (done) return;
    done = true;
    const text = input.value;
    input.replaceWith(title);
    if (kept && text !== title.textContent) keep(text);
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
