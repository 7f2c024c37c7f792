/** The one front end: it binds the page's declaration to an engine and paints what comes back. */

import { columnsOf, followFontSize, moveRanges, painted, paintRoles } from '../bokeh/models.js';
import { endsOf } from './axes.js';
import { copy } from './clipboard.js';
import { builders } from './controls.js';
import { bindDescriptions } from './described.js';
import { downloads } from './downloads.js';
import { findAll, findOne, setText } from './elements.js';
import { embedCode } from './embedded.js';
import { bindMessages, keepInSight } from './focus.js';
import { bindGlide, bindScenes } from './glide.js';
import { bindHandout } from './handout.js';
import { bindHistory } from './history.js';
import { openLesson } from './lesson.js';
import { address, followUnit, isOnlyHere, leftOut, linkWriter, writeLink } from './link.js';
import { bindPresent } from './present.js';
import { bindPrint } from './print.js';
import { bindTables } from './tables.js';
import { bindFlags, bindIdle, bindText, bindValues, codeOf, lookUp, shownText } from './texts.js';
import { atMostEvery, whenStill } from './timing.js';

const SETTLE = 300; // ms without a new frame that end a movement
const CALM = 150; // ms between two writings of the numbers that stand in running text
const SPEAK = 1000; // ms between two sentences for a screen reader
const NO_PLAYERS = { follow() {}, end() {}, plays: () => false };
const NO_LABELS = { paint() {}, tableColumns: (/** @type {TableSpec} */ { source }) => columnsOf(source) };

/**
 * Bring the page to life.
 * @param {Spec} spec
 * @param {Engine} engine
 */
export function mount(spec, engine) {
  /** @type {Find} */
  const find = (selector) => findAll(selector);
  const { parts } = engine;
  const { template, isCompact, lesson, problems, isHidden, handles } = openLesson(spec, engine);
  const { players, glide, ways } = waysToMove(spec, find, engine);
  /** @type {Send} */
  const moveShown = (changes) => {
    if (!changes.some(([key]) => isHidden(key))) ways.move(changes);
  };
  const tasksKey = ['tasks', spec.slug, lesson].filter(Boolean).join(':');
  const watchTask = template && parts.bindTasks?.(template, tasksKey, engine, spec, ways.act);
  const paintControls = bindControls(spec, find, moveShown, builders(parts));
  const paintValues = bindValues(find('[data-readout]'));
  const paintText = bindText(spec, (selector) =>
    find(`${selector}:not(.more *, [data-description] *, [data-of=done] *)`),
  );
  const paintProse = bindText(spec, (selector) => find(`.more ${selector}`));
  const describe = bindDescriptions(spec);
  const markScene = bindScenes(spec, find('[data-action=preset]'));
  const paintPassages = parts.bindPassages?.(find) ?? (() => {});
  const messages = bindMessages(spec.sentences);
  const write = linkWriter(spec, engine.inFragment);
  const show = bindFlags(find('[data-show]'));
  const rest = bindIdle(find('[data-idle]'));
  const labels = parts.bindLabels?.(spec.labels, (name) => lookUp(name, spec, engine.frame)) ?? NO_LABELS;
  const paintHandles = parts.bindHandles?.({ ...spec, handles }, engine, moveShown) ?? (() => {});
  /** @param {boolean} growing */
  const moveAxes = (growing) => {
    moveRanges(engine.frame.ranges, growing, (name, span) => endsOf(spec.axes[name], span, spec.ladder));
    labels.paint();
    paintHandles();
  };
  const tables = bindTables(spec, find, labels.tableColumns);
  const calmly = atMostEvery(CALM, () => {
    paintProse(engine.frame);
    tables(false);
  });
  /** @type {ReturnType<typeof bindPresent> | undefined} */
  let presentation;
  /** @type {ReturnType<NonNullable<Parts['bindRoom']>> | undefined} */
  let room;
  const ended = whenStill(SETTLE, () => {
    moveAxes(isDragging());
    paintControls(engine.frame, engine.settled);
    tables(true);
    watchTask?.(!isDragging());
    describe(engine.frame);
    leadOn(find('[data-full], [data-live]'), spec, engine);
    presentation?.follow();
  });
  const speak = whenStill(SPEAK, () => {
    setText(findOne('[data-status]'), shownText(findOne('[data-sentence]')));
  });
  const isDragging = watchDragging(ended);
  bindButtons(spec, find, engine, ways, messages, downloads(spec, labels.tableColumns));
  if (!isCompact) parts.bindAtHand?.(find('.at-hand'));
  const paint = () => {
    const { frame } = engine;
    show(frame.flags);
    rest(frame.flags);
    moveAxes(isDragging() || players.plays() || glide.plays());
    paintControls(frame, engine.settled);
    paintText(frame);
    paintValues(frame);
    paintPassages(frame);
    markScene(frame.state);
    paintLeftOut(findOne('[data-left-out]'), leftOut(spec.parameters, frame.state));
    calmly();
    messages(frame.messages);
    watchTask?.(!isDragging());
    players.follow();
    glide.follow();
    ended();
    speak();
  };
  /** @param {Message} message */
  const tell = (message) => messages([message]);
  const paintWork = parts.bindWork?.(find, engine, tell) ?? (() => {});
  engine.listen(() => {
    paint();
    paintWork();
    if (!room?.follows()) write(engine.frame.state);
    room?.moved();
  }, paintWork);
  bindSkipping(find('a[href="#explorer"]'));
  keepInSight();
  followFontSize();
  watchTheme();
  bindPrint();
  bindHandout(spec, engine);
  paint();
  const own = followUnit(find('[data-control=unit]'), spec);
  if (own.length) engine.send(own);
  if (problems.length) messages([...engine.frame.messages, ...problems]);
  leadOn(find('[data-full], [data-live]'), spec, engine);
  findOne('[data-only-here]').hidden = !isOnlyHere(location);
  presentation = bindPresent(spec, engine);
  room = parts.bindRoom?.(spec, engine, ways.send, presentation);
  moveAxes(false);
  painted().then(() => {
    document.documentElement.dataset.ready = 'true';
  });
  /** @param {string} text */
  const say = (text) => tell({ kind: 'refused', text });
  return { send: ways.send, say };
}

