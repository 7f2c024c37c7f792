/** What is refused or changed, as codes with arguments; the page phrases them (front/messages.js). */

export const SHOWN_LENGTH = 40; // letters of a reader's value that a message repeats
const LONGEST_LIST = 10;

/** Why an untrusted value cannot be taken: the code of a sentence, and what it names. */
export class Refused extends Error {
  /** @param {string} code @param {Record<string, any>} args */
  constructor(code, args = {}) {
    super(code);
    this.reason = { code, args };
  }
}

/** Of an untrusted value what a message may carry. @param {unknown} raw @returns {any} */
export function quotable(raw) {
  if (Array.isArray(raw)) return raw.slice(0, LONGEST_LIST).map(quotable);
  if (typeof raw !== 'string') return raw;
  return Array.from(raw.slice(0, 4 * SHOWN_LENGTH))
    .slice(0, SHOWN_LENGTH + 1)
    .join('');
}
