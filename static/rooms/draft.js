/** A question for a room: the open task of the page, or one that is typed on the spot. */

import { element, findAll, findOne, isOff, setOff, setText } from '../front/elements.js';
import { typedNumber } from '../front/number-pair.js';
import { shownText } from '../front/texts.js';
import { letterOf } from './bars.js';
import { keepDraft, keptDraft } from './call.js';

const LONGEST_QUESTION = 300; // letters, as the server takes them
const LONGEST_OPTION = 120;
const [FEWEST_OPTIONS, MOST_OPTIONS] = [2, 8];

/**
 * @typedef {{text: string, kind: 'choice' | 'number', options: string[], truth: number | null, near: number}} Draft
 */

/** The choices that were typed, one a line. @param {string} text */
export function optionsIn(text) {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter(Boolean);
}

/**
 * The number that was typed, with a point or a comma; null for nothing, NaN for what is no number.
 * @param {string} text
 */
export function typedAnswer(text) {
  if (/\d,\d{3}$/.test(text.trim())) return NaN; // a thousand, or one and a bit?
  const pointed = text.includes('.') ? text : text.replace(',', '.');
  return text.trim() ? Number(typedNumber(pointed)) : null;
}

/** Why a question cannot be asked, or nothing. @param {Draft} draft */
export function wrongWith({ text, kind, options, truth }) {
  if (!text) return 'Write the question first.';
  if (text.length > LONGEST_QUESTION) return `A question has ${LONGEST_QUESTION} letters at most.`;
  if (Number.isNaN(truth)) return 'The right answer is a number, such as 1.5, or nothing.';
  if (kind === 'number') return '';
  const isFit = options.length >= FEWEST_OPTIONS && options.length <= MOST_OPTIONS;
  if (!isFit) return `Write ${FEWEST_OPTIONS} to ${MOST_OPTIONS} choices, one a line.`;
  if (new Set(options).size < options.length) return 'Two choices are the same.';
  const isLong = options.some((one) => one.length > LONGEST_OPTION);
  return isLong ? `A choice has ${LONGEST_OPTION} letters at most.` : '';
}

/** The task that is open on the page, as a question. @returns {Draft | null} */
function openTask() {
  const boxes = findAll('[data-tasks]:not([hidden]) [data-list] > [data-name]');
  const box = boxes.find((one) => !one.hidden);
  if (!box) return null;
  const { guess } = JSON.parse(box.dataset.about ?? '{}');
  const unit = guess?.[2] ? ` (in ${guess[2]})` : '';
  const prompt = shownText(findOne('[data-of=guess] > p', box));
  const answers = guess ? [] : findAll('[data-of=guess] [data-answer]', box);
  return {
    text: shortened(prompt, LONGEST_QUESTION - unit.length) + unit,
    kind: guess ? 'number' : 'choice',
    options: answers.map((one) => shortened(shownText(one), LONGEST_OPTION)),
    truth: box.dataset.truth ? Number(box.dataset.truth) : null,
    near: guess?.[1] ?? 0,
  };
}

/** @param {string} text @param {number} most */
function shortened(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/**
 * What a question is typed into.
 * @param {(draft: Draft) => Promise<string>} ask sends it; the text is why it was not asked
 */
export function draftForm(ask) {
  const task = taskOffer(() => send(openTask()));
  const text = element('textarea', { rows: 2, maxLength: LONGEST_QUESTION });
  const { kind, isChoice } = kindChoice(() => paint());
  const choices = choiceFields();
  const number = numberField('');
  const ofNumber = element('label', {}, 'The right number, if there is one', number);
  const problem = element('p', { className: 'problem', role: 'alert' });
  const asking = element('button', { type: 'button', className: 'main' }, 'Ask');
  asking.addEventListener('click', () => send(typed()));
  const own = element('label', {}, 'A question of your own', text);
  const place = element(
    'div',
    { className: 'draft' },
    task.place,
    own,
    kind,
    choices.place,
    ofNumber,
    problem,
    asking,
  );
  const typed = () => {
    const truth = isChoice() ? choices.right() : typedAnswer(number.value);
    const options = isChoice() ? optionsIn(choices.lines.value) : [];
    return /** @type {Draft} */ ({
      text: text.value.trim(),
      kind: isChoice() ? 'choice' : 'number',
      options,
      truth,
      near: 0,
    });
  };
  const paint = () => {
    choices.place.hidden = !isChoice();
    ofNumber.hidden = isChoice();
  };
  /** @param {Draft | null} draft */
  const send = async (draft) => {
    if (!draft || isOff(asking)) return; // or it is being asked
    setOff(asking, true);
    setText(problem, wrongWith(draft) || (await ask(draft)));
    setOff(asking, false);
  };
  const fields = { text, lines: choices.lines, number };
  const kept = keptDraft();
  for (const [name, field] of Object.entries(fields)) writeField(field, kept[name] ?? '');
  place.addEventListener('input', () => {
    keepDraft(Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value])));
  });
  const clear = () => {
    for (const field of Object.values(fields)) writeField(field, '');
    keepDraft(null);
  };
  paint();
  return { place, paint: task.paint, clear };
}

/** @param {HTMLTextAreaElement | HTMLInputElement} field @param {string} value */
function writeField(field, value) {
  field.value = value;
  field.dispatchEvent(new Event('input'));
}

/** The open task in short, and what asks it. @param {() => void} ask */
function taskOffer(ask) {
  const words = element('p', {});
  const button = element('button', { type: 'button', className: 'main' }, 'Ask this task');
  button.addEventListener('click', ask);
  const place = element('div', { className: 'of-task' }, words, button);
  const paint = () => {
    const task = openTask();
    place.hidden = !task;
    setText(words, task?.text ?? '');
  };
  return { place, paint };
}

/** @param {() => void} paint */
function kindChoice(paint) {
  const radios = [0, 1].map((i) => element('input', { type: 'radio', name: 'of-room', checked: i === 0 }));
  const labels = ['choices', 'a number'].map((words, i) =>
    element('label', {}, radios[i], element('span', {}, words)),
  );
  for (const radio of radios) radio.addEventListener('change', paint);
  const kind = element(
    'div',
    { className: 'choice', role: 'radiogroup', ariaLabel: 'answered with' },
    ...labels,
  );
  return { kind, isChoice: () => radios[0].checked };
}

/** Lines for choices, and which of them is right. */
function choiceFields() {
  const lines = element('textarea', { rows: 4 });
  const right = element('select', {});
  const paint = () => {
    const { value } = right;
    const options = optionsIn(lines.value).map((words, i) =>
      element('option', { value: String(i) }, `${letterOf(i)} · ${words}`),
    );
    right.replaceChildren(element('option', { value: '' }, 'none, or not said'), ...options);
    right.value = Number(value) < options.length ? value : '';
  };
  lines.addEventListener('input', paint);
  paint();
  const place = element(
    'div',
    { className: 'draft' },
    element('label', {}, 'Choices, one a line', lines),
    element('label', {}, 'The right one', right),
  );
  return { place, lines, right: () => (right.value ? Number(right.value) : null) };
}

/**
 * A field whose keyboard has a minus on every phone.
 * @param {string} label none where it has one around it
 */
export function numberField(label) {
  const field = element('input', { type: 'text', className: 'guess', autocomplete: 'off' });
  if (label) field.ariaLabel = label;
  return field;
}
