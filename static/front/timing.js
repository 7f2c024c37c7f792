/** When to act on something that happens at every frame. */

/**
 * Now, or once the wait since the last time is over.
 * @param {number} wait in ms
 * @param {() => void} act
 */
export function atMostEvery(wait, act) {
  let timer = 0;
  let last = -Infinity;
  const run = () => {
    timer = 0;
    last = performance.now();
    act();
  };
  return () => {
    if (timer) return;
    const left = last + wait - performance.now();
    if (left > 0) timer = setTimeout(run, left);
    else run();
  };
}

/**
 * Once it has not happened again for a while.
 * @param {number} wait in ms
 * @param {() => void} act
 */
export function whenStill(wait, act) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };
}