/**
 * The ways in which a page moves: at once, as one step of Undo, by a control, or gliding to a scene.
 * @param {Spec} spec
 * @param {Find} find
 * @param {Engine} engine
 */
function waysToMove(spec, find, engine) {
  /** @type {Send} */
  const send = (changes) => {
    players.end();
    glide.end();
    engine.send(changes);
  };
  const { remember, move } = bindHistory(spec, find, engine, send);
  const { parts } = engine;
  const players = parts.bindPlayers?.(spec.players, find('[data-player]'), engine, remember) ?? NO_PLAYERS;
  const glide = bindGlide(spec, engine);
  /** @type {Send} */
  const act = (changes) => {
    remember(engine.frame.state);
    send(changes);
  };
  /** @type {Send} */
  const glideTo = (changes) => {
    remember(engine.frame.state);
    players.end();
    glide.start(changes);
  };
  return { players, glide, ways: { send, move, act, glideTo } };
}

/**
 * Lead to the explorer without its fragment: an address's fragment is the state.
 * @param {HTMLElement[]} links
 */
function bindSkipping(links) {
  for (const link of links) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      findOne('#explorer').focus();
    });
  }
}

/**
 * What a link to this state does not hold, and why.
 * @param {HTMLElement} place
 * @param {string[]} names
 */
function paintLeftOut(place, names) {
  place.hidden = names.length === 0;
  setText(place, `Too long for a link, so the link leaves it out: ${names.join(', ')}.`);
}

/**
 * Point the links to this explorer elsewhere, full size or live, at the state shown here.
 * @param {HTMLAnchorElement[]} links
 * @param {Spec} spec
 * @param {Engine} engine
 */
function leadOn(links, spec, engine) {
  for (const link of links) {
    const { live } = link.dataset;
    const query = writeLink('', spec, engine.frame.state);
    link.href = live ? `${live}?${query}` : address(spec, engine);
  }
}

/**
 * Controls show the state or, where a result says so, what it has become.
 * @param {Spec} spec
 * @param {Find} find
 * @param {Send} send
 * @param {Record<string, BuildControl | undefined>} build by the kind of control
 * @returns {(frame: Frame, settled: boolean) => void}
 */
function bindControls(spec, find, send, build) {
  const paints = spec.parameters.flatMap((parameter) =>
    find(`[data-control="${parameter.name}"]`).flatMap(
      (place) => build[parameter.control]?.(place, parameter, send) ?? [],
    ),
  );
  return ({ state, controls }, settled) => {
    for (const paint of paints) paint({ ...state, ...controls }, settled);
  };
}

/**
 * @param {Spec} spec
 * @param {Find} find
 * @param {Engine} engine
 * @param {Record<'act' | 'glideTo', Send>} ways at once or as a movement, which Undo takes back
 * @param {(messages: Message[]) => void} say
 * @param {Record<string, (button: HTMLElement) => void>} saving
 */
function bindButtons(spec, find, engine, { act, glideTo }, say, saving) {
  /** @type {(name: string) => Change[]} */
  const presetOf = (name) => {
    const preset = spec.presets[name];
    if (typeof preset === 'string') return [[preset, null]];
    const held = [...spec.kept.filter((one) => !(one in preset)), 'unit'];
    /** @type {Change[]} */
    const same = held.map((one) => [one, engine.frame.state[one]]);
    return [['reset', null], ...Object.entries(preset), ...same];
  };
  const nameOf = (/** @type {HTMLElement} */ button) => button.dataset.name ?? '';
  /** @type {Record<string, (button: HTMLElement) => void>} */
  const deeds = {
    ...saving,
    preset: (button) => glideTo(presetOf(nameOf(button))),
    gesture: (button) => act([[nameOf(button), null]]),
    reset: () => act([['reset', null]]),
    'copy-code': (button) => copy(button, codeOf(spec, engine.frame)),
    'copy-link': (button) => copy(button, address(spec, engine)),
    'copy-embed': (button) => {
      if (location.protocol === 'file:') say([{ kind: 'note', code: 'no_address' }]);
      else copy(button, embedCode(spec, engine, button.dataset));
    },
  };
  for (const button of find('[data-action]')) {
    button.addEventListener('click', () => deeds[button.dataset.action ?? '']?.(button));
  }
}

/**
 * Whether a hand is on a slider or a figure now; calls `ended` when it lets go.
 * @param {() => void} ended
 */
function watchDragging(ended) {
  let dragging = false;
  // A second finger neither begins nor ends it.
  document.addEventListener('pointerdown', ({ target, isPrimary }) => {
    if (!isPrimary || !(target instanceof Element)) return;
    dragging = target.closest('input[type=range], [data-handle], [data-drag]') !== null;
  });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel'])) {
    document.addEventListener(name, ({ isPrimary }) => {
      if (!isPrimary) return;
      dragging = false;
      ended();
    });
  }
  return () => dragging;
}

/** Repaint the figures when the theme turns: by the button, the system or the post that frames us. */
function watchTheme() {
  paintRoles();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paintRoles);
  new MutationObserver(paintRoles).observe(document.documentElement, { attributeFilter: ['data-theme'] });
}
