/** The one front end: it binds the page's declaration to an engine and paints what comes back. */

import { buildControl, element, setAttribute, setText } from './controls.js';
import { columnsOf, moveRanges, painted, paintRoles } from '../bokeh/models.js';
import { bindDrags } from './drag.js';
import { endsOf } from './axes.js';
import { formatFull, formatNumber, formatPython } from './format.js';
import { downloads } from './downloads.js';
import { embedCode, followHost } from './embedded.js';
import { lightenBokeh } from '../bokeh/patches.js';
import { address, leftOut, linkWriter, writeLink } from './link.js';
import { bindLabels } from './labels.js';
import { phrased } from './messages.js';
import { bindPlayers } from './player.js';

const SETTLE = 300; // ms without a new frame that end a movement
const CALM = 150; // ms between two writings of the numbers that stand in running text
const SPEAK = 1000; // ms between two sentences for a screen reader

/**
 * @typedef {object} Engine
 * @property {any} frame the last result: state, messages, readouts, ranges, flags, slots, controls, choices
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
  lightenBokeh();
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
  const messages = bindMessages(spec.sentences);
  const write = linkWriter(spec, engine.inFragment);
  const show = bindFlags(find('[data-show]'));
  const labels = bindLabels(spec.labels, (name) => lookUp(name, spec, engine.frame));
  const moveAxes = (growing) => {
    moveRanges(engine.frame.ranges, growing, (name, span) => endsOf(spec.axes[name], span, spec.ladder));
    labels.paint();
  };
  const tables = bindTables(spec, find, labels.tableColumns);
  const calmly = atMostEvery(CALM, () => { paintProse(engine.frame); tables(false); });
  const ended = whenStill(SETTLE, () => {
    moveAxes(isDragging());
    paintControls(engine.frame);
    tables(true);
    leadOn(find('[data-full], [data-live]'), spec, engine);
  });
  const speak = whenStill(SPEAK, () => {
    setText(find('[data-status]')[0], shownText(find('[data-sentence]')[0]));
  });
  const isDragging = watchDragging(ended);
  bindButtons(spec, find, engine, act, downloads(spec, labels.tableColumns));
  bindDrags(find('[data-drag]'), spec.parameters, engine, send);
  const paint = () => {
    const { frame } = engine;
    show(frame.flags);
    moveAxes(isDragging() || players.plays());
    paintControls(frame);
    paintText(frame);
    paintValues(frame);
    paintPassages(frame);
    paintLeftOut(find('[data-left-out]')[0], leftOut(spec.parameters, frame.state));
    calmly();
    messages(frame.messages);
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
  moveAxes(false);
  painted().then(() => { document.documentElement.dataset.ready = 'true'; });
  return { send, say };
}

/** What a link to this state does not hold, and why. */
function paintLeftOut(place, names) {
  place.hidden = names.length === 0;
  setText(place, `Too long for a link, so the link leaves it out: ${names.join(', ')}.`);
}

/** Point the links to this explorer elsewhere, full size or live, at the state shown here. */
function leadOn(links, spec, engine) {
  for (const link of links) {
    const { live } = link.dataset;
    link.href = live ? `${live}?${writeLink('', spec, engine.frame.state)}` : address(spec, engine);
  }
}

/** Controls show the state or, where a result says so, what it has become. */
function bindControls(spec, find, send) {
  const paints = spec.parameters.flatMap((parameter) =>
    find(`[data-control="${parameter.name}"]`).map((place) =>
      buildControl(place, parameter, send)));
  return ({ state, controls }) => paints.forEach((paint) => paint({ ...state, ...controls }));
}

/** Values that texts may name: state, slots, readouts, what follows from the unit, and `source.column`. */
function lookUp(name, spec, frame) {
  const given = { ...frame.state, ...frame.slots, ...frame.readouts, ...spec.unit_slots[frame.state.unit] };
  if (name in given) return given[name];
  const [source, column] = name.split('.');
  return columnsOf(source)[column];
}

