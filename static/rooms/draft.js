/** A question for a room: the open task of the page, or one that is typed on the spot. */

import { element, findAll, findOne, isOff, pressed, setOff, setText } from '../front/elements.js';
import { shownText } from '../front/texts.js';
import { keepDraft, keptDraft } from './call.js';
import { unitsIn } from './typed.js';

// As app/rooms/room.py has them; tests/rooms/test_room.py holds both to each other.
const LONGEST_QUESTION = 300; // letters
const LONGEST_OPTION = 120;
const [FEWEST_OPTIONS, MOST_OPTIONS] = [2, 8];

/**
 * @typedef {object} Draft
 * @property {string} text
 * @property {'choice' | 'number'} kind
 * @property {string[]} options
 * @property {number | null} truth
 * @property {number} near how far from a number still counts
 * @property {string} unit in which a number may be given, if in any; the text names it
 */

/** The choices that were typed, one a line. @param {string} text */
export function optionsIn(text) {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter(Boolean);
}

/** Why a question cannot be asked, or nothing. @param {Pick<Draft, 'text' | 'kind' | 'options'>} draft */
export function wrongWith({ text, kind, options }) {
  if (!text) return 'Write the question first.';
  if (lettersOf(text).length > LONGEST_QUESTION) return `A question has ${LONGEST_QUESTION} letters at most.`;
  if (kind === 'number') return '';
  const isFit = options.length >= FEWEST_OPTIONS && options.length <= MOST_OPTIONS;
  if (!isFit) return `Write ${FEWEST_OPTIONS} to ${MOST_OPTIONS} choices, one a line.`;
  if (new Set(options).size < options.length) return 'Two choices are the same.';
  const isLong = options.some((one) => lettersOf(one).length > LONGEST_OPTION);
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
    unit: guess?.[2] ?? '',
  };
}

/** The unit that a question asks in: the only one that it names. @param {string} text */
function unitOf(text) {
  const [unit = '', ...more] = unitsIn(text);
  return more.length ? '' : unit;
}

/** @param {string} text @param {number} most */
function shortened(text, most) {
  const letters = lettersOf(text);
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text;
}

/** The letters of a text as the server counts them: an emoji is one. @param {string} text */
function lettersOf(text) {
  return [...text];
}

/**
 * What a question is typed into. All see it on the projector, so what is right is said when it is shown.
 * @param {(draft: Draft) => Promise<string>} ask sends it; the text is why it was not asked
 */
export function draftForm(ask) {
  const task = taskOffer(() => send(openTask()));
  const fields = {
    text: element('textarea', { rows: 2, maxLength: LONGEST_QUESTION }),
    lines: element('textarea', { rows: 4 }),
  };
  const { kind, isChoice } = kindChoice(() => paint());
  const choices = element('label', {}, 'Choices, one a line', fields.lines);
  const problem = element('p', { className: 'problem', role: 'alert' });
  const asking = pressed('Ask', () => send(typed()));
  asking.className = 'main';
  const own = element('label', {}, 'A question of your own', fields.text);
  const place = element('div', { className: 'draft' }, task.place, own, kind, choices, problem, asking);
  /** @returns {Draft} */
  const typed = () => ({
    text: fields.text.value.trim(),
    kind: isChoice() ? 'choice' : 'number',
    options: isChoice() ? optionsIn(fields.lines.value) : [],
    truth: null,
    near: 0,
    unit: isChoice() ? '' : unitOf(fields.text.value),
  });
  const paint = () => {
    choices.hidden = !isChoice();
  };
  /** @param {Draft | null} draft */
  const send = async (draft) => {
    if (!draft || isOff(asking)) return; // or it is being asked
    setOff(asking, true);
    setText(problem, wrongWith(draft) || (await ask(draft)));
    setOff(asking, false);
  };
  const kept = keptDraft();
  for (const [name, field] of Object.entries(fields)) field.value = kept[name] ?? '';
  place.addEventListener('input', () => {
    keepDraft(Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value])));
  });
  const clear = () => {
    for (const field of Object.values(fields)) field.value = '';
    keepDraft(null);
  };
  return { place, paint: task.paint, clear };
}

/** The open task in short, and what asks it. @param {() => void} ask */
function taskOffer(ask) {
  const words = element('p', {});
  const button = pressed('Ask this task', ask);
  button.className = 'main';
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
