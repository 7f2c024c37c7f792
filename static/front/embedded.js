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
 * The height that the bare page needs in a post about 740 px wide, where the column of controls is
 * the longest: narrower than here, so that its rows wrap, an outcome's always.
 */
function frameHeight() {
  /** @param {string} selector */
  const height = (selector) => findOne(selector).getBoundingClientRect().height;
  const controls = 1.18 * height('.controls') + 38 * findAll('.share').length;
  const beside = height('.readouts') + height('.figures');
  return Math.ceil((Math.max(controls, beside) + 230) / 20) * 20;
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
