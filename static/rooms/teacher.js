/** The teacher's page: it opens a room, tells it every change of the state, and knows how many are there. */

import { copy } from '../front/clipboard.js';
import { element, findAll, findOne, isOff, pressed, setOff, setText } from '../front/elements.js';
import { isOnlyHere, leftOut } from '../front/link.js';
import { linkCode } from '../front/qr.js';
import { Asking } from './ask.js';
import { callRoom, forgetRoom, keepRoom, keptRoom, roomAddress, roomsHere, studentLink } from './call.js';
import { leavingGuard } from './leaving.js';
import { newestSender } from './newest.js';
import { changesTold, queryTold } from './told.js';

const SENDS_EVERY = 100; // ms
const LOOKS_EVERY = [2000, 500]; // ms; more often while answers come in
const AT_AN_END = 'Counts that you have not downloaded are gone then.';
const ONLY_HERE =
  'Only this computer can open this address: ' +
  'start the server with --host 0.0.0.0 and open it by its name or IP address.';
const GONE = [403, 404]; // statuses of a room that has ended, or is another's by now

/** @typedef {import('./call.js').Taught} Taught */

export class Teacher {
  /** @type {Taught | null} */
  room = null;
  /** @type {HTMLElement | undefined} */
  bar;
  /** @type {string | null} the query that the room knows, or is being told */
  told = null;
  timer = 0;
  looks = 0; // so many were begun

  /**
   * @param {Spec} spec
   * @param {Engine} engine
   * @param {Send} move
   * @param {import('../front/present.js').Presentation} show
   */
  constructor(spec, engine, move, show) {
    this.spec = spec;
    this.engine = engine;
    this.move = move;
    this.show = show;
    this.opener = findOne('[data-action=room]');
    this.opener.hidden = false;
    this.opener.addEventListener('click', () => this.open());
    this.offers = element('span', { className: 'offers' });
    this.opener.after(this.offers);
    this.guard = leavingGuard();
    this.send = newestSender(SENDS_EVERY, (query) => this.deliver(query));
    this.asking = new Asking(this);
    this.bindKeys();
    const kept = keptRoom();
    if (kept) this.teach(kept);
    else this.offer();
    addEventListener('pageshow', ({ persisted }) => {
      const isBehind = persisted && (this.room || keptRoom()); // Back brought what was; the room has moved on
      if (!isBehind) return;
      this.guard(false);
      location.reload();
    });
  }

  bindKeys() {
    const { show, asking } = this;
    show.told = [
      ...show.told.slice(0, 3),
      ['a', 'ask the room; the first time, open one'],
      ...show.told.slice(3),
    ];
    show.keys.a = () => (this.room ? asking.toggle() : this.open());
    const end = show.keys.Escape;
    show.keys.Escape = () => (asking.isShown ? asking.toggle() : end());
  }

  follows() {
    return false;
  }

  /** Tell the room where the page is now, unless it knows. */
  moved() {
    if (!this.room) return;
    const query = queryTold(this.spec, this.engine.frame.state);
    if (query === this.told) return;
    this.told = query;
    this.send(query);
  }

  /** @param {string} query */
  async deliver(query) {
    const { status, why } = await this.call('POST', '/state', { slug: this.spec.slug, query });
    if (status === 400 || status === 413) this.say(`The room does not see this: ${why}`);
    return status !== 0 && status !== 429 && status < 500;
  }

  /**
   * Ask the server as the room's teacher.
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  async call(method, path, body) {
    const { room } = this;
    if (!room) return { status: GONE[0], told: {}, why: '' };
    const answer = await callRoom(method, `${room.code}${path}`, { key: room.key, body });
    if (isGone(answer) && this.room === room) this.end(`Room ${room.code} is over.`);
    return answer;
  }

  async open() {
    if (isOff(this.opener)) return; // the second of a double click
    setOff(this.opener, true);
    const { slug } = this.spec;
    const query = queryTold(this.spec, this.engine.frame.state);
    const { status, told, why } = await callRoom('POST', '../rooms', { body: { slug, query } });
    setOff(this.opener, false);
    if (status !== 201) {
      this.notice(why);
      return;
    }
    this.told = query;
    this.teach(told);
    this.begin(`Room ${told.code} is open.`);
  }

  /** Offer to go on with each room that lives and was opened in this browser, at this address. */
  async offer() {
    const offers = await Promise.all(
      roomsHere().map(async (room) => {
        const { told } = await lookAt(room);
        return told ? [pressed(`Go on with room ${room.code}`, () => this.goOn(room))] : [];
      }),
    );
    this.offers.replaceChildren(...offers.flat());
  }

  /**
   * Lead a room from this tab: the page comes to where the room is, so that nobody who follows is moved.
   * @param {Taught} room
   */
  async goOn(room) {
    const { told, why } = await lookAt(room);
    if (!told) {
      this.offer();
      this.notice(why);
      return;
    }
    keepRoom(room);
    if (told.slug !== this.spec.slug) {
      location.assign(roomAddress(`../pages/${told.slug}.html#${told.query}`));
      return;
    }
    this.told = queryTold(this.spec, this.engine.frame.state); // which the room does not get to see
    this.teach(room);
    this.move(changesTold(this.spec, told.query));
    this.begin(`You lead room ${room.code} again.`);
  }

  /** @param {string} said */
  begin(said) {
    this.say(said);
    if (this.show.isOn) this.show.keys.q();
    else findOne('button', this.bar).focus(); // the one that was pressed is gone
  }

