/** What readers changed in the explorers of a page, for when Back or Forward brings them there again. */

/** @type {Record<string, string>} */
const changed = {};

const store = () => `bits-and-nats ${location.pathname}${location.search}`; // in the tab's own storage

/**
 * What an explorer is called when the page is there again: its place among its kind, and its address.
 * @param {Element} place
 * @param {string} address
 */
export function nameOf(place, address) {
  const kind = place.localName === 'iframe' ? 'iframe[data-bits-and-nats]' : place.localName;
  return `${[...document.querySelectorAll(kind)].indexOf(place)} ${address}`;
}

/**
 * The states in which a reader left the page and has come back to it, by name.
 * @returns {Record<string, string>}
 */
function statesLeft() {
  try {
    const [entry] = performance.getEntriesByType('navigation');
    const isBack = /** @type {PerformanceNavigationTiming} */ (entry)?.type === 'back_forward';
    return isBack ? JSON.parse(sessionStorage.getItem(store()) ?? '{}') : {};
  } catch {
    return {};
  }
}

/** @param {string} name @param {string} state */
export function remember(name, state) {
  changed[name] = state;
}

/**
 * Keep what is remembered when the page is left.
 * @returns {(name: string) => string} the state that an explorer was left in, or nothing
 */
export function comeBack() {
  const left = statesLeft();
  addEventListener('pagehide', () => {
    try {
      sessionStorage.setItem(store(), JSON.stringify({ ...left, ...changed }));
    } catch {
      /* storage is closed */
    }
  });
  return (name) => left[name] ?? '';
}
