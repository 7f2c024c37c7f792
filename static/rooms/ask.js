/** “Ask the room”: what is asked, bars that grow, how undecided the room is, and how far it has moved. */

import { save } from '../front/downloads.js';
import { element, findOne, pressed, setText } from '../front/elements.js';
import { sum } from '../infocore/sum.js';
import { letterOf, paintBars } from './bars.js';
import { keepInTab, keptInTab } from './call.js';
import { draftForm } from './draft.js';
import { movedLine, tallied, undecidedLine } from './tally.js';

/** @typedef {import('./draft.js').Draft} Draft */
/** @typedef {Draft & {id: number, round: number, open: boolean, revealed: boolean}} Asked */

export class Asking {
  /** @type {Asked | null} the question that was asked last */
  asked = null;
  /** @type {{round: number, counts?: number[], values?: Record<string, number>}[]} */
  rounds = [];
  followers = 0;
  code = '';
  drafts = false; // whether a new question is being written

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
    const deeds = element('div', { className: 'chips' }, ...Object.values(this.buttons));
    this.result = element(
      'div',
      { className: 'result' },
      question,
      right,
      this.list,
      total,
      bits,
      moved,
      deeds,
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
      stop: pressed('Stop answers', () =>
        this.change('/close', { open: false }, 'No more answers are taken.'),
      ),
      show: pressed('Show the answer', () =>
        this.change('/reveal', { open: false, revealed: true }, 'All see it now.'),
      ),
      again: pressed('Ask again', () => this.askAgain()),
      fresh: pressed('New question', () => this.draft()),
      csv: pressed('Download CSV', () => this.download()),
    };
  }

  get isShown() {
    return !this.panel.hidden;
  }

  /** Whether answers come in now. */
  get isOpen() {
    return Boolean(this.asked?.open);
  }

  /** Go on with what was asked in a room from this tab. @param {string} code */
  begin(code) {
    this.code = code;
    this.asked = keptInTab(`asked-${code}`);
    this.paint();
  }

  end() {
    if (this.isShown) this.toggle();
    this.keep(null);
    this.rounds = [];
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

  /** @param {Asked | null} asked */
  keep(asked) {
    this.asked = asked;
    this.drafts = false;
    keepInTab(`asked-${this.code}`, asked);
    this.paint();
  }

  // What the teacher does

  /** @param {Draft} draft @returns {Promise<string>} why it was not asked */
  async ask(draft) {
    const { status, told, why } = await this.teacher.call('POST', '/question', draft);
    if (status !== 200) return why;
    this.rounds = [];
    this.keep({ ...draft, ...told, open: true, revealed: false });
    this.form.clear();
    this.teacher.say('The question is at all pages of the room.');
    this.teacher.look();
    this.panel.focus({ preventScroll: true }); // the button that was pressed is gone
    return '';
  }

  async askAgain() {
    const { status, told, why } = await this.teacher.call('POST', '/question', { again: true });
    if (status === 200 && this.asked) this.keep({ ...this.asked, ...told, open: true, revealed: false });
    this.teacher.say(why || 'The question is asked once more.');
    this.teacher.look();
  }

  /**
   * @param {string} path
   * @param {Partial<Asked>} change what the question is then
   * @param {string} said
   */
  async change(path, change, said) {
    const { status, why } = await this.teacher.call('POST', path);
    if (status === 204 && this.asked) this.keep({ ...this.asked, ...change });
    this.teacher.say(why || said);
    this.teacher.look(); // for those who answered last
  }

  draft() {
    this.drafts = true;
    this.paint();
    this.panel.scrollTop = 0;
    this.panel.focus({ preventScroll: true });
  }

  async download() {
    const { status, told, why } = await this.teacher.call('GET', '/answers.csv');
    if (status === 200) save(`answers-${this.code}.csv`, new Blob([told], { type: 'text/csv' }));
    else this.teacher.say(why);
  }

  // What the teacher sees

  /**
   * @param {Asking['rounds']} rounds as the server has counted them
   * @param {number} followers
   * @returns {number} how many have answered in the last round
   */
  count(rounds, followers) {
    this.rounds = rounds;
    this.followers = followers;
    this.paint();
    const { counts, values = {} } = rounds.at(-1) ?? {};
    return sum(counts ?? Object.values(values));
  }

  paint() {
    const { asked, form, result, opener, isShown } = this;
    opener.setAttribute('aria-expanded', String(isShown));
    form.place.hidden = Boolean(asked) && !this.drafts;
    result.hidden = !form.place.hidden;
    if (!form.place.hidden) form.paint();
    if (asked && !result.hidden) this.paintResult(asked);
  }

  /** @param {Asked} asked */
  paintResult(asked) {
    const { lines, list, buttons, followers } = this;
    const given = this.rounds.slice(0, asked.round);
    const rounds = given.map(({ counts, values = {} }) => counts ?? Object.entries(values).map(pairOf));
    const tally = tallied({ ...asked, truth: asked.revealed ? asked.truth : null }, rounds);
    paintBars(list, tally, asked.kind === 'choice');
    const last = tally.counts.at(-1) ?? [];
    setText(lines.question, asked.text);
    setText(lines.right, asked.revealed ? rightOf(asked) : '');
    setText(
      lines.total,
      `${sum(last)} of ${followers} have answered${asked.open ? '' : '; answers are stopped'}.`,
    );
    setText(lines.bits, undecidedLine(last));
    const [first, second] = tally.counts;
    const names = asked.kind === 'choice' ? tally.labels.map((_, i) => letterOf(i)) : tally.labels;
    setText(lines.moved, second ? movedLine(first, second, names) : '');
    buttons.stop.hidden = !asked.open;
    buttons.show.hidden = asked.revealed;
    setText(buttons.show, asked.truth === null ? 'Show the results' : 'Show the answer');
    buttons.again.hidden = asked.open || asked.round > 1;
    for (const one of [buttons.fresh, buttons.csv]) one.hidden = asked.open;
  }
}

/** @param {[string, number]} entry @returns {import('./tally.js').Pair} */
function pairOf([value, count]) {
  return [Number(value), count];
}

/** @param {Asked} asked */
function rightOf({ kind, truth }) {
  return kind === 'choice' || truth === null ? '' : `Right: ${String(truth).replace('-', '−')}`;
}
