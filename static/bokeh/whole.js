/** Messages of the server in one piece: the browser makes each piece a task, between which it paints. */

/**
 * Let BokehJS take messages whose three parts, a line each, come as one.
 * @returns {boolean} whether it does: else the server sends them as ever, and a drag is slower
 */
export function takeWhole() {
  try {
    const { prototype } = globalThis.Bokeh.require('protocol/receiver').Receiver;
    const { consume } = prototype;
    if (!consume) return false;
    prototype.consume = function consumeEach(/** @type {string | ArrayBuffer} */ piece) {
      for (const part of typeof piece === 'string' ? piece.split('\n') : [piece]) consume.call(this, part);
    };
    return true;
  } catch {
    return false;
  }
}
