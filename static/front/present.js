/** In front of a class the figure fills the screen; keys lead through scenes and tasks, a code to the page. */

import { followFontSize } from '../bokeh/models.js';
import { element, findAll, findOne, isOff, setText } from './elements.js';
import { changedOf, isOnlyHere, noteInAddress, shortAddress } from './link.js';
import { linkCode } from './qr.js';
import { shownText } from './texts.js';

const TOO_LONG = 'The link to this state is too long for a code that a phone could read from a seat.';
const HELP = [
  ['← →', 'scene before, next scene (a clicker’s buttons, too)'],
  ['↑ ↓', 'task before, next task; ↑ at the first puts tasks away'],
  ['c', 'controls'],
  ['q', 'QR code, large'],
  ['b', 'blank screen'],
  ['f', 'full screen'],
  ['?', 'this help'],
  ['Esc', 'back to the page'],
];

/** @typedef {Show} Presentation */

/**
 * Present the page when its button is pressed, or at once where its address asks for it.
 * @param {Spec} spec
 * @param {Engine} engine
 * @returns {Presentation} let it follow when a movement has ended, as the link has changed then
 */
export function bindPresent(spec, engine) {
  const show = new Show(spec, engine);
  for (const button of findAll('[data-action=present]')) {
    button.addEventListener('click', () => {
      show.begin();
      goFull(true);
    });
  }
  addEventListener('resize', () => {
    if (show.isOn) followFontSize(); // type is as large as the window is high
  });
  document.addEventListener('keydown', (event) => show.press(event), { capture: true });
  if (show.isOn) show.begin();
  return show;
}

class Show {
  /** @type {{foot: HTMLElement, corner: HTMLElement} | undefined} */
  drawn;
  /** @type {HTMLDialogElement | undefined} what covers the page */
  over;
  /** @type {{code: string, link: string} | undefined} the room that the page leads; its code is shown then */
  room;
  at = -1;
  told = HELP;
  root = document.documentElement;
  /** @type {Record<string, () => void>} */
  keys = {
    ArrowRight: () => this.scene(1),
    PageDown: () => this.scene(1),
    ArrowLeft: () => this.scene(-1),
    PageUp: () => this.scene(-1),
    ArrowDown: () => this.task(1),
    ArrowUp: () => this.task(-1),
    c: () => this.controls(),
    q: () => this.cover('q', 'QR code of this page', this.code()),
    b: () => this.cover('b', 'blank screen; press any key'),
    f: () => goFull(!document.fullscreenElement),
    '?': () => this.cover('?', 'keys', this.help()),
    Escape: () => this.end(),
  };

  /** @param {Spec} spec @param {Engine} engine */
  constructor(spec, engine) {
    this.spec = spec;
    this.engine = engine;
    this.scenes = findAll('[data-action=preset]').filter((one) => !one.hidden);
  }

  get isOn() {
    return 'present' in this.root.dataset;
  }

  begin() {
    this.root.dataset.present = '';
    noteInAddress('present', '1', this.engine.inFragment);
    this.drawn ??= this.draw();
    findOne('#explorer').append(this.drawn.foot, this.drawn.corner);
    scrollTo(0, 0);
    followFontSize();
    this.follow();
  }

  end() {
    for (const key of ['present', 'withTask', 'withControls']) delete this.root.dataset[key];
    noteInAddress('present', '', this.engine.inFragment);
    for (const one of Object.values(this.drawn ?? {})) one.remove();
    goFull(false);
    followFontSize();
    findOne('[data-action=present]').focus();
  }

  /** The line below, with the scene and what leads to others, and the code in the corner. */
  draw() {
    /** @param {string} key @param {string} said @param {string} shown */
    const button = (key, said, shown) => {
      const made = element('button', { type: 'button', className: 'icon', ariaLabel: said }, shown);
      made.addEventListener('click', () => this.keys[key]());
      return made;
    };
    const foot = element(
      'div',
      { className: 'presented', role: 'group', ariaLabel: 'Presentation' },
      button('ArrowLeft', 'scene before', '‹'),
      element('p', { role: 'status' }),
      button('ArrowRight', 'next scene', '›'),
      button('?', 'keys', '?'),
      button('Escape', 'end the presentation', '✕'),
    );
    const corner = button('q', 'QR code of this page, large', '');
    corner.className = 'corner';
    return { foot, corner };
  }

