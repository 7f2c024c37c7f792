/** A question at a student's page: buttons or a number, “your answer is in”, and what the room said. */

import { element, findAll, findOne, pressed, setOff, setText } from '../front/elements.js';
import { letterOf, paintBars } from './bars.js';
import { keepTyping, keptTyping } from './call.js';
import { rightNumber, tallied } from './tally.js';
import { numberEntry } from './typed.js';

/**
 * Sends an answer; the text is why it did not count.
 * @typedef {(question: any, answer: number) => Promise<string>} Answer
 */

export class Card {
  /** @type {any} */
  question = null;
  shape = '';

  /**
   * @param {string} code the room's
   * @param {{answers: Record<string, number>, away?: string}} kept what this device answered, put away
   * @param {(away: string) => void} keep
   * @param {Answer} answer
   * @param {import('./far.js').Far} far
   */
  constructor(code, kept, keep, answer, far) {
    this.code = code;
    this.kept = kept;
    this.keep = keep;
    this.far = far;
    this.answer = answer;
    this.place = element('section', { className: 'question card', ariaLabel: 'Question', hidden: true });
    this.news = element('p', { className: 'unseen', role: 'status' });
    this.body = element('div', { tabIndex: -1 });
    this.said = element('p', { className: 'said', role: 'status' });
    this.closing = pressed('✕', () => this.putAway());
    Object.assign(this.closing, { className: 'icon', ariaLabel: 'put this question away' });
    this.place.append(this.news, this.body);
    far.offer(
      'A question for you: see it',
      this.place,
      () => this.waits,
      () => this.see(),
    );
  }

  /** Show what is asked now; while only the state moves, nothing is drawn anew. @param {any} question */
  put(question) {
    const { id, round, open, rounds } = question ?? {};
    const shape = question ? JSON.stringify([id, round, open, rounds]) : 'none';
    if (shape === this.shape) return;
    const isNew =
      question?.open && (question.id !== this.question?.id || question.round !== this.question?.round);
    const wasBefore = !this.shape && question && !question.open; // this page
    if (wasBefore) this.kept.away = putAs(question);
    this.shape = shape;
    this.question = question;
    this.draw();
    if (question) setText(this.news, this.told(isNew));
  }

  /** @param {boolean} isNew */
  told(isNew) {
    if (isNew) return `A question for you: ${this.question.text}`;
    return this.question.rounds
      ? `The answers of the room are shown. ${this.verdict()}`
      : 'No more answers are taken.';
  }

  /** The room is over: nobody takes an answer. */
  end() {
    if (this.question?.open) this.put({ ...this.question, open: false });
  }

  /** Make room for the figure, until there is something new. */
  putAway() {
    this.place.hidden = true;
    this.keep(putAs(this.question));
    findOne('#explorer').focus({ preventScroll: true });
  }

  get mine() {
    const { id, round } = this.question;
    return this.kept.answers[`${id}:${round}`];
  }

  draw() {
    const { question, body, place } = this;
    const hadFocus = body.contains(document.activeElement);
    place.hidden = !question || (!question.open && this.kept.away === putAs(question));
    this.far.paint();
    if (!this.waits) keepTyping(null);
    if (!question) return;
    const isAgain = question.round > 1 && question.open;
    const again = isAgain ? [element('p', {}, 'Once more, after talking to your neighbours:')] : [];
    const head = element('div', { className: 'head' }, element('h2', {}, question.text));
    if (!question.open) head.append(this.closing);
    body.replaceChildren(...again, head, ...this.below());
    if (hadFocus) body.focus({ preventScroll: true });
  }

  /** What stands below the question. */
  below() {
    setText(this.said, this.saying());
    if (this.question.rounds) return [this.said, ...this.results()];
    if (!this.question.open || this.mine !== undefined) return [this.said];
    return [this.question.kind === 'choice' ? this.choices() : this.field(), this.said];
  }

  saying() {
    const { open, rounds } = this.question;
    if (rounds) return this.verdict();
    const mine = this.mine === undefined ? '' : `Your answer is in: ${this.called(this.mine)}. `;
    return open ? mine : `${mine}No more answers are taken.`;
  }

  /** What was answered here, and what is right, once that is shown. */
  verdict() {
    const { kind, truth } = this.question;
    const mine = this.mine === undefined ? '' : `You answered ${this.called(this.mine)}. `;
    if (truth === null) return mine;
    return `${mine}Right is ${kind === 'choice' ? this.called(truth) : rightNumber(this.question)}.`;
  }

  /** An answer as people name it. @param {number} answer */
  called(answer) {
    const { kind, options } = this.question;
    return kind === 'choice' ? `${letterOf(answer)}, ${options[answer]}` : String(answer).replace('-', '−');
  }

  choices() {
    const buttons = this.question.options.map((/** @type {string} */ words, /** @type {number} */ place) => {
      const button = pressed('', () => this.give(place));
      button.append(element('b', {}, letterOf(place)), ' ', words);
      return button;
    });
    return element('div', { className: 'options', role: 'group', ariaLabel: 'your answer' }, ...buttons);
  }

  field() {
    const entry = { label: 'your answer, a number', button: 'Send', unit: this.question.unit };
    const [field, send] = numberEntry(
      entry,
      (number) => this.give(number),
      (why) => this.say(why),
    );
    const round = `${this.code}:${this.question.id}:${this.question.round}`;
    field.value = keptTyping(round);
    field.addEventListener('input', () => keepTyping({ round, text: field.value }));
    return element('div', { className: 'options of-number' }, field, send);
  }

  /** @param {number} answer */
  async give(answer) {
    const { question } = this;
    const buttons = findAll('button', this.body);
    if (buttons.some((one) => one.getAttribute('aria-disabled') === 'true')) return; // it is on its way
    for (const one of buttons) setOff(one, true);
    const why = await this.answer(question, answer);
    if (this.question?.id !== question.id || this.question?.round !== question.round) return;
    for (const one of buttons) setOff(one, false);
    if (this.mine !== undefined) this.draw();
    if (why) this.say(this.mine === undefined ? why : `${why} ${this.saying()}`);
  }

  /** @param {string} text */
  say(text) {
    setText(this.said, text);
  }

  results() {
    const { question } = this;
    const tally = tallied(question, question.rounds);
    const list = element('ul', { className: 'votes' });
    paintBars(list, tally, question.kind === 'choice');
    return [list];
  }

  /** Whether it is there to be answered. */
  get waits() {
    return Boolean(this.question?.open) && this.mine === undefined;
  }

  see() {
    this.body.focus({ preventScroll: true });
    this.place.scrollIntoView({ block: 'start' });
  }
}

/** What of a question can be put away: a result is shown after its question was. @param {any} question */
function putAs({ id, round, rounds }) {
  return `${id}:${round}:${Boolean(rounds)}`;
}
