/** Tasks: guess, bring the picture there, be told why. One is open at a time; wrong guesses lead on, too. */

import { holds } from '../contract/conditions.js';
import { findAll, findOne, isOff, setOff, setText } from './elements.js';
import { isNear, typedNumber } from './number-pair.js';
import { bindText, shownText } from './texts.js';

const SEEN = 0.5; // of the card within the window, and it is in sight

/** @typedef {{start: Change[], until: any, guess: [number, number, string] | null}} TaskData */
/**
 * @typedef {object} OpenTask
 * @property {HTMLElement} box
 * @property {string} name
 * @property {TaskData} data
 * @property {(frame: Frame) => void} paintWhy writes the numbers of its explanation
 * @property {HTMLElement | undefined} watched the line over the pictures with the numbers that it is about
 * @property {boolean} wasSeen whether this page has shown the state that it asks for
 */

/**
 * Put the tasks of a template into their place and bring them to life.
 * @param {HTMLTemplateElement} template
 * @param {string} key the name under which progress is kept
 * @param {Engine} engine
 * @param {Spec} spec
 * @param {Send} act sends changes that Undo takes back as one
 * @returns {(atRest: boolean) => void} looks at the last frame
 */
export function bindTasks(template, key, engine, spec, act) {
  const place = findOne('[data-tasks]');
  const list = findOne('[data-list]', place);
  list.append(template.content.cloneNode(true));
  place.hidden = false;
  const tasks = findAll('[data-name]', list).map((box) => taskIn(box, spec));
  for (const { paintWhy } of tasks) paintWhy(engine.frame); // for the room that they take
  liftWatched(tasks);
  const card = new TaskCard(place, tasks, key, engine, spec.units, act);
  card.listen();
  card.openFirst();
  return (atRest) => card.look(atRest);
}

/** @param {HTMLElement} box @param {Spec} spec @returns {OpenTask} */
function taskIn(box, spec) {
  const why = findOne('[data-of=done]', box);
  return {
    box,
    name: box.dataset.name ?? '',
    data: JSON.parse(box.dataset.about ?? ''),
    watched: findAll('[data-watch]', box)[0],
    paintWhy: bindText(spec, (selector) => findAll(selector, why)),
    wasSeen: false,
  };
}

/** Put what tasks watch over the pictures, where it is in sight on a phone, too. @param {OpenTask[]} tasks */
function liftWatched(tasks) {
  const lines = tasks.flatMap(({ watched }) => watched ?? []);
  for (const above of findAll('[data-watches]')) {
    above.append(...lines);
    above.hidden = lines.length === 0;
  }
}

class TaskCard {
  at = 0;
  inSight = true; // whether most of the card is within the window
  wasNext = false; // whether the last click went on from a task that was done
  started = false; // whether a frame has shown that the start is there: then the task is not done
  /** @type {Record<string, () => void>} */
  ways = {
    back: () => this.open(this.at - 1),
    on: () => this.approach(this.at + 1),
    see: () => this.showWhy(),
    close: () => this.note(false),
    redo: () => this.redo(),
    again: () => this.startAgain(),
  };

  /**
   * @param {HTMLElement} place
   * @param {OpenTask[]} tasks
   * @param {string} key
   * @param {Engine} engine
   * @param {Record<string, number>} units
   * @param {Send} act
   */
  constructor(place, tasks, key, engine, units, act) {
    this.place = place;
    this.tasks = tasks;
    this.key = key;
    this.engine = engine;
    this.units = units;
    this.act = act;
    this.done = new Set(progress(key).filter((name) => tasks.some((one) => one.name === name)));
    this.lead = findAll('[data-last]', place)[0]; // to the next chapter, where there is one
    this.said = findOne('[data-said]', place);
    this.far = findOne('[data-far]', place); // what leads to the card from where it is out of sight
    this.buttons = Object.fromEntries(findAll('[data-go]', place).map((one) => [one.dataset.go, one]));
  }