  /** Go on with a room that was opened here, on this page or another. @param {Taught} room */
  teach(room) {
    this.room = room;
    keepRoom(room);
    this.opener.hidden = this.offers.hidden = true;
    this.show.room = { code: room.code, link: studentLink(room.code) };
    this.place(this.drawn(room));
    this.show.follow();
    this.moved();
    this.look();
  }

  /** Look who is there and what was answered, again and again; what came late is not painted. */
  async look() {
    const { room } = this;
    this.looks += 1;
    const { looks } = this;
    const { status, told } = await this.call('GET', '');
    if (this.room !== room || !room || this.looks !== looks) return;
    const isThere = status === 200;
    if (isThere) {
      setText(findOne('.here b', this.bar), String(told.followers));
      this.guard(told.followers > 0);
      const answered = this.asking.count(told);
      setText(findOne('.got', this.bar), this.asking.isOpen ? `${answered} answered` : '');
    }
    const left = leftOut(this.spec.parameters, this.engine.frame.state);
    const unseen = left.length ? `Too long for a room, so nobody else sees: ${left.join(', ')}.` : '';
    setText(findOne('.away', this.bar), isThere ? unseen : 'No connection to the room; trying again.');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), LOOKS_EVERY[Number(this.asking.isOpen)]);
  }

  async close() {
    const { room } = this;
    if (!room || !window.confirm(`Close room ${room.code} for everybody? ${AT_AN_END}`)) return;
    clearTimeout(this.timer); // a look that fell due behind the question would find no room
    const { status, why } = await this.call('DELETE', '');
    if (this.room !== room) return; // it was over already
    if (status === 204) {
      this.end(`Room ${room.code} is closed.`);
      this.opener.focus();
    } else {
      setText(findOne('.away', this.bar), why);
      this.timer = setTimeout(() => this.look(), LOOKS_EVERY[0]);
    }
  }

  /** @param {string} why */
  end(why) {
    if (this.room) forgetRoom(this.room.code);
    this.guard(false);
    this.room = null;
    this.told = null;
    clearTimeout(this.timer);
    this.asking.end();
    this.show.room = undefined;
    this.show.follow();
    this.bar?.remove();
    this.opener.hidden = this.offers.hidden = false;
    this.offer();
    delete document.documentElement.dataset.room;
    if (why) this.notice(why);
  }

  // What stands above the page

  /** @param {HTMLElement} bar */
  place(bar) {
    this.bar?.remove();
    this.bar = bar;
    findOne('#explorer').prepend(bar);
    document.documentElement.dataset.room = 'teaches';
  }

  /** @param {Taught} room */
  drawn({ code }) {
    const link = studentLink(code);
    const copying = pressed('Copy link', () => copy(copying, link));
    const closing = pressed('Close room', () => this.close());
    const picture = linkCode(link);
    const large = pressed('', () => this.show.keys.q());
    Object.assign(large, {
      className: 'icon large',
      ariaLabel: 'QR code of the room, large',
      hidden: !picture,
    });
    large.append(picture ?? '');
    const shown = link.replace(/^https?:\/\//, '');
    return element(
      'section',
      { className: 'room card', ariaLabel: 'Your room' },
      element('p', { className: 'code' }, 'Room ', element('b', {}, code)),
      element('p', { className: 'here' }, element('b', {}, '0'), ' here'),
      element('p', { className: 'got' }),
      element(
        'p',
        { className: 'lead' },
        element('a', { href: link, target: '_blank', rel: 'noopener' }, shown),
      ),
      copying,
      large,
      element('p', { className: 'note' }, goOnLine(location.host)),
      element('p', { className: 'aside' }, isOnlyHere(location) ? ONLY_HERE : ''),
      element('p', { className: 'away' }),
      this.asking.opener,
      closing,
      element('p', { className: 'unseen', role: 'status' }),
    );
  }

  /** @param {string} text */
  say(text) {
    const place = this.bar && findAll('[role=status]', this.bar)[0];
    if (place) setText(place, text);
  }

  /** Say what is no room, or no more. @param {string} why */
  notice(why) {
    const closing = pressed('✕', () => {
      bar.remove();
      delete document.documentElement.dataset.room;
      this.opener.focus();
    });
    Object.assign(closing, { className: 'icon', ariaLabel: 'close this message' });
    const bar = element(
      'section',
      { className: 'room card', ariaLabel: 'Your room' },
      element('p', { role: 'alert' }, why),
      closing,
    );
    this.place(bar);
  }
}

/**
 * Who else can lead the room; of another address, or of a private window, a browser keeps nothing here.
 * @param {string} host
 */
function goOnLine(host) {
  return `Until you close the room, any tab of this browser at ${host} can go on with it.`;
}

/**
 * Whether the server, and no proxy before it, says that a room is over.
 * @param {{status: number, told: any}} answer
 */
function isGone({ status, told }) {
  return GONE.includes(status) && Boolean(told.error);
}

/**
 * What a room's teacher is told of it, or why nothing is; one that is over is forgotten.
 * @param {Taught} room
 * @returns {Promise<{told?: any, why: string}>}
 */
async function lookAt({ code, key }) {
  const answer = await callRoom('GET', code, { key });
  if (isGone(answer)) forgetRoom(code);
  return answer.status === 200 ? answer : { why: answer.why };
}
