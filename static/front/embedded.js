/** An explorer inside somebody's post: it tells its height, and takes nothing but a theme. */

import { findAll, findOne } from './elements.js';
import { address } from './link.js';

/**
 * The snippet that puts this page, in its state, theme and height, into a post.
 * @param {Spec} spec
 * @param {Engine} engine
 */
export function embedCode(spec, engine) {
  const { theme } = document.documentElement.dataset;
  const source = address(spec, engine, { embed: '1', ...(theme ? { theme } : {}) });
  const title = document.title.replaceAll('"', '&quot;');
  return (
    `<iframe src="${source.replaceAll('&', '&amp;')}" title="${title}" data-bits-and-nats ` +
    `loading="lazy" width="100%" height="${frameHeight()}" style="border:0"></iframe>`
  );
}

/**
 * About the height that the bare page needs in a post 740 px wide. Its column of controls is narrower
 * than here, so that rows wrap; so does the title. The rest is the same for all.
 */
function frameHeight() {
  /** @param {string} selector */
  const boxes = (selector) => findAll(selector).map((one) => one.getBoundingClientRect());
  const controls = boxes('.controls > *');
  const column = controls[controls.length - 1].bottom - controls[0].top;
  const [title, readouts, figures] = boxes('.title, .readouts, .figures').map(({ height }) => height);
  const longer = Math.max(1.18 * column, readouts + 16 + figures);
  return Math.ceil((longer + Math.min(1.5 * title, 170) + 87) / 20) * 20;
}

/**
 * In a frame: fold the explanations, tell the host page our height, follow its theme.
 * @param {(theme: string) => void} turn
 */
export function followHost(turn) {
  if ('embed' in document.documentElement.dataset) findOne('.more').removeAttribute('open');
  if (window.parent === window) return;
  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    window.parent.postMessage({ bitsAndNats: 'height', height }, '*');
  };
  new ResizeObserver(tell).observe(document.body);
  window.addEventListener('message', ({ source, data }) => {
    if (source !== window.parent || data?.bitsAndNats !== 'theme') return;
    if (data.theme === 'dark' || data.theme === 'light') turn(data.theme);
  });
}
