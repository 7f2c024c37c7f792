/** The state in an address: read once, written back as a reader moves. */

const LONGEST_TEXT = 3000; // bytes as a link writes them: two texts fit the 7000 that a server takes
const WRITES_EVERY = 350; // ms; browsers refuse more than about 100 history calls in 30 s

/**
 * The changes that an address asks for: known keys in the order of the parameters, then the rest.
 * @param {{search: string, hash: string}} address
 * @param {Pick<Spec, 'reserved'> & {parameters: {name: string}[]}} spec
 * @returns {[key: string, text: string][]}
 */
export function readLink({ search, hash }, { parameters, reserved }) {
  const asked = new URLSearchParams(hash.length > 1 ? hash.slice(1) : search);
  const known = parameters.map(({ name }) => name);
  const keys = [...new Set(asked.keys())].filter((key) => !reserved.includes(key));
  /** @param {string} key */
  const order = (key) => (known.includes(key) ? known.indexOf(key) : known.length);
  return keys.sort((a, b) => order(a) - order(b)).map((key) => [key, asked.get(key) ?? '']);
}

/**
 * What an address asks for; of a key that stands after # and after ?, the first counts.
 * @param {{hash: string, search: string}} address
 */
export function askedOf({ hash, search }) {
  return new URLSearchParams(`${hash.slice(1)}&${search.slice(1)}`);
}

/**
 * The refusals of names that an address has and its page has not.
 * @param {string[]} names
 * @param {string[]} known
 * @returns {Message[]}
 */
export function refusedOf(names, known) {
  const unknown = names.filter((one) => one && !known.includes(one));
  return unknown.map((raw) => ({ kind: 'refused', code: 'unknown', args: { raw } }));
}

/**
 * What a link needs to know of a parameter.
 * @typedef {Pick<Parameter, 'name' | 'kind' | 'default'>} Written
 */

/** @typedef {{parameters: Written[], reserved: string[]}} WrittenSpec */

/**
 * The query that restores a state, with the reserved keys of the current one kept.
 * @param {string} current a query or fragment, without its ? or #
 * @param {WrittenSpec} spec
 * @param {State} state
 */
export function writeLink(current, { parameters, reserved }, state) {
  const asked = [...new URLSearchParams(current)];
  const kept = asked.filter(([key, value]) => reserved.includes(key) && value !== '');
  const written = parameters
    .filter((parameter) => travels(parameter, state))
    .map(({ name }) => [name, String(state[name])])
    .filter(([, text]) => text !== '');
  return queryOf(new URLSearchParams([...kept, ...written]));
}

/** A query with commas as they are, so that people can read its lists. @param {URLSearchParams} asked */
function queryOf(asked) {
  return asked.toString().replaceAll('%2C', ',');
}

/**
 * A text is written where it is not the default, and short enough for every server and browser.
 * @param {Written} parameter
 * @param {State} state
 */
function travels({ name, kind, default: usual }, state) {
  return kind !== 'text' || (state[name] !== usual && encodeURIComponent(state[name]).length <= LONGEST_TEXT);
}

/**
 * The labels of the texts that are too long for a link.
 * @param {Parameter[]} parameters
 * @param {State} state
 */
export function leftOut(parameters, state) {
  return changedOf({ parameters }, state)
    .filter((parameter) => !travels(parameter, state))
    .map(({ label }) => label);
}

/**
 * A unit that a reader chose by hand follows from page to page; a link that names one wins.
 * @param {HTMLElement[]} controls that choose the unit
 * @param {Pick<Spec, 'reserved' | 'parameters' | 'units'>} spec
 * @returns {Change[]} what brings the reader's own, if any
 */
