/** “Ask the room”: what is asked, bars that grow, how undecided the room is, and how far it has moved. */

import { save } from '../front/downloads.js';
import { element, findOne, pressed, setText } from '../front/elements.js';
import { sum } from '../infocore/sum.js';
import { letterOf, paintBars } from './bars.js';
import { draftForm } from './draft.js';
import { movedLine, rightNumber, tallied, undecidedLine } from './tally.js';
import { numberEntry } from './typed.js';

/** @typedef {import('./draft.js').Draft} Draft */
/** @typedef {Draft & {id: number, round: number, open: boolean, revealed: boolean}} Asked */
/** @typedef {{round: number, counts?: number[], values?: Record<string, number>}} Round */
/**
 * What the server tells of a room.
 * @typedef {{question: Asked | null, rounds: Round[], followers: number}} Told
 */

/** @type {Told} */
const NOTHING = { question: null, rounds: [], followers: 0 };

export class Asking {
  /** @type {Told} */
  told = NOTHING;
  named = ''; // the round whose right answer is being chosen
  barred = false; // whether bars are shown while answers come in

  /** @param {import('./teacher.js').Teacher} teacher */
  constructor(teacher) {
    this.teacher = teacher;
    this.opener = pressed('Ask the room', () => this.toggle());
    this.opener.className = 'opener main';
    this.form = draftForm((draft) => this.ask(draft));
    this.buttons = this.drawButtons();
    const [question, total, bits, moved, right] = ['question-text', 'total', 'bits', 'moved', 'truth'].map(
      (className) => element('p', { className }),
    );
    this.lines = { question, total, bits, moved, right };
    this.list = element('ul', { className: 'votes' });
    this.deeds = element('div', { className: 'chips' }, ...Object.values(this.buttons));
    this.naming = element('div', { className: 'chips', role: 'group', ariaLabel: 'which answer is right' });
    this.result = element(
      'div',
      { className: 'result' },
      question,
      right,
      this.list,
      total,
      bits,
      moved,
      this.deeds,
      this.naming,
    );
    const closing = pressed('✕', () => this.toggle());
    Object.assign(closing, { className: 'icon', ariaLabel: 'close “Ask the room”' });
    const title = element('h2', {}, 'Ask the room');
    this.panel = element(
      'section',
      { className: 'ask card', ariaLabel: 'Ask the room', hidden: true, tabIndex: -1 },
      ...[title, closing, this.form.place, this.result],
    );
    this.panel.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && !teacher.show.isOn) this.toggle();
    });
    findOne('#explorer').prepend(this.panel);
    this.paint();
  }

  drawButtons() {
    return {
      stop: pressed('Stop answers', () => this.change('/close', 'No more answers are taken.')),
      show: pressed('Show the answer', () => this.show()),
      again: pressed('Ask again', () => this.change('/question', 'It is asked once more.', { again: true })),
      bars: pressed('Show bars', () => this.showBars()),
      fresh: pressed('New question', () => this.draft()),
      csv: pressed('Download CSV', () => this.download()),
    };
  }

  get isShown() {
    return !this.panel.hidden;
  }

  /** Whether answers come in now. */
  get isOpen() {
    return Boolean(this.told.question?.open);
  }

  end() {
    if (this.isShown) this.toggle();
    this.told = NOTHING;
    this.paint();
  }

  toggle() {
    const { panel, opener } = this;
    const hadFocus = panel.contains(document.activeElement);
    panel.hidden = !panel.hidden;
    document.documentElement.toggleAttribute('data-asking', this.isShown);
    this.paint();
    if (this.isShown) panel.focus({ preventScroll: true });
    else if (hadFocus) opener.focus();
  }

  // What the teacher does

  /** @param {Draft} draft @returns {Promise<string>} why it was not asked */
  async ask(draft) {
    const { status, why } = await this.teacher.call('POST', '/question', draft);
    if (status === 0 || status >= 500) await this.teacher.look(); // it may have arrived
    if (status !== 200) return why;
    this.form.clear();
    this.teacher.say('The question is at all pages of the room.');
    await this.teacher.look();
    this.panel.focus({ preventScroll: true }); // the button that was pressed is gone
    return '';
  }

  /**
   * Let something happen to the question.
   * @param {string} path
   * @param {string} said once it has
   * @param {object} [body]
   */
  async change(path, said, body) {
    const { why } = await this.teacher.call('POST', path, body);
    this.teacher.say(why || said);
    await this.teacher.look();
  }

  /** Show all what was answered, and what is right: where that was left open, it is chosen first. */
  show() {
    const { question } = this.told;
    if (!question) return;
    if (question.truth !== null) {
      this.reveal(question);
      return;
    }
    this.named = roundOf(question);
    this.naming.replaceChildren(...this.choosing(question));
    this.paint();
    findOne('input, button', this.naming).focus();
  }

  /**
   * Show this very question's answers: another tab that leads the room may ask the next meanwhile.
   * @param {Asked} asked
   * @param {number} [truth] where it is said now
   */
  async reveal({ id, round }, truth) {
    await this.change('/reveal', 'All see it now.', { id, round, truth });
    this.cease();
  }

  /** Choose no more. */
  cease() {
    this.named = '';
    this.paint();
    this.panel.focus({ preventScroll: true }); // the button that was pressed is gone
  }

  /** What of the answers is right is chosen with. @param {Asked} asked */
  choosing(asked) {
    const { kind, options, unit } = asked;
    const asking = element('p', { role: 'status' }, 'Which is right?');
    const entry = { label: 'the right number', button: 'Show', unit };
    const choose = (/** @type {number} */ answer) => this.reveal(asked, answer);
    const ways =
      kind === 'choice'
        ? options.map((words, place) => {
            const button = pressed(letterOf(place), () => choose(place));
            button.ariaLabel = `${letterOf(place)}, ${words}`;
            return button;
          })
        : numberEntry(entry, choose, (why) => setText(asking, why));
    const none = pressed('Show without one', () => this.reveal(asked));
    return [asking, ...ways, none, pressed('Not yet', () => this.cease())];
  }

  /** Put the question away at all pages, and write another. */
  async draft() {
    await this.change('/clear', 'The question is away from all pages.');
    this.panel.scrollTop = 0;
    this.panel.focus({ preventScroll: true });
  }

  /** Bars that grow in sight of all lead who has not answered yet, so they are shown when asked for. */
  showBars() {
    this.barred = !this.barred;
    this.paint();
  }

  async download() {
    const { status, told, why } = await this.teacher.call('GET', '/answers.csv');
    if (status === 200)
      save(`answers-${this.teacher.room?.code}.csv`, new Blob(['\ufeff', told], { type: 'text/csv' }));
    else this.teacher.say(why);
  }

  // What the teacher sees

  /**
   * Take what the server has counted, with the question that it is about.
   * @param {Told} told
   * @returns {number} how many have answered in the last round
   */
  count(told) {
    this.told = told;
    this.paint();
    const { counts, values = {} } = told.rounds.at(-1) ?? {};
    return sum(counts ?? Object.values(values));
  }

  paint() {
    const { form, result, opener, isShown } = this;
    const { question } = this.told;
    opener.setAttribute('aria-expanded', String(isShown));
    form.place.hidden = Boolean(question);
    result.hidden = !form.place.hidden;
    if (!form.place.hidden) form.paint();
    if (question && !result.hidden) this.paintResult(question);
  }

  /** @param {Asked} asked */
  paintResult(asked) {
    const { lines, list, buttons } = this;
    const { followers } = this.told;
    const rounds = this.told.rounds.map(
      ({ counts, values = {} }) => counts ?? Object.entries(values).map(pairOf),
    );
    const tally = tallied({ ...asked, truth: asked.revealed ? asked.truth : null }, rounds);
    paintBars(list, tally, asked.kind === 'choice');
    const last = tally.counts.at(-1) ?? [];
    setText(lines.question, asked.text);
    setText(lines.right, asked.revealed ? rightOf(asked) : '');
    const given = sum(last);
    const those =
      given > followers
        ? `${given} have answered, ${followers} are here now`
        : `${given} of ${followers} have answered`;
    setText(lines.total, `${those}${asked.open ? '' : '; answers are stopped'}.`);
    const isShown = this.barred || !asked.open;
    list.hidden = !isShown && asked.kind === 'number'; // choices are read out
    list.classList.toggle('bare', !isShown);
    lines.bits.hidden = lines.moved.hidden = !isShown;
    setText(lines.bits, undecidedLine(...tally.counts));
    const [first, second] = tally.counts;
    const names = asked.kind === 'choice' ? tally.labels.map((_, i) => letterOf(i)) : tally.labels;
    setText(lines.moved, second ? movedLine(first, second, names) : '');
    buttons.bars.hidden = buttons.stop.hidden = !asked.open;
    setText(buttons.bars, this.barred ? 'Hide bars' : 'Show bars');
    buttons.show.hidden = asked.revealed;
    buttons.again.hidden = asked.open || asked.round > 1;
    for (const one of [buttons.fresh, buttons.csv]) one.hidden = asked.open;
    this.naming.hidden = asked.revealed || this.named !== roundOf(asked);
    this.deeds.hidden = !this.naming.hidden;
  }
}

/** @param {Asked} asked */
function roundOf({ id, round }) {
  return `${id}:${round}`;
}

/** @param {[string, number]} entry @returns {import('./tally.js').Pair} */
function pairOf([value, count]) {
  return [Number(value), count];
}

/** @param {Asked} asked */
function rightOf({ kind, truth, near }) {
  return kind === 'choice' || truth === null ? '' : `Right: ${rightNumber({ truth, near })}`;
}
