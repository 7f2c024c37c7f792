/** Per-token log-probabilities as a reader pastes them: CSV or JSON, read as Python reads them. */

import { Refused } from '../../../static/contract/messages.js';
import { finite, readable, within } from '../../../static/contract/parameters.js';

const LEAST = -1e6;
const ENDLESS = ['-inf', '-infinity', '−∞'];

/**
 * Tokens and their log-probabilities in nats; throws Refused, saying which entry cannot be read.
 * @param {string} pasted
 * @returns {{read: string[], nats: number[]}}
 */
export function logProbabilities(pasted) {
  const text = pasted.replace(/^[\ufeff \t\r\n]+|[\ufeff \t\r\n]+$/g, '');
  const rows = '[{'.includes(text[0] ?? ' ') ? jsonRows(text) : csvEntries(text);
  if (rows.length === 0) throw new Refused('no_token');
  const read = rows.map(([token], i) => readable(`Entry ${i + 1}: the token`, token));
  return { read, nats: rows.map(([, raw], i) => logProbabilityOf(i + 1, raw)) };
}

function jsonRows(text) {
  let entries;
  try {
    entries = JSON.parse(text);
  } catch {
    throw new Refused('no_json');
  }
  if (!Array.isArray(entries)) throw new Refused('json_list');
  return entries.map((entry, i) => {
    const { token, logprob = null } = entry ?? {};
    if (typeof token === 'string' && (logprob === null || typeof logprob !== 'object'))
      return [token, logprob];
    throw new Refused('json_entry', { place: i + 1 });
  });
}

function csvEntries(text) {
  let rows = csvRows(text);
  const names = (rows[0] ?? []).map((name) => name.trim().toLowerCase());
  let [token, logprob, width] = [0, 1, 2];
  if (names.includes('token') && names.includes('logprob')) {
    [token, logprob, width] = [names.indexOf('token'), names.indexOf('logprob'), names.length];
    rows = rows.slice(1);
  }
  return rows.map((row, i) => {
    if (row.length === width) return [row[token], row[logprob]];
    const code = row.length === 1 ? 'entry_field' : 'entry_fields';
    throw new Refused(code, { place: i + 1, count: row.length });
  });
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
