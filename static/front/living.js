/** The table whose rows are played with: each row's miniature is built when it opens first. */

import { applyChanges } from '../contract/parameters.js';
import { builders } from './controls.js';
import { bindPlot } from './drawing.js';
import { findAll, findOne, setAttribute, setText } from './elements.js';
import { entriesText, formatFull, readoutText } from './format.js';
import { phrased } from './messages.js';
import { whenStill } from './timing.js';

const STILL = 600; // ms after a movement, when a screen reader hears where it led

/** @typedef {{parameters: any[], readouts: Record<string, NumberFormat>, plots: any[]}} RowSpec */

/**
 * Bind the rows, what finds them, the address that opens one, and paper, which has all open.
 * @param {{compute: Function}} twin
 * @param {{rows: Record<string, RowSpec>, sentences: Record<string, string>}} spec
 */
export function startLiving(twin, spec) {
  const rows = findAll('[data-row]').map((place) => ({ place, build: builderOf(place, twin, spec) }));
  for (const { place, build } of rows) {
    place.addEventListener('toggle', () => {
      if (place.hasAttribute('open')) build();
    });
    if (place.hasAttribute('open')) build(); // it was opened before all this was started
  }
  const showAll = bindSift(rows.map(({ place }) => place));
  const openAsked = () => {
    const asked = rows.find(({ place }) => place.id === location.hash.slice(1))?.place;
    if (asked?.hidden) showAll();
    asked?.setAttribute('open', '');
    asked?.scrollIntoView();
  };
  addEventListener('hashchange', openAsked);
  openAsked();
  bindPaper(rows);
}

/** What builds a row once. @param {HTMLElement} place */
function builderOf(place, twin, spec) {
  let built = false;
  return () => {
    if (!built) buildRow(place, twin, spec);
    built = true;
  };
}

/** @param {HTMLElement} place @param {{compute: Function}} twin */
function buildRow(place, twin, { rows, sentences }) {
  const row = place.dataset.row ?? '';
  const { parameters, readouts, plots } = rows[row];
  const home = findOne('[data-miniature]', place);
  home.append(/** @type {HTMLTemplateElement} */ (place.querySelector('template')).content.cloneNode(true));
  const declared = { parameters, gestures: [] };
  let state = applyChanges(twin, declared, {}, [['reset', null]]).state;
  const refused = findOne('[data-refused]', home);
  /** @param {Change[]} changes */
  const send = (changes) => {
    const moved = applyChanges(twin, declared, state, changes);
    state = moved.state;
    setText(refused, moved.messages.map((one) => phrased(sentences, one)).join(' '));
    paint();
  };
  const controls = parameters.map((one) => buildControl(home, one, send));
  const figures = plots.map((plot) => {
    const svg = /** @type {any} */ (findOne(`[data-plot="${plot.name}"] svg`, home));
    return bindPlot(svg, plot, parameters, send);
  });
  const texts = bindTexts(home, readouts);
  const say = whenStill(STILL, () => {
    const [number] = findAll('.numbers > div', home);
    setText(findOne('[data-status]'), `${findOne('summary b', place).textContent}: ${number.textContent}`);
  });
  const paint = () => {
    const result = twin.compute({ row, ...state });
    for (const control of controls) control(state);
    for (const draw of figures) draw(result.tables, result.ranges);
    texts(state, result);
  };
  findOne('[data-start]', home).addEventListener('click', () => send([['reset', null]]));
  home.addEventListener('input', say);
  home.addEventListener('pointerup', say);
  paint();
}

/** A slider and a field; one with decades goes by them. */
function buildControl(home, parameter, send) {
  const place = findOne(`[data-control="${parameter.name}"]`, home);
  place.dataset.short = parameter.label;
  const paint = builders({}).number?.(place, parameter, send);
  return (state) => paint?.({ ...state, scale: 'logarithmic' }, true);
}

/**
 * The row's numbers and the words under its pictures.
 * @param {HTMLElement} home
 * @param {Record<string, NumberFormat>} readouts
 */
function bindTexts(home, readouts) {
  const outputs = findAll('[data-readout]', home);
  const slots = findAll('[data-slot]', home);
  return (state, result) => {
    for (const place of outputs) {
      const name = place.dataset.readout ?? '';
      setText(place, readoutText(name, { readouts }, result.readouts));
      setAttribute(place, 'data-value', formatFull(result.readouts[name]));
    }
    for (const place of slots) setText(place, slotText(place.dataset.slot ?? '', readouts, state, result));
  };
}

function slotText(name, readouts, state, result) {
  if (name in result.readouts) return readoutText(name, { readouts }, result.readouts);
  if (name in state) return formatFull(state[name]).replace('-', '−');
  const [table, column] = name.split('.');
  return entriesText(Array.from(result.tables[table][column]));
}

/**
 * Show the rows that have the words and are averaged under what is chosen; what is returned shows all.
 * @param {HTMLElement[]} rows
 */
function bindSift(rows) {
  const words = /** @type {HTMLInputElement} */ (findOne('[data-find]'));
  const groups = /** @type {HTMLInputElement[]} */ (findAll('[name=group]'));
  const sift = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const group = groups.find((one) => one.checked)?.value;
    for (const place of rows) {
      const text = `${place.textContent} ${place.dataset.words}`.toLowerCase();
      const own = /** @type {HTMLElement} */ (place.closest('[data-group]')).dataset.group;
      place.hidden = (group && own !== group) || !wanted.every((one) => text.includes(one));
    }
    for (const part of findAll('[data-group]')) {
      part.hidden = rows.every((one) => one.hidden || !part.contains(one));
    }
    const left = rows.filter((one) => !one.hidden).length;
    setText(findOne('[data-none]'), left === rows.length ? '' : `${left} of ${rows.length} losses`);
  };
  words.addEventListener('input', sift);
  for (const one of groups) one.addEventListener('change', sift);
  sift();
  return () => {
    words.value = '';
    groups[0].checked = true;
    sift();
  };
}

/** @param {{place: HTMLElement, build: () => void}[]} rows */
function bindPaper(rows) {
  addEventListener('beforeprint', () => {
    for (const { place, build } of rows.filter((one) => !one.place.hasAttribute('open'))) {
      build();
      place.setAttribute('open', '');
      place.dataset.unfolded = '';
    }
  });
  addEventListener('afterprint', () => {
    for (const { place } of rows.filter((one) => 'unfolded' in one.place.dataset)) {
      place.removeAttribute('open');
      delete place.dataset.unfolded;
    }
  });
}
