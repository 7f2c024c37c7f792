/** An address as a QR code. */

import { generateQr } from '../vendor/lean-qr.js';
import { isOnlyHere } from './link.js';

const QUIET = 4; // modules of margin, as readers of the code need it
const LONGEST = 600; // bytes; a denser code is not read from the last row

/**
 * The code of a link to this page; none where nobody else could open it, or no phone read it from a seat.
 * @param {string} address
 */
export function linkCode(address) {
  const isShort = new TextEncoder().encode(address).length <= LONGEST;
  return isShort && !isOnlyHere(location) ? codePicture(address) : null;
}

/**
 * A picture of an address, dark on white in either theme, as phones want it.
 * @param {string} address
 */
function codePicture(address) {
  const code = generateQr(address);
  const places = [...Array(code.size).keys()];
  const row = (/** @type {number} */ y) =>
    places.map((x) => (code.get(x, y) ? `M${x} ${y}h1v1h-1z` : '')).join('');
  const side = code.size + 2 * QUIET;
  const made = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  made.setAttribute('viewBox', `${-QUIET} ${-QUIET} ${side} ${side}`);
  made.setAttribute('class', 'qr');
  made.setAttribute('role', 'img');
  made.setAttribute('aria-label', `QR code of ${address}`);
  const dark = document.createElementNS(made.namespaceURI, 'path');
  dark.setAttribute('d', places.map(row).join(''));
  made.append(dark);
  return made;
}