  get task() {
    return this.tasks[this.at];
  }

  get step() {
    return this.task.box.dataset.step;
  }

  listen() {
    this.place.addEventListener('click', (event) => this.press(event));
    this.place.addEventListener('input', () => this.ask(false));
    this.place.addEventListener('keydown', ({ key, target }) => {
      if (key === 'Enter' && target instanceof HTMLInputElement) this.judge();
    });
    /** @type {IntersectionObserverCallback} */
    const watch = ([card]) => {
      this.inSight = card.intersectionRatio >= SEEN;
      if (this.inSight) this.note(false);
    };
    new IntersectionObserver(watch, { threshold: SEEN }).observe(this.place);
  }

  /** @param {MouseEvent} event */
  press({ target, detail }) {
    const button = target instanceof Element ? target.closest('button') : null;
    if (!button || isOff(button)) return;
    const { go, answer } = button.dataset;
    if (go === 'on' && detail > 1 && this.wasNext) return; // the second of a double click
    this.wasNext = go === 'on' && this.step === 'done';
    if (go) this.ways[go]();
    else if (answer) this.build(Number(answer));
    else if ('guess' in button.dataset) this.judge();
  }

  /** Look at the last frame: it may be what the task asks for, or no longer. @param {boolean} atRest */
  look(atRest) {
    const reached = this.isReached();
    if (this.step === 'done') this.explain(reached);
    if (this.step === 'done' && !reached) this.note(false); // the page has gone on to something else
    if (this.step !== 'build' || !atRest) return; // passing through is not yet being there
    if (this.started && reached) this.finish();
    this.started ||= !reached;
  }

  isReached() {
    const { state, readouts } = this.engine.frame;
    return holds(this.task.data.until, { ...readouts, ...state }, this.units[state.unit]);
  }

  // From task to task

  openFirst() {
    const undone = this.tasks.findIndex(({ name }) => !this.done.has(name));
    this.open(undone < 0 ? this.tasks.length - 1 : undone, false);
  }

  /** @param {number} index @param {boolean} [byHand] */
  open(index, byHand = true) {
    this.at = index;
    for (const { box, name, watched } of this.tasks) {
      box.hidden = box !== this.task.box;
      if (watched) watched.hidden = box.hidden;
      if (box.hidden) delete box.dataset.task;
      else box.dataset.task = name;
    }
    this.stepTo(this.done.has(this.task.name) ? 'done' : 'guess');
    setText(findOne('[data-place]', this.place), `${index + 1} of ${this.tasks.length}`);
    if (byHand) this.focusStep();
  }

  /**
   * Open a task at its start: what an earlier one has left may give the answer away.
   * @param {number} index
   */
  approach(index) {
    this.open(index);
    if (this.step === 'guess' && this.task.data.start.length) this.begin();
  }

  redo() {
    this.done.delete(this.task.name);
    keep(this.key, [...this.done]);
    this.approach(this.at);
  }

  startAgain() {
    this.done.clear();
    keep(this.key, []);
    this.open(0);
  }

  // From step to step

  /** Show a step of the open task, and what one can do besides. @param {string} step */
  stepTo(step) {
    const isDone = step === 'done';
    this.task.box.dataset.step = step;
    this.place.classList.toggle('done', isDone);
    setText(this.said, '');
    this.paintButtons(isDone);
    if (isDone) this.explain(this.isReached());
    this.note(isDone && !this.inSight);
  }

  /** @param {boolean} isDone */
  paintButtons(isDone) {
    const { buttons, lead } = this;
    const isLast = this.at === this.tasks.length - 1;
    setText(buttons.on, isDone && !isLast ? 'next task' : 'Skip');
    setOff(buttons.back, this.at === 0);
    setOff(buttons.on, isLast);
    buttons.on.hidden = isLast && isDone;
    if (lead) lead.hidden = !buttons.on.hidden;
    buttons.redo.hidden = !isDone;
    buttons.again.hidden = this.done.size === 0 || (isDone && !isLast); // a phone has no room for both
  }

