/** The one front end: it binds the page's declaration to an engine and paints what comes back. */

import { applyPatches } from './bokeh/patches.js';
import { buildControl, element, setAttribute, setText } from './controls.js';
import { columnsOf, moveRanges, painted, paintRoles } from './figures.js';
import { bindDrags } from './drag.js';
import { formatFull, formatNumber, formatPython } from './format.js';
import { downloads } from './downloads.js';
import { embedCode, followHost } from './embedded.js';
import { address, leftOut, linkWriter, writeLink } from './link.js';
import { bindPlayers } from './player.js';

const SETTLE = 300; // ms without a new frame that end a movement
const CALM = 150; // ms between two writings of the numbers that stand in running text
const SPEAK = 1000; // ms between two sentences for a screen reader
const BASES = { bits: '2', nats: 'math.e' };
const LOGARITHMS = { bits: 'log₂', nats: 'ln' };

/**
 * @typedef {object} Engine
 * @property {any} frame the last result: state, readout, range, words, show, controls, messages
 * @property {(changes: [string, unknown][]) => void} send
 * @property {(paint: () => void, paintProgress: () => void) => void} listen
 * @property {(request: object) => void} [ask] starts or cancels work, or brings a chunk of a file
 * @property {any} [progress] how far work and files are
 * @property {Function} [bindWork] binds what only this engine can do to the page
 * @property {boolean} inFragment whether the state lives after # in the address
 */

/**
 * Bring the page to life.
 * @param {any} spec the explorer's declaration
 * @param {Engine} engine
 */
export function mount(spec, engine) {
  applyPatches();
  const find = (selector) => [...document.querySelectorAll(selector)];
  const send = (changes) => { players.end(); engine.send(changes); };
  const undo = undoStack(find('[data-action=undo]'), send);
  const act = (changes) => { undo.push(engine.frame.state); send(changes); };
  const players = bindPlayers(spec.players, find('[data-player]'), engine, undo.push);
  const paintControls = bindControls(spec, find, send);
  const paintValues = bindValues(find('[data-readout]'));
  const paintText = bindText(spec, (selector) => find(`${selector}:not(.more *)`));
  const paintProse = bindText(spec, (selector) => find(`.more ${selector}`));
  const paintPassages = engine.bindPassages?.(find) ?? (() => {});
  const messages = bindMessages();
  const write = linkWriter(spec.parameters, engine.inFragment);
  const tables = bindTables(spec, find);
  const calmly = atMostEvery(CALM, () => { paintProse(engine.frame); tables(false); });
  const ended = whenStill(SETTLE, () => {
    moveRanges(engine.frame.range, isDragging());
    paintControls(engine.frame);
    tables(true);
    leadOn(find('[data-full], [data-live]'), spec, engine);
  });
  const speak = whenStill(SPEAK, () => { find('[data-status]')[0].textContent = fill(spec.status, spec, engine.frame); });
  const isDragging = watchDragging(ended);
  bindButtons(spec, find, engine, act);
  bindDrags(find('[data-drag]'), spec.parameters, engine, send);
  const paint = () => {
    const { frame } = engine;
    moveRanges(frame.range, isDragging() || players.plays());
    paintControls(frame);
    paintText(frame);
    paintValues(frame);
    paintPassages(frame);
    paintLeftOut(find('[data-left-out]')[0], leftOut(spec.parameters, frame.state));
    calmly();
    messages(frame.messages);
    for (const [name, on] of Object.entries(frame.show ?? {})) {
      for (const place of find(`[data-show="${name}"]`)) place.hidden = !on;
    }
    players.follow();
    ended();
    speak();
  };
  const say = (text) => messages([{ kind: 'refused', text }]);
  const paintWork = engine.bindWork?.(spec, find, engine, say) ?? (() => {});
  engine.listen(() => { paint(); paintWork(); write(engine.frame.state); }, paintWork);
  for (const link of find('a[href="#explorer"]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault(); // an address's fragment is the state
      document.getElementById('explorer').focus();
    });
  }
  followHost(watchTheme());
  paint();
  leadOn(find('[data-full], [data-live]'), spec, engine);
  moveRanges(engine.frame.range, false);
  painted().then(() => { document.documentElement.dataset.ready = 'true'; });
  return { send, say };
}

