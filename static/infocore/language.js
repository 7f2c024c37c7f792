/** Tokens, n-gram models and perplexity: the twin of infocore's language and perplexity. */

import { sum } from './sum.js';

export const UNKNOWN = '<unk>';
const WORD =
  / ?[\p{L}\p{N}_]+(?:['’][\p{L}\p{N}_]+)?| ?[^\p{L}\p{N}_\t-\r\x1c-\x1f\x85\p{Z}]|[\t-\r\x1c-\x1f\x85\p{Z}]+/gu;
const END = ''; // always known, so that no spelling ends for nothing
const DENSE = 1 << 20;
const CODE_POINTS = 0x110000 - 0x800;

/** Words and signs, each with the single blank before it. @param {string} text @returns {string[]} */
export function wordTokens(text) {
  return text.match(WORD) ?? [];
}

/** One token a code point. @param {string} text */
export function characterTokens(text) {
  return Array.from(text);
}

/** exp(−mean log-probability). @param {ArrayLike<number>} logProbs in nats */
export function perplexity(logProbs) {
  return Math.exp(meanLoss(logProbs));
}

/** −mean log-probability. @param {ArrayLike<number>} logProbs */
export function meanLoss(logProbs) {
  return -mean(logProbs, logProbs.length) + 0;
}

/**
 * Bits for each character, say, or byte.
 * @param {ArrayLike<number>} logProbs in nats
 * @param {number} units
 */
export function bitsPerUnit(logProbs, units) {
  return -mean(logProbs, units) / Math.LN2 + 0;
}

/** The sum of so many equal parts: each is made first, so that no sum overflows. */
function mean(values, parts) {
  return sum(Array.from(values, (value) => value / parts));
}

/** An interpolated n-gram model, smoothed as Witten and Bell do. */
export class NGram {
  /** @param {string[]} tokens at least one @param {{order?: number, cutoff?: number}} [options] */
  constructor(tokens, { order = 3, cutoff = 1 } = {}) {
    const counts = new Map();
    for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
    const known = [...counts].filter(([token, count]) => count > cutoff || token === END);
    this.vocabulary = [UNKNOWN, ...known.map(([token]) => token).filter((token) => token !== UNKNOWN)];
    this.codeOf = new Map(this.vocabulary.map((token, code) => [token, code]));
    const codes = this.codes(tokens);
    this.levels = counted(codes, this.vocabulary.length, order);
    const everything = Float64Array.from(this.vocabulary.keys());
    this.likely = byProbability(everything, this.after(this.contexts([], 1), everything));
    const kinds = [...counts.keys()];
    const spelled = kinds.some((token) => token !== UNKNOWN && [...token].length > 1);
    this.spelling = spelled
      ? new NGram(
          kinds.flatMap((token) => [...token, END]),
          { order: 2 },
        )
      : null;
  }

  /**
   * The log-probability of each token after those before it, in nats.
   * @param {string[]} tokens
   * @param {number} order
   */
  logProbs(tokens, order = this.levels.length) {
    const codes = this.codes(tokens);
    const p = new Float64Array(codes.length).fill(1 / this.vocabulary.length);
    walk(this.levels.slice(0, order), codes, (level, context, entry) => level.mix(p, context, entry));
    return p.map((likely, i) => {
      const spelled = codes[i] === 0 && tokens[i] !== UNKNOWN;
      return Math.log(likely) + (spelled ? this.spelled(tokens[i]) : 0);
    });
  }

  /**
   * The likeliest tokens after a context.
   * @param {string[]} context
   * @param {number} order
   * @param {number} n
   */
  alternatives(context, order = this.levels.length, n = 5) {
    const contexts = this.contexts(context, order);
    const first = contexts.length
      ? this.likely.slice(0, n)
      : Array.from({ length: Math.min(n, this.vocabulary.length) }, (_, code) => code);
    const found = new Set(first);
    for (const [level, place] of contexts.slice(1)) level.followers(place).forEach((code) => found.add(code));
    const candidates = Float64Array.from(found).sort();
    const p = this.after(contexts, candidates);
    const place = new Map(Array.from(candidates, (code, i) => [code, p[i]]));
    return byProbability(candidates, p)
      .slice(0, n)
      .map((code) => [this.vocabulary[code], place.get(code)]);
  }

  /** @param {string} token */
  knows(token) {
    return this.codeOf.has(token);
  }

  codes(tokens) {
    const found = new Float64Array(tokens.length);
    for (let i = 0; i < tokens.length; i += 1) found[i] = this.codeOf.get(tokens[i]) ?? 0;
    return found;
  }

  /** Each level that an order uses, with the place of the context there. */
  contexts(context, order) {
    const levels = this.levels.slice(0, order);
    const codes = this.codes(order ? context.slice(-order) : []);
    const places = [0];
    if (codes.length) walk(levels, codes, (_level, _context, entry) => places.push(entry.at(-1)));
    return levels.slice(0, places.length).map((level, i) => [level, places[i]]);
  }

  after(contexts, codes) {
    const p = new Float64Array(codes.length).fill(1 / this.vocabulary.length);
    for (const [level, place] of contexts) {
      const context = new Float64Array(codes.length).fill(place);
      level.mix(p, context, level.find(context, codes));
    }
    return p;
  }

  /** The log-probability of an unknown token's characters. */
  spelled(token) {
    const letters = [...token];
    if (!this.spelling) {
      // One character stands for itself; anything else follows the one symbol more, and ends with it.
      const symbols = letters.length === 1 ? 1 : letters.length + 2;
      return -symbols * Math.log(CODE_POINTS + 1);
    }
    return this.spelling
      .logProbs([END, ...letters, END])
      .slice(1)
      .reduce((sum, nats) => sum + nats, 0);
  }
}

/** Counts of the tokens after contexts of one length; an entry's place is the next level's context. */
class Level {
  constructor(keys, size, contexts) {
    this.size = size;
    const dense = size * contexts <= DENSE;
    const [found, counts] = dense ? tallied(keys, size * contexts) : runs(keys.slice().sort());
    this.keys = found;
    this.counts = counts;
    this.places = dense ? placesOf(this.keys, size * contexts) : null;
    this.seen = new Float64Array(contexts);
    this.kinds = new Float64Array(contexts);
    for (let i = 0; i < this.keys.length; i += 1) {
      const context = Math.floor(this.keys[i] / size);
      this.seen[context] += this.counts[i];
      this.kinds[context] += 1;
    }
  }

  /** The place of the first key that is not below. */
  search(key) {
    let [low, high] = [0, this.keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  find(context, codes) {
    const entry = new Float64Array(codes.length).fill(-1);
    for (let i = 0; i < codes.length; i += 1) {
      if (context[i] >= 0) entry[i] = this.place(context[i] * this.size + codes[i]);
    }
    return entry;
  }

  place(key) {
    if (this.places) return this.places[key];
    const place = this.search(key);
    return this.keys[place] === key ? place : -1;
  }

  /** Turn the shorter context's probabilities into what they become with these counts. */
  mix(p, context, entry) {
    context.forEach((at, i) => {
      const [seen, kinds] = [this.seen[at] ?? 0, this.kinds[at] ?? 0];
      if (seen > 0) p[i] = ((this.counts[entry[i]] ?? 0) + kinds * p[i]) / (seen + kinds);
    });
  }

  followers(context) {
    if (context < 0) return [];
    const [start, end] = [this.search(context * this.size), this.search((context + 1) * this.size)];
    return Array.from(this.keys.subarray(start, end), (key) => key % this.size);
  }
}

/** What stands in sorted keys, and how often. */
function runs(sorted) {
  const [found, counts] = [new Float64Array(sorted.length), new Uint32Array(sorted.length)];
  let length = 0;
  for (let i = 0; i < sorted.length; i += 1) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) found[length++] = sorted[i];
    counts[length - 1] += 1;
  }
  return [found.slice(0, length), counts.slice(0, length)];
}

/** The same for keys below a small bound, without sorting. */
function tallied(keys, bound) {
  const tally = new Uint32Array(bound);
  for (let i = 0; i < keys.length; i += 1) tally[keys[i]] += 1;
  const [found, counts] = [new Float64Array(keys.length), new Uint32Array(keys.length)];
  let length = 0;
  for (let key = 0; key < bound; key += 1) {
    if (tally[key]) {
      found[length] = key;
      counts[length++] = tally[key];
    }
  }
  return [found.slice(0, length), counts.slice(0, length)];
}

/** Where each key below a small bound stands, -1 where it does not. */
function placesOf(keys, bound) {
  const places = new Int32Array(bound).fill(-1);
  for (let i = 0; i < keys.length; i += 1) places[keys[i]] = i;
  return places;
}

function counted(codes, size, order) {
  const levels = [];
  let [context, contexts] = [new Float64Array(codes.length), 1];
  for (let length = 0; length < order; length += 1) {
    const level = new Level(keysOf(context, codes, size), size, contexts);
    levels.push(level);
    context = nextContexts(level.find(context, codes));
    contexts = level.keys.length;
  }
  return levels;
}

/** One number for each known context with its token. */
function keysOf(context, codes, size) {
  const keys = new Float64Array(codes.length);
  let length = 0;
  for (let i = 0; i < codes.length; i += 1) {
    if (context[i] >= 0) keys[length++] = context[i] * size + codes[i];
  }
  return keys.subarray(0, length);
}

function walk(levels, codes, visit) {
  let context = new Float64Array(codes.length);
  for (const level of levels) {
    const entry = level.find(context, codes);
    visit(level, context, entry);
    context = nextContexts(entry);
  }
}

/** The contexts of the next level: the entries of the tokens before. */
function nextContexts(entry) {
  const next = new Float64Array(entry.length).fill(-1);
  for (let i = 1; i < entry.length; i += 1) next[i] = entry[i - 1];
  return next;
}

/** Codes in the order of their probabilities, of equal ones the smaller first. */
function byProbability(codes, p) {
  return Array.from(codes.keys())
    .sort((a, b) => p[b] - p[a] || a - b)
    .map((i) => codes[i]);
}
