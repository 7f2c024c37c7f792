/** An explorer inside somebody's post: it tells its height, and takes nothing but a theme. */

import { findAll } from './elements.js';
import { address } from './link.js';

const POST = 736; // px, less what a post's own frame takes

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
 * The height that the bare page needs in a post 740 px wide, its folds closed: it is laid out so, and
 * back, before a paint.
 */
function frameHeight() {
  const root = document.documentElement;
  const body = document.body;
  const open = findAll('details[open]'); // in a post all are closed at first
  for (const fold of open) fold.removeAttribute('open');
  root.dataset.embed = '';
  body.style.width = `${POST}px`;
  const { height } = body.getBoundingClientRect();
  delete root.dataset.embed;
  body.style.width = '';
  for (const fold of open) fold.setAttribute('open', '');
  return Math.ceil((height + 44) / 20) * 20;
}

/**
 * In a frame: tell the host page our height, follow its theme.
 * @param {(theme: string) => void} turn
 */
export function followHost(turn) {
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