/** What a link to this state does not hold, and why. */
function paintLeftOut(place, names) {
  place.hidden = names.length === 0;
  setText(place, `Too long for a link, so the link leaves it out: ${names.join(', ')}.`);
}

/** Controls show the state or, where a result says so, what it has become. */
/** Point the links to this explorer elsewhere, full size or live, at the state shown here. */
function leadOn(links, spec, engine) {
  for (const link of links) {
    const { live } = link.dataset;
    link.href = live ? `${live}?${writeLink('', spec.parameters, engine.frame.state)}` : address(spec, engine);
  }
}

function bindControls(spec, find, send) {
  const paints = spec.parameters.flatMap((parameter) =>
    find(`[data-control="${parameter.name}"]`).map((place) =>
      buildControl(place, parameter, send)));
  return ({ state, controls }) => paints.forEach((paint) => paint({ ...state, ...controls }));
}

/** Values that texts may name: state, readouts, words and `source.column`. */
function lookUp(name, frame) {
  const { unit } = frame.state;
  const told = { ...frame.state, ...frame.words, ...frame.readout, unit, base: BASES[unit], log: LOGARITHMS[unit] };
  if (name in told) return told[name];
  const [source, column] = name.split('.');
  return columnsOf(source)[column];
}

/** Fill `{name}` in a text, as a reader sees it, or in full for code. */
function fill(template, spec, frame, full = false) {
  return template.replace(/\{([\w.]+)\}/g, (_, name) => {
    const value = lookUp(name, frame);
    if (typeof value === 'string') return value;
    return full ? formatPython(value) : formatNumber(value, spec.readouts[name]);
  });
}

function bindText(spec, find) {
  const readouts = find('[data-readout]');
  const slots = find('[data-slot]');
  const codes = find('[data-code]');
  const scales = find('[data-var]');
  return (frame) => {
    for (const place of readouts) {
      const { readout } = place.dataset;
      setText(place, formatNumber(frame.readout[readout], spec.readouts[readout]));
    }
    for (const place of slots) setText(place, slotText(place, spec, frame));
    for (const place of codes) setText(place, fill(spec.code, spec, frame, true));
    for (const place of scales) place.style.setProperty('--value', frame.readout[place.dataset.var]);
  };
}

/** The full double of each number, for scripts, assistive tools and tests. */
function bindValues(places) {
  return (frame) => {
    for (const place of places) {
      setAttribute(place, 'data-value', formatFull(frame.readout[place.dataset.readout]));
    }
  };
}

function slotText(place, spec, frame) {
  const { slot, paren } = place.dataset;
  const value = lookUp(slot, frame);
  if (typeof value === 'string') return value;
  const text = slot in spec.readouts ? formatNumber(value, spec.readouts[slot]) : formatFull(value).replace('-', '−');
  return paren !== undefined && value < 0 ? `(${text})` : text;
}

/** The live tables are painted on every frame, the others when open and once a movement has ended. */
function bindTables(spec, find) {
  const bound = spec.tables.flatMap((table) => find(`[data-table="${table.name}"]`).map((place) => [table, place]));
  for (const [table, place] of bound) {
    place.closest('details')?.addEventListener('toggle', () => paintTable(table, place));
  }
  return (atRest) => {
    for (const [table, place] of bound) {
      const wanted = table.live ? !atRest : atRest && place.closest('details').open;
      if (wanted) paintTable(table, place);
    }
  };
}

const MOST_ROWS = 41;

