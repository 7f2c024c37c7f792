/** Per-token log-probabilities as a reader pastes them: CSV or JSON, read as Python reads them. */

import { Refused } from '../../../static/contract/messages.js';
import { finite, readable, within } from '../../../static/contract/parameters.js';

const LEAST = -1e6;
const ENDLESS = ['-inf', '-infinity', '−∞'];

/**
 * Tokens and their log-probabilities in nats; throws Refused, saying which entry is the first
 * that cannot be read.
 * @param {string} pasted
 * @returns {{read: string[], nats: number[]}}
 */
export function logProbabilities(pasted) {
  const text = pasted.replace(/^[\ufeff \t\r\n]+|[\ufeff \t\r\n]+$/g, '');
  /** @type {string[]} */
  const read = [];
  /** @type {number[]} */
  const nats = [];
  for (const [token, raw] of '[{'.includes(text[0] ?? ' ') ? jsonRows(text) : csvEntries(text)) {
    const place = read.push(readable(`Entry ${read.length + 1}: the token`, token));
    nats.push(logProbabilityOf(place, raw));
  }
  if (read.length === 0) throw new Refused('no_token');
  return { read, nats };
}

function* jsonRows(text) {
  let entries;
  try {
    entries = JSON.parse(text);
  } catch {
    throw new Refused('no_json');
  }
  if (!Array.isArray(entries)) throw new Refused('json_list');
  for (const [i, entry] of entries.entries()) {
    const { token, logprob = null } = entry ?? {};
    const fits = typeof token === 'string' && (logprob === null || typeof logprob !== 'object');
    if (!fits) throw new Refused('json_entry', { place: i + 1 });
    yield [token, logprob];
  }
}

function* csvEntries(text) {
  let rows = csvRows(text);
  const names = (rows[0] ?? []).map((name) => name.trim().toLowerCase());
  let [token, logprob, width] = [0, 1, 2];
  if (names.includes('token') && names.includes('logprob')) {
    [token, logprob, width] = [names.indexOf('token'), names.indexOf('logprob'), names.length];
    rows = rows.slice(1);
  }
  for (const [i, row] of rows.entries()) {
    const code = row.length === 1 ? 'entry_field' : 'entry_fields';
    if (row.length !== width) throw new Refused(code, { place: i + 1, count: row.length });
    yield [row[token], row[logprob]];
  }
}

const CSV_FIELD = /(?:"((?:[^"]|"")*)"(?=[,\r\n]|$)|(?!")([^,\r\n]*))(,|\r\n|\r|\n|$)/y;

/** The rows of a CSV (RFC 4180), empty lines left out. */
function csvRows(text) {
  const rows = [];
  let row = [];
  /** @type {string | null} */
  let end = null;
  CSV_FIELD.lastIndex = 0;
  while (end !== '') {
    const found = CSV_FIELD.exec(text);
    if (!found) throw new Refused('open_quotation');
    const [, quoted, plain] = found;
    end = found[3];
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1 || quoted !== undefined || plain !== '') rows.push(row);
    row = [];
  }
  return rows;
}

function logProbabilityOf(place, raw) {
  if (typeof raw === 'string' && ENDLESS.includes(raw.trim().toLowerCase())) return -Infinity;
  const label = `Entry ${place}: logprob`;
  return within(label, finite(label, raw), [LEAST, 0], raw);
}
