/** What pages say to the server's rooms, and what this tab keeps of them. */

const AWAY = 'The room cannot be reached just now.';

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

/**
 * What this tab keeps under a name until it is closed.
 * @param {string} name
 */
export function keptInTab(name) {
  try {
    return JSON.parse(sessionStorage.getItem(`bits-and-nats-${name}`) ?? 'null');
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {unknown} value nothing to forget it
 */
export function keepInTab(name, value) {
  try {
    if (value) sessionStorage.setItem(`bits-and-nats-${name}`, JSON.stringify(value));
    else sessionStorage.removeItem(`bits-and-nats-${name}`);
  } catch {
    /* storage is closed: the page still knows until it is left */
  }
}