function paintTable({ source, columns }, body) {
  const data = columnsOf(source);
  const length = data[columns[0][0]]?.length ?? 0;
  const stride = Math.max(1, Math.ceil((length - 1) / (MOST_ROWS - 1)));
  const rows = Math.min(length, Math.floor((length - 1) / stride) + 1);
  while (body.rows.length > rows) body.deleteRow(-1);
  while (body.rows.length < rows) body.append(element('tr', {}, ...columns.map(() => element('td'))));
  for (let row = 0; row < rows; row += 1) {
    columns.forEach(([column, digits], place) => {
      const value = data[column][row * stride];
      setText(body.rows[row].cells[place], typeof value === 'string' ? value : formatNumber(value, { digits, style: 'rounded' }));
    });
  }
}

function bindButtons(spec, find, engine, act) {
  const presetOf = (name) => {
    const preset = spec.presets[name];
    if (typeof preset === 'string') return [[preset, null]];
    return [['reset', null], ...Object.entries(preset), ['unit', engine.frame.state.unit]];
  };
  const deeds = {
    ...downloads(spec),
    preset: (button) => act(presetOf(button.dataset.name)),
    gesture: (button) => act([[button.dataset.name, null]]),
    reset: () => act([['reset', null]]),
    'copy-code': (button) => copy(button, fill(spec.code, spec, engine.frame, true)),
    'copy-link': (button) => copy(button, address(spec, engine)),
    'copy-embed': (button) => copy(button, embedCode(spec, engine)),
  };
  for (const button of find('[data-action]')) {
    button.addEventListener('click', () => deeds[button.dataset.action]?.(button));
  }
}

async function copy(button, text) {
  const said = button.dataset.said ??= button.textContent; // which may be “Copied” by now
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    window.prompt('Copy this:', text);
  }
  setTimeout(() => { button.textContent = said; }, 1500);
}

/** What Undo brings back: the states before a preset, a reset or a button. */
function undoStack(buttons, send) {
  const states = [];
  const show = () => buttons.forEach((button) => { button.disabled = states.length === 0; });
  for (const button of buttons) {
    button.addEventListener('click', () => {
      send([['reset', null], ...Object.entries(states.pop())]);
      show();
    });
  }
  return { push(state) { states.push(state); show(); } };
}

/** Refusals and notes, as text, until the next movement that has none or until closed. */
function bindMessages() {
  const box = document.querySelector('[data-messages]');
  const list = box.querySelector('ul');
  box.querySelector('button').addEventListener('click', () => { box.hidden = true; });
  return (messages) => {
    if (messages.length === 0 && box.hidden) return;
    box.hidden = messages.length === 0;
    list.replaceChildren(...messages.map(({ kind, text }) => element('li', { className: kind }, text)));
  };
}

/** Whether a hand is on a slider now; calls `ended` when it lets go. */
function watchDragging(ended) {
  let dragging = false;
  document.addEventListener('pointerdown', (event) => {
    const { target } = event;
    dragging = (target instanceof HTMLInputElement && target.type === 'range') || Boolean(target.closest('[data-drag]'));
  });
  for (const name of ['pointerup', 'pointercancel']) {
    document.addEventListener(name, () => { dragging = false; ended(); });
  }
  return () => dragging;
}

/** Now, or once the wait since the last time is over. */
function atMostEvery(wait, act) {
  let timer = 0;
  let last = -Infinity;
  const run = () => { timer = 0; last = performance.now(); act(); };
  return () => {
    if (timer) return;
    const left = last + wait - performance.now();
    if (left > 0) timer = setTimeout(run, left);
    else run();
  };
}

function whenStill(wait, act) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(act, wait); };
}

/** Repaint the figures when the theme turns: by the button, the system or, returned, by hand. */
function watchTheme() {
  const root = document.documentElement;
  paintRoles();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paintRoles);
  new MutationObserver(paintRoles).observe(root, { attributeFilter: ['data-theme'] });
  return (theme) => { root.dataset.theme = theme; };
}
