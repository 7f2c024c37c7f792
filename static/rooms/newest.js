/** Sends what is newest, one at a time and not too often; what is older is skipped, the last never. */

const SLOWER = 5; // times as long a wait after what did not arrive

/**
 * @template T
 * @param {number} wait ms from one to the next
 * @param {(value: T) => Promise<boolean>} deliver whether it arrived; if not, the newest is sent again
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
    const free = pause(wait);
    if (!(await deliver(value))) {
      if (!waiting.length) waiting = [value];
      await pause(SLOWER * wait);
    }
    await free;
    busy = false;
    go();
  };
  return (value) => {
    waiting = [value];
    go();
  };
}

/** @param {number} wait ms */
function pause(wait) {
  return new Promise((resolve) => {
    setTimeout(resolve, wait);
  });
}
