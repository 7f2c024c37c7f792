/** The snippet that puts this page, as it is now, into somebody's post. */

import { defaultsOf } from '../contract/parameters.js';
import { findAll } from './elements.js';
import { address, askedOf, writeLink } from './link.js';

const POST = 736; // px, less what a post's own frame takes
const COMPACT = 440; // px, as in static/host/attributes.js
const ALONGSIDE = ['lesson', 'hide', 'lock', 'theme']; // keys of this page's address that stay

/**
 * A script and an element where a site brings the script, else a frame.
 * @param {Spec} spec
 * @param {Engine} engine
 * @param {DOMStringMap} wanted of the button: where the script is, and the view
 */
export function embedCode(spec, engine, { script, view = '' }) {
  return script
    ? elementCode(spec, engine, new URL(script, location.href).href, view)
    : frameCode(spec, engine, view);
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** @param {Iterable<[string, string]>} pairs */
function attributesOf(pairs) {
  return Array.from(pairs, ([name, value]) => ` ${name}="${escaped(value)}"`).join('');
}

/** An element as text; its name apart, as no inline script may spell its own end. */
function tagged(name, attributes, inner = '') {
  return `<${name}${attributes}>${inner}</${name}>`;
}

/** @returns {[string, string][]} */
function askedAlongside() {
  const asked = askedOf(location);
  return ALONGSIDE.flatMap((key) => (asked.get(key) ? [[key, asked.get(key) ?? '']] : []));
}

/**
 * @param {Spec} spec
 * @param {Engine} engine
 * @param {string} script
 * @param {string} view
 */
function elementCode(spec, engine, script, view) {
  const state = new URLSearchParams(writeLink('', spec, engine.frame.state));
  const size = view ? { view } : { height: String(frameHeight()) };
  const about = attributesOf([...state, ...askedAlongside(), ...Object.entries(size)]);
  const link = tagged('a', attributesOf([['href', address(spec, engine)]]), inLink(spec, state, script));
  return [
    tagged('script', `${attributesOf([['src', script]])} async`),
    tagged('bits-explorer', ` name="${spec.slug}"${about}`, link),
  ].join('\n');
}

/**
 * What stands for the explorer until it is there, and where no script runs: the site's poster, which shows
 * the state of the start, or else words.
 * @param {Spec} spec
 * @param {URLSearchParams} state
 * @param {string} script
 */
function inLink(spec, state, script) {
  const start = new URLSearchParams(writeLink('', spec, defaultsOf(spec)));
  const isStart = state.toString() === start.toString();
  if (!isStart) return escaped(document.title);
  const src = new URL(`posters/${spec.slug}.svg`, script).href;
  return `<img${attributesOf([
    ['src', src],
    ['alt', document.title],
    ['width', '100%'],
  ])}>`;
}

/**
 * @param {Spec} spec
 * @param {Engine} engine
 * @param {string} view
 */
function frameCode(spec, engine, view) {
  const more = { embed: '1', ...(view && { view }), ...Object.fromEntries(askedAlongside()) };
  const [src, height] = [address(spec, engine, more), view ? COMPACT : frameHeight()];
  return (
    `<iframe src="${escaped(src)}" title="${escaped(document.title)}" data-bits-and-nats ` +
    `loading="lazy" width="100%" height="${height}" style="border:0"></iframe>`
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
