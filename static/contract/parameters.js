/** Untrusted values, from a link or a control, turned into an explorer's state. */

import { quotable, Refused } from './messages.js';

// What Python's float() reads as finite, and what its strip() takes off a text.
const NUMERAL =
  /^[\t-\r\x1c-\x1f\x85\p{Z}]*([+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?)[\t-\r\x1c-\x1f\x85\p{Z}]*$/iu;
const BLANK = /[\t-\r\x1c-\x1f\x85\p{Z}]/u;
const JOINER = /[\u200c\u200d]/; // an invisible part of Persian words and of emoji families
const LONGEST_NAME = 24;
const MOST_CHANGES = 64;

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {string} kind
 * @property {string} label
 * @property {[number, number]} [bounds]
 * @property {boolean} [whole]
 * @property {string[]} objects
 * @property {unknown} default
 */
/** @typedef {Record<string, any>} State */
/** @typedef {{kind: 'refused' | 'note', key: string, code: string, args: Record<string, any>}} Message */
/** @typedef {{compute: Function, move?: Function, entryName?: Function}} Twin */
/**
 * @typedef {object} Declared
 * @property {Parameter[]} parameters
 * @property {string[]} gestures
 * @property {Record<string, string>} [ways] other ways to move an entry of a list, and that list
 * @property {Record<string, string>} [players]
 * @property {string[]} [kept] parameters that scenes and tasks leave alone
 */

/**
 * Apply untrusted changes one by one; what cannot be applied is refused with a message.
 * @param {Twin} explorer
 * @param {Declared} spec
 * @param {State} state left as it is
 * @param {[string, unknown][]} changes
 * @param {string[]} [fixed] parameters that a task's start alone moves
 * @returns {{state: State, messages: Message[]}}
 */
export function applyChanges(explorer, spec, state, changes, fixed = []) {
  const messages = [];
  let current = state;
  for (const [key, raw] of changes) {
    try {
      const { note, ...moved } = kept(spec, current, key, movedBy(explorer, spec, current, key, raw), fixed);
      if (note) messages.push({ kind: 'note', key, ...note });
      current = { ...current, ...moved };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      messages.push({ kind: 'refused', key: quotable(key), ...error.reason });
    }
  }
  return { state: current, messages };
}

/** @param {Declared} spec @returns {State} */
function movedBy(explorer, spec, state, key, raw) {
  const { parameters, gestures, ways = {}, players } = spec;
  const [, name, place] = key.match(/^([^:]*)(?::(.*))?$/s);
  const indexed = place !== undefined;
  const of = indexed && Object.hasOwn(ways, name) ? ways[name] : name;
  const parameter = parameters.find((known) => known.name === of);
  if (key === 'reset') return defaultsOf(spec);
  if (key === 'task-start') return startedFrom(explorer, spec, state, raw);
  const fits = parameter && (!indexed || parameter.kind === 'numbers');
  if (!fits && !gestures.includes(name)) throw new Refused('unknown', { raw: quotable(key) });
  if (Object.hasOwn(players ?? {}, name) && raw !== null && raw !== 'end') {
    throw new Refused('not_a_step', { name, raw: quotable(raw) });
  }
  const index = indexed ? entryAt(state, of, place) : null;
  const move = explorer.move ?? ((_, moved, value) => ({ [moved]: value }));
  return move(state, name, given(explorer, state, parameter, name, raw, index), index);
}

/**
 * The state of a page that nothing is asked of.
 * @param {Pick<Declared, 'parameters'>} spec
 * @returns {State}
 */
export function defaultsOf({ parameters }) {
  return Object.fromEntries(parameters.map(({ name, default: value }) => [name, value]));
}

/** The state that a link's pairs lead to, as a task's start has them. */
function startedFrom(explorer, spec, now, raw) {
  const isPair = (one) => Array.isArray(one) && one.length === 2 && typeof one[0] === 'string';
  const pairs = (Array.isArray(raw) ? raw : []).slice(0, MOST_CHANGES).filter(isPair);
  const defaults = movedBy(explorer, spec, {}, 'reset', null);
  const { state, messages } = applyChanges(
    explorer,
    spec,
    { ...defaults, ...Object.fromEntries((spec.kept ?? []).map((name) => [name, now[name]])) },
    pairs.filter(([key]) => key !== 'task-start'),
  );
  const refused = messages.find(({ kind }) => kind === 'refused');
  if (refused) throw new Refused(refused.code, refused.args);
  return state;
}

/**
 * What moves, less what is fixed where all is reset; else what is fixed refuses. Lists are as long as
 * each other, so where one is fixed a reset leaves all.
 */
function kept({ parameters }, state, key, moved, fixed) {
  if (key === 'task-start') return moved;
  if (key === 'reset') {
    const lists = Object.keys(state).filter((name) => Array.isArray(state[name]));
    const held = lists.some((name) => fixed.includes(name)) ? [...fixed, ...lists] : fixed;
    return Object.fromEntries(Object.entries(moved).filter(([name]) => !held.includes(name)));
  }
  const moves = ({ name }) => fixed.includes(name) && name in moved && !isSame(moved[name], state[name]);
  const stays = parameters.find(moves);
  if (stays) throw new Refused('fixed', { label: stays.label });
  return moved;
}

/** Whether two values of a parameter, perhaps lists, are the same. */
function isSame(one, other) {
  if (!Array.isArray(one)) return one === other;
  return one.length === other.length && one.every((entry, place) => entry === other[place]);
}

function given(explorer, state, parameter, name, raw, index) {
  if (!parameter) return raw;
  if (index === null) return coerce(parameter, raw);
  const entryName = explorer.entryName ?? ((at, _, i) => at.labels[i]);
  return entryIn(parameter, raw, entryName(state, name, index));
}

/** The place of an entry of a parameter or, for a gesture, of an outcome. */
function entryAt(state, name, place) {
  const count = (state[name] ?? state.labels)?.length ?? 0;
  if (/^\d{1,3}$/.test(place) && Number(place) < count) return Number(place);
  throw new Refused('no_outcome', { raw: quotable(place), count });
}

const COERCIONS = {
  number: numberIn,
  choice: chosen,
  numbers: (parameter, raw) =>
    listed(parameter, raw).map((item) => finite(parameter.label, item, 'no_entry')),
  text: typed,
  texts: (parameter, raw) => listed(parameter, raw).map((item) => nameIn(parameter.label, item)),
};

/**
 * A raw value as the parameter's value; throws Refused, saying why it is none.
 * @param {Parameter} parameter
 * @param {unknown} raw
 */
export function coerce(parameter, raw) {
  return COERCIONS[parameter.kind](parameter, raw);
}

/** One entry of a parameter, as its outcome is called; throws Refused. */
function entryIn({ label }, raw, entry) {
  return within(label, finite(label, raw, 'no_number', { entry }), [0, 1], raw, { entry });
}

/** The number that a text is, or NaN. @param {string} text */
export function numeral(text) {
  return Number(text.match(NUMERAL)?.[1] ?? NaN);
}

/** A raw value as a finite double; throws Refused, naming it. */
export function finite(label, raw, code = 'no_number', more = {}) {
  const value = typeof raw === 'string' ? numeral(raw) : raw;
  if (Number.isFinite(value)) return value + 0; // -0 becomes 0
  throw new Refused(code, { label, raw: quotable(raw), ...more });
}

/** The value; throws Refused where it lies outside the bounds. */
export function within(label, value, [low, high], raw, more = {}) {
  if (low <= value && value <= high) return value;
  throw new Refused('outside', { label, low, high, raw: quotable(raw), ...more });
}

/** A name that fits a link and a picture; throws Refused, saying why it does not. */
export function nameIn(label, raw) {
  const letters = typeof raw === 'string' ? stripped(Array.from(raw)) : [];
  const seen = letters.some((letter) => !JOINER.test(letter)) && letters.every(isPrintable);
  if (seen && letters.length <= LONGEST_NAME && !letters.includes(',')) return letters.join('');
  throw new Refused('no_name', { label, longest: LONGEST_NAME, raw: quotable(raw) });
}

function stripped(letters) {
  const isInk = (letter) => !BLANK.test(letter);
  return letters.slice(Math.max(0, letters.findIndex(isInk)), letters.findLastIndex(isInk) + 1);
}

/** Letters, digits, signs and the plain space, as Python's isprintable has it, and joiners. */
export function isPrintable(letter) {
  return letter === ' ' || JOINER.test(letter) || !/[\p{C}\p{Z}]/u.test(letter);
}

function numberIn({ label, bounds, whole }, raw) {
  const value = within(label, finite(label, raw), bounds, raw);
  if (!whole || Number.isInteger(value)) return value;
  throw new Refused('no_whole', { label, raw: quotable(raw) });
}

function chosen({ label, objects }, raw) {
  if (objects.includes(raw)) return raw;
  throw new Refused('no_option', { label, options: objects.join(' or '), raw: quotable(raw) });
}

function typed({ label, bounds: [low, high] }, raw) {
  if (typeof raw !== 'string') throw new Refused('no_text', { label, raw: quotable(raw) });
  const count = [...raw].length;
  if (low <= count && count <= high) return readable(label, raw);
  throw new Refused('text_length', { label, low, high, count });
}

/**
 * The text; throws Refused where it holds what nobody can read.
 * @param {string} label
 * @param {string} text
 */
export function readable(label, text) {
  const letters = Array.from(text);
  const at = letters.findIndex((letter) => /[\p{Cc}\p{Cs}]/u.test(letter) && !'\n\t'.includes(letter));
  if (at < 0) return text;
  const code = Number(letters[at].codePointAt(0)).toString(16).toUpperCase().padStart(4, '0');
  throw new Refused('unreadable', { label, place: at + 1, letter: `U+${code}` });
}

function listed({ label, bounds: [low, high] }, raw) {
  if (raw === '' && low === 0) return [];
  const items = typeof raw === 'string' ? raw.split(',') : raw;
  if (!Array.isArray(items)) throw new Refused('no_list', { label, raw: quotable(raw) });
  if (low <= items.length && items.length <= high) return items;
  throw new Refused('list_length', { label, low, high, count: items.length });
}
