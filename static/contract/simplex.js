/** Distributions over named outcomes, as a reader edits them: pure moves on an explorer's state. */

import { sum } from '../infocore/sum.js';
import { quotable, Refused } from './messages.js';
import { nameIn } from './parameters.js';

/** @typedef {Record<string, any>} State */
/** @typedef {(state: State, value: unknown, index: number | null) => State} Gesture */

const FEWEST = 2;
const MOST = 10;
const ROUNDING = 1e-12; // how far from 1 a sum may stay, an entry
const SHARE_NOISE = 16 * Number.EPSILON; // by which rounding may move a share, relative to it
const TOLERANCE = 1e-9; // how far from 1 it may be before rescaling it needs saying, an entry
const LOCKS = { p: 'locked', q: 'locked_q' }; // each distribution keeps its own locks
const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/**
 * Take whole weights from a link: rescaled to 1 and said so, all zero is uniform.
 * @param {State} state
 * @param {string} name
 * @param {number[]} values
 */
export function asDistribution(state, name, values) {
  const refused = values.find((value) => value < 0);
  if (refused !== undefined) throw new Refused('negative', { raw: refused });
  const fitting = fittingNames(state, name, values.length);
  const { p, note } = normalised(values);
  return { ...fitting, [name]: p, note };
}

/**
 * Move one probability: the unlocked others share the rest in their old proportions.
 * @param {State} state
 * @param {string} name
 * @param {number} wanted
 * @param {number} index
 */
export function moveShare(state, name, wanted, index) {
  const p = [...state[name]];
  const locked = lockedPlaces(state, name, index);
  const free = [...p.keys()].filter((i) => i !== index && !locked.includes(i));
  const most = Math.max(0, 1 - sum(locked.map((i) => p[i])));
  const given = free.length ? Math.min(wanted, most) : most;
  p[index] = given;
  shareOut(p, free, Math.max(0, most - given));
  return { [name]: p, note: limitNote(state, name, index, wanted, given, free.length > 0) };
}

/**
 * How the right edge of each bar, as wide as p, moves with its p as the others give way: it stands at
 * `edge_from` + `edge_gain`·p. Where nothing to its right gives way it stays.
 * @param {ArrayLike<number>} shares
 * @param {string[]} labels
 * @param {string[]} locked
 */
export function rightEdges(shares, labels, locked) {
  const p = Array.from(shares);
  const edges = labels.map((_, place) => {
    const others = [...p.keys()].filter((i) => i !== place);
    const kept = others.filter((i) => locked.includes(labels[i]));
    const free = others.filter((i) => !locked.includes(labels[i]));
    const of = (places) => sum(places.map((i) => p[i]));
    const left = free.filter((i) => i < place);
    if (!free.length) return [sum(p.slice(0, place + 1)), 0];
    const part = of(free) > 0 ? of(left) / of(free) : left.length / free.length;
    return [of(kept.filter((i) => i < place)) + part * Math.max(0, 1 - of(kept)), 1 - part];
  });
  return { edge_from: edges.map(([from]) => from), edge_gain: edges.map(([, gain]) => gain) };
}

/** Half the height of each bar's right edge, which it shares with the bar after it. */
export function halfHeights(tops) {
  return Array.from(tops, (height, i) => Math.max(height, tops[i + 1] ?? 0) / 2);
}

/**
 * Take whole lists of names from a link: one name an outcome; only outcomes can be locked.
 * @param {State} state
 * @param {string} name
 * @param {string[]} values
 */
export function nameOutcomes(state, name, values) {
  if (new Set(values).size < values.length) {
    throw new Refused('names_repeat', { label: name, raw: quotable(values.join(',')) });
  }
  if (name === 'labels') {
    const count = state.labels.length;
    if (values.length === count)
      return { labels: [...values], ...forEach(state, (one) => ({ [LOCKS[one]]: [] })) };
    throw new Refused('names_count', { label: name, count, given: values.length });
  }
  const unknown = values.find((value) => !state.labels.includes(value));
  if (unknown === undefined) return { [name]: [...values] };
  throw new Refused('no_such_name', { raw: quotable(unknown) });
}

/** Add an outcome with an equal share of what is not locked. @param {State} state */
function addOutcome(state) {
  const count = state.labels.length;
  if (count >= MOST) throw new Refused('most_outcomes', { most: MOST });
  const label = ALPHABET.find((letter) => !state.labels.includes(letter));
  const grow = (name) => ({ [name]: grown(state[name], lockedPlaces(state, name)) });
  return { ...forEach(state, grow), labels: [...state.labels, label] };
}

function grown(p, locked) {
  const free = [...p.keys()].filter((i) => !locked.includes(i));
  const rest = Math.max(0, 1 - sum(locked.map((i) => p[i])));
  const longer = [...p, rest / (free.length + 1)];
  shareOut(longer, free, rest - longer[p.length]);
  return longer;
}