/** The snippet of Python, with every number in full. */
function codeOf(spec, frame) {
  return spec.code.replace(/\{([\w.]+)\}/g, (_, name) => {
    const value = lookUp(name, spec, frame);
    return typeof value === 'string' ? value : formatPython(value);
  });
}

/** The parts of the page that a flag shows. */
function bindFlags(places) {
  const bound = places.map((place) => [place, place.dataset.show]);
  return (flags) => {
    for (const [place, name] of bound) {
      if (place.hidden === flags[name]) place.hidden = !flags[name];
    }
  };
}

/** The text of an element, less what no flag shows now. */
function shownText(place) {
  const copy = place.cloneNode(true);
  for (const hidden of copy.querySelectorAll('[hidden]')) hidden.remove();
  return copy.textContent.replace(/\s+/g, ' ').trim();
}

function bindText(spec, find) {
  const readouts = find('[data-readout]');
  const slots = find('[data-slot]');
  const codes = find('[data-code]');
  const scales = find('[data-var]');
  return (frame) => {
    for (const place of readouts) {
      const { readout } = place.dataset;
      setText(place, formatNumber(frame.readouts[readout], spec.readouts[readout]));
    }
    for (const place of slots) setText(place, slotText(place, spec, frame));
    for (const place of codes) setText(place, codeOf(spec, frame));
    for (const place of scales) place.style.setProperty('--value', frame.readouts[place.dataset.var]);
  };
}

/** The full double of each number, for scripts, assistive tools and tests. */
function bindValues(places) {
  return (frame) => {
    for (const place of places) {
      setAttribute(place, 'data-value', formatFull(frame.readouts[place.dataset.readout]));
    }
  };
}

function slotText(place, spec, frame) {
  const { slot, paren } = place.dataset;
  const value = lookUp(slot, spec, frame);
  if (typeof value === 'string') return value;
  const text = slot in spec.readouts ? formatNumber(value, spec.readouts[slot]) : formatFull(value).replace('-', '−');
  return paren !== undefined && value < 0 ? `(${text})` : text;
}

/** The live tables are painted on every frame, the others when open and once a movement has ended. */
function bindTables(spec, find, columnsOfTable) {
  const paint = (table, place) => paintTable(table.columns, columnsOfTable(table), place, spec.rows_shown);
  const bound = spec.tables.flatMap((table) => find(`[data-table="${table.name}"]`).map((place) => [table, place]));
  for (const [table, place] of bound) {
    place.closest('details')?.addEventListener('toggle', () => paint(table, place));
  }
  return (atRest) => {
    for (const [table, place] of bound) {
      const wanted = table.live ? !atRest : atRest && place.closest('details').open;
      if (wanted) paint(table, place);
    }
  };
}

function paintTable(columns, data, body, most) {
  const length = data[columns[0][0]]?.length ?? 0;
  const stride = Math.max(1, Math.ceil((length - 1) / (most - 1)));
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

function bindButtons(spec, find, engine, act, saving) {
  const presetOf = (name) => {
    const preset = spec.presets[name];
    if (typeof preset === 'string') return [[preset, null]];
    return [['reset', null], ...Object.entries(preset), ['unit', engine.frame.state.unit]];
  };
  const deeds = {
    ...saving,
    preset: (button) => act(presetOf(button.dataset.name)),
    gesture: (button) => act([[button.dataset.name, null]]),
    reset: () => act([['reset', null]]),
    'copy-code': (button) => copy(button, codeOf(spec, engine.frame)),
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
function bindMessages(sentences) {
  const box = document.querySelector('[data-messages]');
  const list = box.querySelector('ul');
  box.querySelector('button').addEventListener('click', () => { box.hidden = true; });
  return (messages) => {
    if (messages.length === 0 && box.hidden) return;
    box.hidden = messages.length === 0;
    const items = messages.map((one) => element('li', { className: one.kind }, phrased(sentences, one)));
    list.replaceChildren(...items);
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
