/** The browser asks before a tab is closed that others follow, but not where a link leads on within these pages. */

import { roomAddress } from './call.js';

const ON_ITS_WAY = 1000; // ms that it may take from a click to when the page is left

/** @returns {(isFollowed: boolean) => void} to be told whether anybody follows */
export function leavingGuard() {
  let goesOn = -Infinity; // when a link within these pages was followed
  const ask = (/** @type {Event} */ event) => {
    if (performance.now() - goesOn > ON_ITS_WAY) event.preventDefault();
  };
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest('a') : null;
    if (link?.href.startsWith(roomAddress('../'))) goesOn = performance.now();
  });
  return (isFollowed) => {
    if (isFollowed) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask); // a browser keeps no page for Back that may ask
  };
}
