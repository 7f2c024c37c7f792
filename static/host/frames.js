/** What a post's page and the explorers in its frames say to each other. */

import { comeBack, nameOf, remember } from './return.js';
import { themeAt, watchTheme } from './theme.js';

const PLAIN = 'iframe[data-bits-and-nats]';
const [LEAST, MOST] = [200, 6000]; // px that a frame may ask for

/**
 * An explorer in the page: its place and frame, the theme it is to have, `auto` too, what it is called when
 * a reader comes back, how its frame becomes as high as it asks, and what else has the theme.
 * @typedef {{place: Element, frame: HTMLIFrameElement, theme: string, name: string,
 *   fit: (height: number) => void, wear?: (theme: string) => void}} Framed
 */

/** @type {Set<Framed>} */
const joined = new Set();
/** @type {WeakMap<HTMLIFrameElement, Framed>} */
const plain = new WeakMap();
/** The state that an explorer of this page was left in, where its reader has come back, or nothing. */
export const stateLeft = comeBack();

/** Say what happens to an explorer's frame, until it is called off. @param {Framed} one */
export function join(one) {
  joined.add(one);
  return () => joined.delete(one);
}

/** @param {{theme: string, place: Element}} one */
export function themeFor({ theme, place }) {
  return theme === 'dark' || theme === 'light' ? theme : themeAt(place);
}

/** @param {Framed} one */
export function turn(one) {
  const theme = themeFor(one);
  one.wear?.(theme);
  tell(one, { bitsAndNats: 'theme', theme });
}

/**
 * Move a frame, which adds nothing to the history of its page.
 * @param {HTMLIFrameElement} frame
 * @param {string} to
 */
export function moveTo(frame, to) {
  frame.contentWindow?.location.replace(to);
}

/** @param {Framed} one @param {object} message */
function tell({ frame }, message) {
  frame.contentWindow?.postMessage(message, '*');
}

function everyFramed() {
  /** @type {NodeListOf<HTMLIFrameElement>} */
  const frames = document.querySelectorAll(PLAIN);
  return [...joined, ...Array.from(frames, (frame) => plain.get(frame) ?? takeOn(frame))];
}

/** A frame that a post has by itself: what its address fixes stays. @param {HTMLIFrameElement} frame */
function takeOn(frame) {
  const [file, fragment = ''] = frame.src.split('#');
  const asked = new URLSearchParams(fragment || file.split('?')[1]);
  /** @type {Framed} */
  const one = {
    place: frame,
    frame,
    theme: asked.get('theme') ?? 'auto',
    name: nameOf(frame, frame.src),
    fit: (height) => {
      frame.style.height = `${height}px`;
    },
  };
  plain.set(frame, one);
  const left = stateLeft(one.name);
  for (const [key, value] of new URLSearchParams(left)) asked.set(key, value);
  if (left) frame.addEventListener('load', () => moveTo(frame, `${file}#${asked}`), { once: true });
  return one;
}

/** Follow the explorers of the page: those that are there before this script, and those that come later. */
export function followAll() {
  addEventListener('message', ({ source, data }) => {
    if (typeof data?.bitsAndNats !== 'string') return;
    const one = everyFramed().find(({ frame }) => frame.contentWindow === source);
    if (one) hear(one, data);
  });
  watchTheme(() => {
    for (const one of everyFramed()) turn(one);
  });
  const ask = () => {
    for (const one of everyFramed()) tell(one, { bitsAndNats: 'ask' });
  };
  ask();
  addEventListener('DOMContentLoaded', ask);
}

/** @param {Framed} one @param {{bitsAndNats: string, height?: unknown, query?: unknown}} said */
function hear(one, { bitsAndNats, height, query }) {
  if (bitsAndNats === 'state' && typeof query === 'string') remember(one.name, query);
  if (bitsAndNats !== 'height' || typeof height !== 'number' || !Number.isFinite(height)) return;
  one.fit(Math.min(MOST, Math.max(LEAST, Math.ceil(height))));
  turn(one);
}
