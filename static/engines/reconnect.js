/** After a lost connection: the page comes back by itself, in the state it had. */

import { findOne } from '../front/elements.js';
import { writeLink } from '../front/link.js';

const LOST = 'The connection to Python is lost. This page comes back by itself, as you left it.';
const LEFT = 'bits-and-nats-left'; // in the tab's own storage: changes that Python had not answered
const MOST_LEFT = 20000; // characters; a longer change may be what broke the connection
const FRESH = 60000; // ms after which nobody expects such changes any more
const [FIRST_WAIT, LONGEST_WAIT] = [200, 2000]; // ms between two questions whether a server is there

/**
 * Wait for a server (the same, or another process), then load the page anew where it was.
 * @param {Spec} spec
 * @param {PythonEngine} engine
 * @param {(text: string) => void} say
 */
export async function comeBack(spec, engine, say) {
  delete document.documentElement.dataset.ready;
  say(LOST);
  const query = writeLink(location.search.slice(1), spec, engine.frame.state);
  for (let wait = FIRST_WAIT; !(await isServed()); wait = Math.min(2 * wait, LONGEST_WAIT)) {
    await new Promise((resolve) => {
      setTimeout(resolve, wait);
    });
  }
  leave(engine.unanswered);
  history.replaceState(history.state, '', `?${query}`);
  dispatchEvent(new Event('reloads')); // so that nobody is asked whether to leave
  location.reload();
}

/** Whether a server answers for a file that this page was made of. */
async function isServed() {
  /** @type {HTMLScriptElement} */
  const script = findOne('script[src]');
  try {
    return (await fetch(script.src, { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

/** @param {Change[]} changes */
function leave(changes) {
  const text = JSON.stringify({ page: location.pathname, at: Date.now(), changes });
  try {
    if (changes.length && text.length < MOST_LEFT) sessionStorage.setItem(LEFT, text);
  } catch {
    /* storage is closed to framed pages */
  }
}

/**
 * The changes that this page had asked for when its connection was lost, once.
 * @returns {Change[]}
 */
export function takeLeft() {
  try {
    const { page, at, changes } = JSON.parse(sessionStorage.getItem(LEFT) ?? '{}');
    sessionStorage.removeItem(LEFT);
    return page === location.pathname && Date.now() - at < FRESH ? changes : [];
  } catch {
    return [];
  }
}
