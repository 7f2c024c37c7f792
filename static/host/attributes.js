/** What the attributes of a <bits-explorer> mean: an address, and the room that is held for it. */

// Attributes of the element itself, and those of all elements of HTML, are no part of a state.
const OWN = ['name', 'height', 'theme'];
const OF_HTML =
  'accesskey autocapitalize autofocus class contenteditable dir draggable enterkeyhint hidden id inert ' +
  'inputmode is itemid itemprop itemref itemscope itemtype lang markdown nonce part popover role slot ' +
  'spellcheck style tabindex title translate';
const NOT_ASKED = new Set([...OWN, ...OF_HTML.split(' ')]);
const KEY = /^[a-z]\w*$/; // so neither data-… nor aria-…
const SMALLEST = 200; // px
// The room of a whole page is about what it needs in a post; a compact one fills what it is given.
const ROOM = { figure: 440, chosen: 500, whole: 1000 }; // px

/**
 * What an explorer's page is asked for, as a query.
 * @param {Iterable<{name: string, value: string}>} attributes
 */
export function queryOf(attributes) {
  const asked = Array.from(attributes).filter(({ name }) => KEY.test(name) && !NOT_ASKED.has(name));
  return new URLSearchParams(asked.map(({ name, value }) => [name, value])).toString().replaceAll('%2C', ',');
}

/**
 * The height that is held for an explorer until it says how high it is, in px.
 * @param {Record<'height' | 'view' | 'controls', string | null>} asked
 */
export function roomFor({ height, view, controls }) {
  const given = Number.parseFloat(height ?? '');
  if (given >= SMALLEST) return given;
  return view !== 'figure' ? ROOM.whole : controls ? ROOM.chosen : ROOM.figure;
}

/**
 * The address of an explorer's page, beside the script.
 * @param {string} script
 * @param {string} name
 * @param {Record<string, string>} more
 * @param {string} query
 */
export function addressOf(script, name, more, query) {
  const page = new URL(`${encodeURIComponent(name)}.html`, script).href;
  const asked = [new URLSearchParams(more).toString(), query].filter(Boolean);
  return `${page}#${asked.join('&')}`;
}
