/** A student's page: it follows the teacher's, or explores alone until it follows again, and answers. */

import { element, findOne, pressed, setText } from '../front/elements.js';
import { callRoom, keepOf, keptOf, roomAddress, studentLink } from './call.js';
import { Card } from './card.js';
import { Far } from './far.js';
import { changesTold } from './told.js';

const LOST_AFTER = 1000; // ms without a connection, after which it is said
const SILENCE = 40_000; // ms without a beat, which comes every 15 s, after which a line is dead
const AGAIN = [2000, 5000]; // ms, by chance between them, as hundreds come back at once
const [FIRST_TRY, LAST_TRY] = [1000, 8000]; // ms from one try to answer to the next, or up to twice as many

/** @typedef {{seq: number, slug: string, query: string, question: any}} Present */

export class Student {
  alone = false;
  lost = false;
  left = false;
  over = '';
  result = { id: 0, round: 0, rounds: /** @type {any} */ (null) }; // of the question that was revealed last
  /** @type {Present | undefined} */
  present;
  /** @type {string | null} the query that this page has taken over, unless its own hand has moved it since */
  shown = null;
  ours = false; // whether it is the room that moves the page now
  timer = 0;
  silence = 0;
  heard = 0;
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
    this.kept = keptOf(code);
    document.documentElement.dataset.room = 'follows';
    this.far = new Far();
    this.card = new Card(
      code,
      this.kept,
      (away) => this.keep({ away }),
      (question, answer) => this.answer(question, answer),
      this.far,
    );
    this.said = element('p', { role: 'status', tabIndex: -1 });
    this.again = pressed('Follow again', () => this.follow());
    this.leaving = pressed('Leave', () => this.leave());
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
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && Date.now() - this.heard > SILENCE) this.reopen(); // a phone that has slept
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
      this.keep({ ticket: JSON.parse(data).ticket });
      this.hear();
    });
    source.addEventListener('room', ({ data }) => {
      this.hear();
      this.take(JSON.parse(data));
    });
    source.addEventListener('rounds', ({ data }) => {
      this.result = JSON.parse(data); // comes before the room in which it is shown
    });
    source.addEventListener('beat', () => this.hear());
    source.addEventListener('end', () =>
      this.end(`Room ${this.code} is over. The page is yours to explore.`),
    );
    source.addEventListener('error', () => this.miss(source));
    source.addEventListener('open', () => this.find());
  }

  /** A line that has gone dead looks as one on which nothing happens, but for the server's beats. */
  hear() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.reopen(), SILENCE);
    this.heard = Date.now();
  }

  reopen() {
    if (!this.over) this.connect();
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

  /** An EventSource does not tell a status; the short address says, with one, whether the room is there. */
  async askWhy() {
    try {
      const { status } = await fetch(studentLink(this.code), {
        method: 'HEAD',
        redirect: 'manual',
        cache: 'no-store',
      });
      if (status === 404)
        this.end(`There is no room ${this.code}, or it is over. The page is yours to explore.`);
    } catch {
      /* nobody answers: it is tried again anyway */
    }
  }

  /** @param {string} why */
  end(why) {
    this.over = why;
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.source?.close();
    this.card.end();
    this.paint();
  }

  /** Leave the room, with a way back; or close what says that it is over. */
  leave() {
    const wasOver = this.over;
    this.end(wasOver || `You left room ${this.code}.`);
    this.card.put(null);
    delete document.documentElement.dataset.room;
    const url = new URL(location.href);
    url.searchParams.delete('room');
    history.replaceState(history.state, '', url);
    this.left = !wasOver;
    this.paint();
    if (wasOver) this.bar.remove();
    (wasOver ? findOne('#explorer') : this.said).focus({ preventScroll: true });
  }

  // The state

  /** @param {Present} present */
  take(present) {
    this.present = present;
    this.card.put(this.withRounds(present.question));
    if (this.alone) this.paint();
    else this.apply();
  }

  /** A question with what was answered, once that is shown. @param {any} question */
  withRounds(question) {
    const { id, round, rounds } = this.result;
    const isShown = question?.revealed && question.id === id && question.round === round;
    return question && { ...question, rounds: isShown ? rounds : null };
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
    try {
      this.send(changesTold(spec, present.query));
    } finally {
      this.ours = false;
    }
  }

  explore() {
    if (this.alone) return;
    this.alone = true;
    this.shown = null;
    this.paint();
  }

  follow() {
    if (this.left) {
      location.search = `?room=${this.code}`;
      return;
    }
    this.alone = false;
    this.paint();
    this.said.focus({ preventScroll: true }); // the button that was pressed is gone
    this.apply();
  }

  paint() {
    setText(this.said, this.saying());
    this.again.hidden = !this.left && (!this.alone || Boolean(this.over));
    this.far.paint();
    setText(this.leaving, this.over ? 'Close' : 'Leave');
  }

  saying() {
    if (this.over) return this.over;
    if (this.lost) return `Room ${this.code} cannot be reached just now. The page comes back by itself.`;
    if (!this.alone) return `You follow room ${this.code}.`;
    const isElsewhere = this.present && this.present.slug !== this.spec.slug;
    return isElsewhere ? 'You explore alone; the room is at another page.' : 'You explore alone.';
  }

  // Answers

  /** @param {Partial<import('./call.js').Followed>} news */
  keep(news) {
    Object.assign(this.kept, news);
    keepOf(this.code, news);
  }

  /**
   * Send an answer until it is known whether it counted; what is returned says why it did not.
   * @param {{id: number, round: number}} question
   * @param {number} answer
   */
  async answer({ id, round }, answer) {
    for (let wait = FIRST_TRY; ; wait = Math.min(2 * wait, LAST_TRY)) {
      const body = { ticket: this.kept.ticket, id, round, answer };
      const { status, told, why } = await callRoom('POST', `${this.code}/answers`, { body });
      // What this device answered first counts, whatever it says now.
      const counted = status === 204 ? answer : (told.answer ?? undefined);
      if (counted !== undefined) this.count(`${id}:${round}`, counted);
      else Object.assign(this.kept, keptOf(this.code)); // another tab may have answered
      if (counted !== undefined || !this.isUnknown(status) || this.over) return counted === answer ? '' : why;
      this.card.say('Your answer is on its way; it is sent until it arrives.');
      await new Promise((resolve) => {
        setTimeout(resolve, wait * (1 + Math.random()));
      });
    }
  }

  /** Whether a status leaves open if an answer counted, or will. @param {number} status */
  isUnknown(status) {
    const isBetween = this.source?.readyState !== EventSource.OPEN; // who follows no room may not answer
    return status === 0 || status === 429 || status >= 500 || (status === 403 && isBetween);
  }

  /** @param {string} key @param {number} answer */
  count(key, answer) {
    this.keep({ answers: { [key]: answer } }); // of the present round alone
  }
}
