/** Sends what is newest, one at a time and not too often; what is older is skipped, the last never. */

/**
 * @template T
 * @param {number} wait ms from one to the next
 * @param {(value: T) => Promise<boolean>} deliver whether it arrived; if not it is sent again, unless a newer one waits
 * @returns {(value: T) => void}
 */
export function newestSender(wait, deliver) {
  /** @type {T[]} */
  let waiting = []; // at most one
  let busy = false;
  const go = async () => {
    const [value] = waiting;
    if (busy || !waiting.length) return;
    busy = true;
    waiting = [];
    const free = new Promise((resolve) => {
      setTimeout(resolve, wait);
    });
    if (!(await deliver(value)) && !waiting.length) waiting = [value];
    await free;
    busy = false;
    go();
  };
  return (value) => {
    waiting = [value];
    go();
  };
}
