/** What pages say to the server's rooms, and what they keep of them. */

const AWAY = 'The room cannot be reached just now.';
const PATIENT = 8000; // ms for an answer
const LONGEST_KEPT = 24 * 3600 * 1000; // ms; no room lives as long

/** @typedef {{code: string, key: string, ends: number}} Taught */
/** @typedef {{ticket: string, answers: Record<string, number>, away: string}} Followed */

/** An address below that of the rooms. @param {string} path */
export function roomAddress(path) {
  const rooms = new URL(`${document.documentElement.dataset.rooms}/`, location.href);
  return new URL(path, rooms).href;
}

/** The short address that leads students into a room. @param {string} code */
export function studentLink(code) {
  return roomAddress(`../r/${code}`);
}

/**
 * Ask the server; a status of 0 is that nobody answered, `why` a sentence where it declines.
 * @param {string} method
 * @param {string} path
 * @param {{key?: string, body?: object}} [more] the teacher's key, which travels in no address
 * @returns {Promise<{status: number, told: any, why: string}>}
 */
export async function callRoom(method, path, { key, body } = {}) {
  try {
    const response = await fetch(roomAddress(path), {
      method,
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENT),
      headers: key ? { authorization: `Bearer ${key}` } : {},
      body: body && JSON.stringify(body),
    });
    const { status } = response;
    const isJson = response.headers.get('content-type')?.includes('json');
    const told = isJson ? await response.json() : await response.text();
    return { status, told, why: response.ok ? '' : (told.error ?? AWAY) };
  } catch {
    return { status: 0, told: {}, why: AWAY };
  }
}

/** The room that this tab leads. @returns {any} */
export function keptRoom() {
  return readFrom(() => sessionStorage, 'teaches');
}

/**
 * Keep a room for this tab and, as it may be closed by mistake, for others of this browser at this address.
 * @param {Taught} room
 */
export function keepRoom(room) {
  writeInto(() => sessionStorage, 'teaches', room);
  keepHere([...roomsHere().filter(({ code }) => code !== room.code), room]);
}

/** Forget a room that has ended; this tab may lead another by now. @param {string} code */
export function forgetRoom(code) {
  if (keptRoom()?.code === code) writeInto(() => sessionStorage, 'teaches', null);
  keepHere(roomsHere().filter((one) => one.code !== code));
}

/**
 * The rooms that were opened in this browser, at this address, and may not have ended.
 * @returns {Taught[]}
 */
export function roomsHere() {
  const kept = readFrom(() => localStorage, 'taught');
  return Array.isArray(kept) ? kept.filter((one) => 1000 * one?.ends > Date.now()) : [];
}

/** @param {Taught[]} rooms */
function keepHere(rooms) {
  writeInto(() => localStorage, 'taught', rooms.length ? rooms : null);
}

/** A question that was begun, which goes along to another chapter. @returns {any} */
export function keptDraft() {
  return readFrom(() => sessionStorage, 'asks') ?? {};
}

/** @param {unknown} draft */
export function keepDraft(draft) {
  writeInto(() => sessionStorage, 'asks', draft);
}

/** An answer that was begun, which goes along to another chapter. @param {string} round @returns {string} */
export function keptTyping(round) {
  const kept = readFrom(() => sessionStorage, 'answers');
  return kept?.round === round ? kept.text : '';
}

/** @param {{round: string, text: string} | null} typing */
export function keepTyping(typing) {
  writeInto(() => sessionStorage, 'answers', typing);
}

/**
 * What a student's device keeps of a room, however many tabs follow it.
 * @param {string} code
 * @returns {Followed}
 */
export function keptOf(code) {
  return { ticket: '', answers: {}, away: '', ...readFrom(() => localStorage, 'follows')?.[code] };
}

/**
 * Add to it what one tab has learnt; rooms of earlier days are forgotten.
 * @param {string} code
 * @param {Partial<Followed>} news
 */
export function keepOf(code, news) {
  const now = Date.now();
  const all = Object.entries(readFrom(() => localStorage, 'follows') ?? {});
  const recent = all.filter(([, { at }]) => now - at < LONGEST_KEPT);
  writeInto(() => localStorage, 'follows', {
    ...Object.fromEntries(recent),
    [code]: { ...keptOf(code), ...news, at: now },
  });
}

/** @param {() => Storage} store @param {string} name */
function readFrom(store, name) {
  try {
    return JSON.parse(store().getItem(`bits-and-nats-${name}`) ?? 'null');
  } catch {
    return null; // storage is closed, or holds what is none of ours
  }
}

/** @param {() => Storage} store @param {string} name @param {unknown} value */
function writeInto(store, name, value) {
  try {
    if (value) store().setItem(`bits-and-nats-${name}`, JSON.stringify(value));
    else store().removeItem(`bits-and-nats-${name}`);
  } catch {
    /* storage is closed: the page still knows until it is left */
  }
}
