/** Tokens as a reader can see them. */

import { UNKNOWN } from '../../../static/infocore/language.js';

/** The likeliest tokens with their probabilities, as a line of text. @param {any[][]} best */
export function likeliest(best) {
  return best.map(([token, p]) => `${visible(token)} ${(100 * p).toFixed(1)} %`).join(' · ');
}

/** Write a token as a reader can see it. @param {string} token */
export function visible(token) {
  if (token === UNKNOWN) return '(something unknown)';
  const text = token.startsWith(' ') && token.length > 1 ? token.slice(1) : token;
  return text.replaceAll('\n', '↵').replaceAll('\t', '⇥').replaceAll(' ', '␣');
}