  /** Say the scene that is shown, and put the present link into the code. */
  follow() {
    if (!this.isOn || !this.drawn) return;
    const { foot, corner } = this.drawn;
    setText(findOne('[role=status]', foot), this.said());
    const code = linkCode(this.link());
    corner.hidden = !code;
    corner.replaceChildren(...(code ? [code] : []));
  }

  said() {
    const { scenes, spec, engine } = this;
    const shown = scenes.findIndex((one) => one.ariaPressed === 'true');
    if (shown >= 0) this.at = shown;
    if (shown >= 0) return `${shown + 1} of ${scenes.length}: ${scenes[shown].textContent}`;
    return changedOf(spec, engine.frame.state).length ? 'moved by hand' : 'as the page opens';
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!this.isOn || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.over?.open) {
      event.preventDefault();
      event.stopPropagation();
      this.over.close();
      return;
    }
    const { target, key } = event;
    const typed = target instanceof HTMLElement && target.matches('input, textarea, select, [role=listbox]');
    const deed = this.keys[key.length === 1 ? key.toLowerCase() : key];
    if (!deed || (typed && key !== 'Escape')) return;
    event.preventDefault();
    deed();
  }

  /** @param {1 | -1} step */
  scene(step) {
    const { scenes } = this;
    if (!scenes.length) return;
    const first = step > 0 ? 0 : scenes.length - 1;
    this.at = this.at < 0 ? first : Math.min(Math.max(this.at + step, 0), scenes.length - 1);
    scenes[this.at].click();
  }

  /**
   * The first step down brings the task that is open; one up from the first puts all away.
   * @param {1 | -1} step
   */
  task(step) {
    const place = findOne('[data-tasks]');
    if (!place || place.hidden) return;
    const [back, on] = ['back', 'on'].map((one) => findOne(`[data-go=${one}]`, place));
    if (!('withTask' in this.root.dataset)) {
      if (step > 0) this.root.dataset.withTask = '';
    } else if (step < 0 && isOff(back)) {
      delete this.root.dataset.withTask;
    } else {
      (step > 0 ? on : back).click();
    }
  }

  controls() {
    if ('withControls' in this.root.dataset) delete this.root.dataset.withControls;
    else this.root.dataset.withControls = '';
  }

  /** @param {string} key @param {string} said @param {Node[]} shown */
  cover(key, said, ...shown) {
    this.over?.remove();
    this.over = element('dialog', { className: 'over', ariaLabel: said }, ...shown);
    this.over.dataset.key = key;
    this.over.addEventListener('click', () => this.over?.close());
    findOne('#explorer').append(this.over);
    this.over.showModal();
  }

  /** The link that a student opens: the room, or this state and nothing that belongs to a presentation. */
  link() {
    return this.room?.link ?? shortAddress(this.spec, this.engine);
  }

  code() {
    const link = this.link();
    const why = isOnlyHere(location) ? shownText(findOne('[data-only-here]')) : TOO_LONG;
    const code = linkCode(link) ?? element('p', {}, why);
    const room = this.room ? [element('h2', {}, `Room ${this.room.code}`)] : [];
    const written = room.length || code instanceof SVGElement ? [element('p', {}, link)] : [];
    return element('div', {}, ...room, code, ...written);
  }

  help() {
    const rows = this.told.flatMap(([key, deed]) => [element('dt', {}, key), element('dd', {}, deed)]);
    return element('dl', {}, ...rows);
  }
}

/** @param {boolean} full */
async function goFull(full) {
  try {
    if (full) await document.documentElement.requestFullscreen();
    else if (document.fullscreenElement) await document.exitFullscreen();
  } catch {
    /* a browser or a frame that allows none */
  }
}