/** Remove an outcome; the unlocked others take over its share. */
function removeOutcome(state, _, index) {
  const place = required(index, 'remove');
  if (state.labels.length <= FEWEST) throw new Refused('fewest_outcomes', { fewest: FEWEST });
  const labels = state.labels.filter((_label, i) => i !== place);
  return { labels, ...forEach(state, (name) => without(state, name, place, labels)) };
}

function without(state, name, place, labels) {
  const locked = state[LOCKS[name]].filter((label) => labels.includes(label));
  const p = state[name].filter((_share, i) => i !== place);
  const free = [...labels.keys()].filter((i) => !locked.includes(labels[i]));
  if (free.length) {
    shareOut(p, free, Math.max(0, 1 - sum(p.filter((_share, i) => !free.includes(i)))));
    return { [name]: p, [LOCKS[name]]: locked };
  }
  return { [name]: normalised(p).p, [LOCKS[name]]: [], note: { code: 'locks_off', args: {} } };
}

/** Give an outcome a new name; a lock stays with it. */
function renameOutcome(state, value, index) {
  const place = required(index, 'rename');
  const name = nameIn('labels', value);
  const old = state.labels[place];
  if (name !== old && state.labels.includes(name)) throw new Refused('name_taken', { raw: quotable(name) });
  const renamed = (labels) => labels.map((label) => (label === old ? name : label));
  const lock = (name_) => ({ [LOCKS[name_]]: renamed(state[LOCKS[name_]]) });
  return { labels: renamed(state.labels), ...forEach(state, lock) };
}

/** Lock an outcome's probability, or free it again. */
function lockOutcome(state, _, index, name = 'p') {
  const label = state.labels[required(index, 'lock')];
  const locked = state[LOCKS[name]];
  const others = locked.filter((other) => other !== label);
  return { [LOCKS[name]]: others.length < locked.length ? others : [...others, label] };
}

/** Give every outcome the same probability. @param {State} state */
function levelOutcomes(state) {
  const count = state.labels.length;
  return { p: Array(count).fill(1 / count), locked: [] };
}

/** @type {Record<string, Gesture>} */
export const GESTURES = {
  add: addOutcome,
  remove: removeOutcome,
  rename: renameOutcome,
  lock: lockOutcome,
  uniform: levelOutcomes,
};

/** @type {Record<string, Gesture>} */
export const GESTURES_OF_TWO = {
  add: addOutcome,
  remove: removeOutcome,
  rename: renameOutcome,
  lock: lockOutcome,
  lock_q: (state, value, index) => lockOutcome(state, value, index, 'q'),
};

/** Merge what is made for each distribution of the state. */
function forEach(state, make) {
  return Object.assign(
    {},
    ...Object.keys(LOCKS)
      .filter((name) => name in state)
      .map(make),
  );
}

/** Weights rescaled to 1, or equal where all are zero, and what to say of it. */
export function normalised(p) {
  const largest = Math.max(...p);
  if (largest === 0) return { p: p.map(() => 1 / p.length), note: { code: 'all_zero', args: {} } };
  const total = largest < 1e300 ? sum(p) : Infinity;
  const error = Math.abs(total - 1) / p.length;
  if (error <= ROUNDING && largest <= 1) return { p, note: null };
  const scaled = p.map((share) => share / largest); // first, so that no sum overflows
  const scaledTotal = sum(scaled);
  const remark =
    total < Infinity ? { code: 'rescaled', args: { total } } : { code: 'rescaled_far', args: {} };
  const note = error > TOLERANCE ? remark : null;
  return { p: scaled.map((share) => share / scaledTotal), note };
}

/** Let the names follow the number of probabilities, which P alone decides. */
function fittingNames(state, name, count) {
  const known = state.labels.length;
  if (count === known) return {};
  if (name === 'q') throw new Refused('second_count', { count: known, given: count });
  const fresh = (one) => ({ [one]: Array(count).fill(1 / count), [LOCKS[one]]: [] });
  return { ...forEach(state, fresh), labels: ALPHABET.slice(0, count) };
}

/** @param {number | null} [but] */
function lockedPlaces(state, name, but = null) {
  const locked = state[LOCKS[name]];
  return [...state.labels.keys()].filter((i) => locked.includes(state.labels[i]) && i !== but);
}

/** Let the free entries add up to `rest`, in their old proportions or equally from zero. */
export function shareOut(p, free, rest) {
  const total = sum(free.map((i) => p[i]));
  for (const i of free) p[i] = tidy(total > 0 ? rest * (p[i] / total) : rest / free.length);
}

/** The decimal of 10 digits that rounding has missed by a little, or the number itself. */
export function tidy(share) {
  const short = Number(share.toPrecision(10));
  return Math.abs(short - share) <= SHARE_NOISE * share ? short : share;
}

function limitNote(state, name, index, wanted, given, free) {
  if (Math.abs(given - wanted) <= TOLERANCE) return null;
  const label = state.q ? `probability in ${name.toUpperCase()}` : 'probability';
  const args = { label, entry: state.labels[index] };
  return free ? { code: 'room', args: { ...args, room: given } } : { code: 'all_locked', args };
}

function required(index, name) {
  if (index === null) throw new Refused('which', { name });
  return index;
}
