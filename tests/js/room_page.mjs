/** Pages of a room without a browser: happy-dom's document, and a server that a test speaks for. */

import { Window } from 'happy-dom';

const GLOBALS =
  'document location history sessionStorage localStorage Event Element HTMLElement HTMLAnchorElement Text';
const TASK = `<div data-name="far" data-about='{"guess": [2, 0.01, "nats"]}' data-truth="2">
  <div data-of="guess"><p>How much is it?</p></div></div>`;
const BODY = `<main id="explorer"><nav><a href="entropy.html">Entropy</a><a href="https://else.example/">elsewhere</a></nav>
  <section data-tasks><div data-list>${TASK}</div></section>
  <button data-action="room" hidden>Open a room</button></main>`;

/** What was thrown on a page by what was pressed there. */
export const errors = [];

export const SPEC = {
  slug: 'kl',
  reserved: ['room'],
  parameters: [
    { name: 'mu_q', kind: 'number', default: 1, label: 'mean' },
    { name: 'unit', kind: 'choice', default: 'bits', label: 'unit' },
  ],
};

/**
 * Open a page as the tab and the computer left things; `answers` says what the server answers to a request.
 * @returns what a page has, and what was asked of the server
 */
export function openPage({ path = '/pages/kl.html', tab = {}, computer = {}, answers = () => [404] } = {}) {
  const window = new Window({ url: `https://rooms.example${path}` });
  for (const name of GLOBALS.split(' ')) put(name, window[name]);
  put('addEventListener', window.addEventListener.bind(window));
  put('removeEventListener', window.removeEventListener.bind(window));
  put('window', window);
  window.addEventListener('error', ({ error }) => errors.push(error));
  put('IntersectionObserver', Unseeing);
  put('EventSource', Stream);
  for (const [store, kept] of [
    [sessionStorage, tab],
    [localStorage, computer],
  ]) // prettier-ignore
    for (const [name, value] of Object.entries(kept))
      store.setItem(`bits-and-nats-${name}`, JSON.stringify(value));
  document.documentElement.dataset.rooms = '../rooms';
  document.body.innerHTML = BODY;
  const asked = [];
  put('fetch', async (url, { method, body, headers }) => {
    const request = { what: `${method} ${new URL(url).pathname}`, told: body && JSON.parse(body), headers };
    asked.push(request);
    const [status, told] = answers(request, asked.length);
    if (!status) throw new TypeError('nobody answers');
    return told ? Response.json(told, { status }) : new Response(null, { status });
  });
  return { window, asked, engine: engineOf(), moved: [], show: showOf() };
}

/** What the page keeps by a name, in the tab and on the computer. */
export function kept(name) {
  return [sessionStorage, localStorage].map((one) => JSON.parse(one.getItem(`bits-and-nats-${name}`)));
}

export function button(text) {
  return [...document.querySelectorAll('button')].find((one) => one.textContent === text);
}

/** Whether all that holds the element is shown. */
export function isShown(element) {
  return Boolean(element) && !element.closest('[hidden]');
}

/** Let everything happen that waits for no timer. */
export async function settle() {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function write(field, text) {
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

export class Stream extends EventTarget {
  static CLOSED = 2;
  static OPEN = 1;
  static last;
  readyState = 1;

  constructor(url) {
    super();
    this.url = url;
    Stream.last = this;
  }

  tell(type, told) {
    this.dispatchEvent(Object.assign(new globalThis.MessageEvent(type, { data: JSON.stringify(told) })));
  }

  close() {
    this.readyState = 2;
  }
}

class Unseeing {
  observe() {}
}

function engineOf() {
  return { frame: { state: { mu_q: 1, unit: 'bits' } }, sent: [], send: () => {} };
}

function showOf() {
  return { isOn: false, told: [], keys: { Escape() {}, q() {} }, follow() {} };
}

function put(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