  begin() {
    const { unit } = this.engine.frame.state;
    this.act([['task-start', [['unit', unit], ...this.task.data.start]]]);
  }

  /** @param {number} answer the place of its reply */
  build(answer) {
    for (const [i, reply] of findAll('[data-reply]', this.task.box).entries()) reply.hidden = i !== answer;
    this.stepTo('build');
    this.started = !this.isReached(); // it may be there since the task was opened, and then no frame follows
    this.begin();
    this.focusStep();
  }

  finish() {
    const hadFocus = findOne('[data-of=build]', this.task.box).contains(document.activeElement);
    this.done.add(this.task.name);
    keep(this.key, [...this.done]);
    this.stepTo('done');
    // whose hand is on a picture far below stays there
    if (hadFocus) this.placeOfStep().focus({ preventScroll: true });
    else setText(this.said, shownText(this.placeOfStep()));
  }

  /**
   * Tell why with the numbers with which the task was reached. Elsewhere they are not the page's, which
   * the text then says; a page that was loaded since does not know them.
   * @param {boolean} reached
   */
  explain(reached) {
    const { task } = this;
    setText(findOne('[data-when]', task.box), reached ? 'Done.' : 'Done earlier:');
    if (reached) task.paintWhy(this.engine.frame);
    else if (!task.wasSeen) blankNumbers(findOne('[data-of=done]', task.box));
    task.wasSeen ||= reached;
  }

  /** What is read first of the step that is shown. */
  placeOfStep() {
    const step = `[data-of=${this.step}]`;
    return findOne(`${step}[tabindex], ${step} [tabindex]`, this.task.box);
  }

  /** The focus says a step to a screen reader: no live region says it, too. */
  focusStep() {
    this.placeOfStep().focus();
  }

  /** Lead to what is said, while it is out of sight, and not over what has the focus. @param {boolean} far */
  note(far) {
    if (this.far.hidden === !far) return;
    this.far.hidden = !far;
    const focused = document.activeElement;
    if (far && focused && overlap(focused, this.far)) focused.scrollIntoView({ block: 'nearest' });
  }

  showWhy() {
    this.placeOfStep().focus({ preventScroll: true });
    this.place.scrollIntoView({ block: 'center' }); // at once, whatever moves a reader likes
  }

  // A guess that is a number

  judge() {
    const { box, data } = this.task;
    const field = /** @type {HTMLInputElement} */ (findOne('input', box));
    const number = typedNumber(field.value);
    if (typeof number === 'number' && data.guess) {
      this.ask(false);
      this.build(isNear(number, data.guess) ? 0 : 1);
    } else {
      setText(this.said, this.ask(true));
      field.focus();
    }
  }

  /** Ask for a number, or no longer. @param {boolean} again */
  ask(again) {
    const asked = findOne('[data-asked]', this.task.box);
    asked.hidden = !again;
    findOne('input', this.task.box).ariaInvalid = again ? 'true' : null;
    return asked.textContent;
  }
}

/** @param {HTMLElement} why */
function blankNumbers(why) {
  for (const slot of findAll('[data-slot]', why)) if (slot.dataset.slot !== 'unit') setText(slot, '…');
}

/** @param {Element} one @param {Element} other */
function overlap(one, other) {
  const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
  return a.top < b.bottom && b.top < a.bottom;
}

/** The tasks done so far, as this reader's browser has kept them. @param {string} key */
function progress(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch {
    return []; // no storage, as in a framed page, or nothing that was kept here
  }
}

/** @param {string} key @param {string[]} names */
function keep(key, names) {
  try {
    localStorage.setItem(key, JSON.stringify(names));
  } catch {
    /* no storage: the page still remembers until it is closed */
  }
}
