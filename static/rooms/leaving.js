/**
 * The browser asks before a tab is closed that others follow, but not where these pages lead on or load
 * themselves anew.
 */

import { roomAddress } from './call.js';

const ON_ITS_WAY = 1000; // ms that it may take from a click to when the page is left

/** @returns {(isFollowed: boolean) => void} to be told whether anybody follows */
export function leavingGuard() {
  let goesOn = -Infinity; // when that began
  const go = () => {
    goesOn = performance.now();
  };
  const ask = (/** @type {Event} */ event) => {
    if (performance.now() - goesOn > ON_ITS_WAY) event.preventDefault();
  };
  addEventListener('reloads', go);
  document.addEventListener('click', (event) => {
    // In Bokeh's shadows, too.
    const link = event.composedPath().find((one) => one instanceof HTMLAnchorElement);
    if (link?.href.startsWith(roomAddress('../'))) go();
  });
  return (isFollowed) => {
    if (isFollowed) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask); // a browser keeps no page for Back that may ask
  };
}
