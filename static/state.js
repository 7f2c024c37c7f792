// @ts-nocheck: its types are still to be written
/** Untrusted values, from a link or a control, turned into an explorer's state. */

const SHOWN_LENGTH = 40;
// What Python's float() reads as finite, and what its strip() takes off a text.
const NUMERAL = /^[\t-\r\x85\p{Z}]*([+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?)[\t-\r\x85\p{Z}]*$/iu;
const BLANK = /[\t-\r\x1c-\x1f\x85\p{Z}]/u;

/** @typedef {{name: string, kind: string, label: string, bounds?: [number, number], whole?: boolean, objects: string[], default: unknown}} Parameter */
/** @typedef {Record<string, any>} State */
/** @typedef {{kind: 'refused' | 'note', key: string, text: string}} Message */
/** @typedef {{compute: Function, move: Function, gestures: string[]}} Twin */

/** Why an untrusted value cannot be taken, in words for the reader. */
export class Refused extends Error {}

/**
 * Apply untrusted changes one by one; what cannot be applied is refused with a message.
 * @param {Twin} explorer
 * @param {{parameters: Parameter[], players?: Record<string, string>}} spec
 * @param {State} state left as it is
 * @param {[string, unknown][]} changes
 * @returns {{state: State, messages: Message[]}}
 */
export function applyChanges(explorer, spec, state, changes) {
  const messages = [];
  let current = state;
  for (const [key, raw] of changes) {
    try {
      const { note, ...moved } = movedBy(explorer, spec, current, key, raw);
      if (note) messages.push({ kind: 'note', key, text: note });
      current = { ...current, ...moved };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      messages.push({ kind: 'refused', key: shown(key).slice(1, -1), text: error.message });
    }
  }
  return { state: current, messages };
}

function movedBy(explorer, { parameters, players }, state, key, raw) {
  const [, name, place] = key.match(/^([^:]*)(?::(.*))?$/s);
  const parameter = parameters.find((known) => known.name === name);
  if (key === 'reset') return Object.fromEntries(parameters.map((known) => [known.name, known.default]));
  const indexed = place !== undefined;
  const fits = parameter && (!indexed || parameter.kind === 'numbers');
  if (!fits && !explorer.gestures.includes(name)) {
    throw new Refused(`This page has nothing called ${shown(key)}.`);
  }
  if (Object.hasOwn(players ?? {}, name) && raw !== null && raw !== 'end') {
    throw new Refused(`${name} takes one step, or goes to its “end”; ${shown(raw)} is neither.`);
  }
  const index = indexed ? entryAt(state, name, place) : null;
  return explorer.move(state, name, parameter && !indexed ? coerce(parameter, raw) : raw, index);
}

/** The place of an entry of a parameter or, for a gesture, of an outcome. */
function entryAt(state, name, place) {
  const count = (state[name] ?? state.labels)?.length ?? 0;
  if (/^\d{1,3}$/.test(place) && Number(place) < count) return Number(place);
  throw new Refused(`There is no outcome number ${shown(place)}; there are ${count}.`);
}

const COERCIONS = {
  number: numberIn,
  choice: chosen,
  numbers: (parameter, raw) =>
    listed(parameter, raw).map((item) => finite(`each entry of ${parameter.label}`, item)),
  text: typed,
  texts: (parameter, raw) => listed(parameter, raw).map((item) => nameIn(parameter.label, item)),
};

function numberIn({ label, bounds, whole }, raw) {
  const value = within(label, finite(label, raw), bounds, raw);
  if (!whole || Number.isInteger(value)) return value;
  throw new Refused(`${label} must be a whole number; ${shown(raw)} is not.`);
}

/**
 * A raw value as the parameter's value; throws Refused, saying why it is none.
 * @param {Parameter} parameter
 * @param {unknown} raw
 */
export function coerce(parameter, raw) {
  return COERCIONS[parameter.kind](parameter, raw);
}

/** Quote an untrusted value, shortened, for a message. @param {unknown} raw */
export function shown(raw) {
  const letters = Array.from(written(raw), (letter) => (isPrintable(letter) ? letter : '\ufffd'));
  const cut = letters.length > SHOWN_LENGTH ? [...letters.slice(0, SHOWN_LENGTH), '…'] : letters;
  return `“${cut.join('')}”`;
}

/** A raw value as a finite double; throws Refused, naming it. @param {string} label @param {unknown} raw */
export function finite(label, raw) {
  const value = typeof raw === 'string' ? Number(raw.match(NUMERAL)?.[1] ?? NaN) : raw;
  if (Number.isFinite(value)) return value + 0; // -0 becomes 0
  throw new Refused(`${label} must be a number; ${shown(raw)} is not.`);
}

/** The value; throws Refused where it lies outside the bounds. */
export function within(label, value, [low, high], raw) {
  if (low <= value && value <= high) return value;
  throw new Refused(
    `${label} must lie between ${significant(low)} and ${significant(high)}; ${shown(raw)} does not.`,
  );
}

/** A name that fits a link and a picture; throws Refused, saying why it does not. */
export function nameIn(label, raw, longest = 24) {
  const letters = typeof raw === 'string' ? stripped(Array.from(raw)) : [];
  const fits = letters.length >= 1 && letters.length <= longest && !letters.includes(',');
  if (fits && letters.every(isPrintable)) return letters.join('');
  throw new Refused(
    `A name in ${label} has 1 to ${longest} letters and no comma; ${shown(raw)} does not fit.`,
  );
}

/**
 * Write a number to so many significant digits as Python's `g` does: ties to even, no trailing zeros.
 * @param {number} number
 * @param {number} [digits]
 */
export function significant(number, digits = 6) {
  const [mantissa, exponent] = halfToEven(number, digits).split('e');
  if (exponent >= -4 && exponent < digits) return String(Number(`${mantissa}e${exponent}`));
  return `${Number(mantissa)}e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`;
}

/** As toExponential, which takes ties up. */
function halfToEven(number, digits) {
  const up = number.toExponential(digits - 1);
  const isTie = /^50*$/.test(number.toExponential(100).split('e')[0].split('.')[1].slice(digits - 1));
  const isOdd = /[13579]e/.test(up);
  return isTie && isOdd ? (number * (1 - Number.EPSILON)).toExponential(digits - 1) : up;
}

function stripped(letters) {
  const isInk = (letter) => !BLANK.test(letter);
  return letters.slice(Math.max(0, letters.findIndex(isInk)), letters.findLastIndex(isInk) + 1);
}

/** Letters, digits, signs and the plain space, as Python's isprintable has it. */
function isPrintable(letter) {
  return letter === ' ' || !/[\p{C}\p{Z}]/u.test(letter);
}

/** Write an entry of a list as Python does. */
function quoted(item) {
  return typeof item === 'string' ? `'${item}'` : written(item);
}

/** Write a value as Python does, whose messages these are. */
function written(raw) {
  if (typeof raw === 'string') return raw;
  if (Array.isArray(raw)) return `[${raw.map(quoted).join(', ')}]`;
  if (raw === null || raw === undefined) return 'None';
  if (typeof raw === 'boolean') return raw ? 'True' : 'False';
  if (Math.abs(raw) < 1e-4 && raw !== 0) return raw.toExponential().replace(/e-(\d)$/, 'e-0$1');
  return { NaN: 'nan', Infinity: 'inf', '-Infinity': '-inf' }[raw] ?? String(raw);
}

function chosen({ label, objects }, raw) {
  if (objects.includes(raw)) return raw;
  throw new Refused(`${label} must be ${objects.join(' or ')}; ${shown(raw)} is not.`);
}

function typed({ label, bounds: [low, high] }, raw) {
  if (typeof raw !== 'string') throw new Refused(`${label} must be a text; ${shown(raw)} is not.`);
  const count = [...raw].length;
  if (low <= count && count <= high) return readable(label, raw);
  throw new Refused(`${label} must have ${low} to ${high} characters; there are ${count}.`);
}

/** The text; throws Refused where it holds what nobody can read. @param {string} label @param {string} text */
export function readable(label, text) {
  const place = Array.from(text).findIndex((letter) => /[\p{Cc}\p{Cs}]/u.test(letter) && !'\n\t'.includes(letter));
  if (place < 0) return text;
  const code = Array.from(text)[place].codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
  throw new Refused(
    `${label} may hold no control characters but line breaks and tabs; character ${place + 1} is U+${code}.`,
  );
}

function listed({ label, bounds: [low, high] }, raw) {
  if (raw === '' && low === 0) return [];
  const items = typeof raw === 'string' ? raw.split(',') : raw;
  if (!Array.isArray(items)) throw new Refused(`${label} must be a list; ${shown(raw)} is not.`);
  if (low <= items.length && items.length <= high) return items;
  throw new Refused(`${label} needs ${low} to ${high} entries; there are ${items.length}.`);
}
