/** What a page is not used for at first is neither compiled nor run before a reader asks for it. */

/**
 * Start once a fold opens, the sifting is reached for, an address names a row, or the page is printed.
 * @param {() => void} start
 */
export function wakeFor(start) {
  const calls = ['toggle', 'focusin', 'input', 'hashchange', 'beforeprint'];
  /** @param {Event} [event] */
  const wake = (event) => {
    const isElsewhere = event?.target instanceof Element && !event.target.closest('[data-row], .sift');
    if (isElsewhere) return;
    for (const call of calls) removeEventListener(call, wake, true);
    start();
    if (event?.type === 'beforeprint') dispatchEvent(new Event('beforeprint')); // for who came too late
  };
  for (const call of calls) addEventListener(call, wake, true);
  if (document.getElementById(location.hash.slice(1))?.dataset.row) wake();
}
