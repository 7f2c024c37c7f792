/** A student's page: it follows the teacher's, or explores alone until it follows again, and answers. */

import { element, findOne, pressed, setText } from '../front/elements.js';
import { readLink } from '../front/link.js';
import { callRoom, keepInTab, keptInTab, roomAddress } from './call.js';
import { Card } from './card.js';
import { Far } from './far.js';

const LOST_AFTER = 1000; // ms without a connection, after which it is said
const AGAIN = [2000, 5000]; // ms, by chance between them, as hundreds come back at once
const OVER = [404]; // statuses after which nobody need try again

/** @typedef {{seq: number, slug: string, query: string, question: any}} Present */

export class Student {
  alone = false;
  lost = false;
  over = '';
  /** @type {Present | undefined} */
  present;
  shown = ''; // the query that this page has taken over
  ours = false; // whether it is the room that moves the page now
  timer = 0;
  /** @type {EventSource | undefined} */
  source;

  /**
   * @param {string} code
   * @param {Spec} spec
   * @param {Engine} engine
   * @param {Send} send
   */
  constructor(code, spec, engine, send) {
    this.code = code;
    this.spec = spec;
    this.send = send;
    this.kept = keptInTab(`follows-${code}`) ?? { ticket: '', answers: {} };
    document.documentElement.dataset.room = 'follows';
    this.far = new Far();
    this.card = new Card(this.kept, (question, answer) => this.answer(question, answer), this.far);
    this.said = element('p', { role: 'status', tabIndex: -1 });
    this.again = pressed('Follow again', () => this.follow());
    this.leaving = pressed('✕', () => this.leave());
    this.leaving.className = 'icon';
    const parts = [this.said, this.again, this.leaving];
    this.bar = element('section', { className: 'room card', ariaLabel: 'Room' }, ...parts);
    findOne('#explorer').prepend(this.bar, this.card.place);
    document.body.append(this.far.place);
    const isAlone = () => this.alone && !this.over;
    this.far.offer('Follow again', this.bar, isAlone, () => this.follow());
    this.watchHands(engine);
    addEventListener('pagehide', () => this.source?.close());
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted && !this.over) this.connect(); // the browser's Back brought the page as it was
    });
    this.connect();
    this.paint();
  }

  /** Whatever moves the page but the room is the student's own hand. @param {Engine} engine */
  watchHands(engine) {
    const send = engine.send.bind(engine);
    engine.send = (changes) => {
      if (!this.ours && !this.over) this.explore();
      send(changes);
    };
  }

  follows() {
    return !this.alone && !this.over;
  }

  moved() {}

  // The stream

  connect() {
    this.source?.close();
    const query = this.kept.ticket ? `?ticket=${encodeURIComponent(this.kept.ticket)}` : '';
    const source = new EventSource(roomAddress(`${this.code}/events${query}`));
    this.source = source;
    source.addEventListener('ticket', ({ data }) => {
      this.kept.ticket = JSON.parse(data).ticket;
      this.keep();
    });
    source.addEventListener('room', ({ data }) => this.take(JSON.parse(data)));
    source.addEventListener('end', () =>
      this.end(`Room ${this.code} is over. The page is yours to explore.`),
    );
    source.addEventListener('error', () => this.miss(source));
    source.addEventListener('open', () => this.find());
  }

  /** The connection is there. */
  find() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.lost = false;
    this.paint();
  }

  /** A browser comes back by itself, unless what it was answered is no stream. @param {EventSource} source */
  miss(source) {
    this.timer ||= setTimeout(() => {
      this.lost = true;
      this.paint();
    }, LOST_AFTER);
    if (source.readyState !== EventSource.CLOSED || source !== this.source) return;
    const [least, most] = AGAIN;
    setTimeout(() => this.lookAgain(), least + Math.random() * (most - least));
    this.askWhy();
  }

  lookAgain() {
    if (!this.over && this.source?.readyState === EventSource.CLOSED) this.connect();
  }

  /** An EventSource does not tell a status: ask once more for it. */
  async askWhy() {
    const asking = new AbortController();
    try {
      const { status } = await fetch(roomAddress(`${this.code}/events`), {
        signal: asking.signal,
        cache: 'no-store',
      });
      asking.abort();
      if (OVER.includes(status))
        this.end(`There is no room ${this.code}, or it is over. The page is yours to explore.`);
    } catch {
      /* nobody answers: it is tried again anyway */
    }
  }

  /** @param {string} why */
  end(why) {
    this.over = why;
    clearTimeout(this.timer);
    this.source?.close();
    this.card.end();
    this.paint();
  }

  leave() {
    this.end('left');
    this.bar.remove();
    this.card.put(null);
    delete document.documentElement.dataset.room;
    const url = new URL(location.href);
    url.searchParams.delete('room');
    history.replaceState(history.state, '', url);
    findOne('#explorer').focus();
  }

  // The state

  /** @param {Present} present */
  take(present) {
    this.present = present;
    this.card.put(present.question);
    if (this.alone) this.paint();
    else this.apply();
  }

  apply() {
    const { present, spec } = this;
    if (!present) return;
    if (present.slug !== spec.slug) {
      location.replace(roomAddress(`../pages/${present.slug}.html?room=${this.code}`));
      return;
    }
    if (this.shown === present.query) return;
    this.shown = present.query;
    this.ours = true;
    this.send([['reset', null], ...readLink({ search: `?${present.query}`, hash: '' }, spec)]);
    this.ours = false;
  }

  explore() {
    if (this.alone) return;
    this.alone = true;
    this.shown = '';
    this.paint();
  }

  follow() {
    this.alone = false;
    this.paint();
    this.said.focus({ preventScroll: true }); // the button that was pressed is gone
    this.apply();
  }

  paint() {
    setText(this.said, this.saying());
    this.again.hidden = !this.alone || Boolean(this.over);
    this.far.paint();
    this.leaving.ariaLabel = this.over ? 'close this message' : 'leave the room';
  }

  saying() {
    if (this.over) return this.over;
    if (this.lost) return `Room ${this.code} cannot be reached just now. The page comes back by itself.`;
    if (!this.alone) return `You follow room ${this.code}.`;
    const isElsewhere = this.present && this.present.slug !== this.spec.slug;
    return isElsewhere ? 'You explore alone; the room is at another page.' : 'You explore alone.';
  }

  // Answers

  keep() {
    keepInTab(`follows-${this.code}`, this.kept);
  }

  /**
   * Send an answer; what is returned says why it did not count.
   * @param {{id: number, round: number}} question
   * @param {number} answer
   */
  async answer({ id, round }, answer) {
    const { ticket } = this.kept;
    const body = { ticket, id, round, answer };
    const { status, why } = await callRoom('POST', `${this.code}/answers`, { body });
    if (status !== 204) return why;
    this.kept.answers = { [`${id}:${round}`]: answer }; // of the present round alone
    this.keep();
    return '';
  }
}