export function followUnit(controls, spec) {
  try {
    for (const control of controls) {
      control.addEventListener('change', ({ target }) => {
        if (target instanceof HTMLInputElement) localStorage.setItem('unit', target.value);
      });
    }
    const chosen = localStorage.getItem('unit') ?? '';
    const named = readLink(location, spec).some(([key]) => key === 'unit');
    return chosen in spec.units && !named && window.parent === window ? [['unit', chosen]] : [];
  } catch {
    return []; // storage is closed to framed pages
  }
}

/**
 * Whether an address opens on this computer alone.
 * @param {{protocol: string, hostname: string}} address
 */
export function isOnlyHere({ protocol, hostname }) {
  return protocol === 'file:' || /^(.*\.)?localhost$|^127\.|^\[::1\]$/.test(hostname);
}

/**
 * Keep the address in step with the state, seldom enough for every browser. A frame leaves its address alone
 * and tells the post, which brings the state back where a reader comes back; what a reader typed as a text
 * stays in the frame.
 * @param {WrittenSpec} spec
 * @param {boolean} inFragment
 * @returns {(state: State) => void}
 */
export function linkWriter(spec, inFragment) {
  const isFramed = window.parent !== window;
  if (!isFramed && 'embed' in document.documentElement.dataset) return () => {};
  const told = { ...spec, parameters: spec.parameters.filter(({ kind }) => kind !== 'text') };
  let timer = 0;
  /** @type {State} */
  let latest;
  const tell = () => {
    window.parent.postMessage({ bitsAndNats: 'state', query: writeLink('', told, latest) }, '*');
  };
  const write = () => {
    const current = (inFragment ? location.hash : location.search).slice(1);
    putQuery(writeLink(current, spec, latest), inFragment);
  };
  const late = () => {
    timer = 0;
    if (isFramed) tell();
    else write();
  };
  return (state) => {
    latest = state;
    if (!timer) timer = setTimeout(late, WRITES_EVERY);
  };
}

/**
 * Write a reserved key into the address, so that the page opens that way again, or take it out.
 * @param {string} key
 * @param {string} value none to take it out
 * @param {boolean} inFragment
 */
export function noteInAddress(key, value, inFragment) {
  const asked = new URLSearchParams((inFragment ? location.hash : location.search).slice(1));
  if (value) asked.set(key, value);
  else asked.delete(key);
  putQuery(queryOf(asked), inFragment);
}

/** @param {string} query @param {boolean} inFragment */
function putQuery(query, inFragment) {
  history.replaceState(history.state, '', inFragment ? `#${query}` : `?${query}`);
}

/**
 * The address of this page in the engine's current state, without what belongs to a frame.
 * @param {WrittenSpec} spec
 * @param {{frame: {state: State}, inFragment: boolean}} engine
 * @param {Record<string, string>} [more] reserved keys to add
 */
export function address(spec, engine, more = {}) {
  const url = new URL(location.href);
  const asked = new URLSearchParams(engine.inFragment ? url.hash.slice(1) : url.search);
  for (const [key, value] of url.searchParams) if (!asked.has(key)) asked.set(key, value);
  for (const key of ['embed', 'theme', 'view', 'controls', 'present', 'room']) asked.delete(key);
  for (const [key, value] of Object.entries(more)) asked.set(key, value);
  const query = writeLink(asked.toString(), spec, engine.frame.state);
  url.search = engine.inFragment ? '' : query;
  url.hash = engine.inFragment ? query : '';
  return url.href;
}

/**
 * The address without what is as by default, as a short one is read from afar.
 * @param {WrittenSpec} spec
 * @param {{frame: {state: State}, inFragment: boolean}} engine
 */
export function shortAddress(spec, engine) {
  return address({ ...spec, parameters: changedOf(spec, engine.frame.state) }, engine);
}

/**
 * The parameters that are not as by default.
 * @template {Written} P
 * @param {{parameters: P[]}} spec
 * @param {State} state
 * @returns {P[]}
 */
export function changedOf({ parameters }, state) {
  return parameters.filter(({ name, default: usual }) => String(state[name]) !== String(usual));
}
