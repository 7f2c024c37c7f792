/** What readers see of a message: the sentence of a message's code, with its arguments. */

import { SHOWN_LENGTH } from '../contract/messages.js';
import { isPrintable } from '../contract/parameters.js';

const ARGUMENT = /\{(\w+)(?::(\d+))?\}/g;

/**
 * A message as its reader sees it.
 * @param {Record<string, string>} sentences by code
 * @param {{text?: string, code?: string, args?: Record<string, any>}} message
 */
export function phrased(sentences, { text, code, args }) {
  if (text !== undefined) return text;
  return sentences[code ?? ''].replace(ARGUMENT, (_, name, digits) => argument(args, name, digits));
}

function argument(args, name, digits) {
  const value = args[name];
  if (name === 'raw') return quoted(value);
  if (name === 'label' && args.entry) return ofEntry(value, args.entry);
  return digits ? String(Number(value.toPrecision(digits))) : String(value);
}

/**
 * The name of one entry's control: “probability of rain in Q”.
 * @param {string} label
 * @param {string} entry
 */
export function ofEntry(label, entry) {
  return label.replace(/^\w+/, (noun) => `${noun} of ${entry}`);
}

/** Quote an untrusted value, shortened, with what cannot be printed replaced. @param {unknown} raw */
export function quoted(raw) {
  const letters = Array.from(String(raw ?? 'nothing'), (one) => (isPrintable(one) ? one : '\ufffd'));
  const cut = letters.length > SHOWN_LENGTH ? [...letters.slice(0, SHOWN_LENGTH), '…'] : letters;
  return `“${cut.join('')}”`;
}
