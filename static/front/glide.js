/** Scenes glide: numbers go from what is shown to a scene's own, so that the eye can follow them. */

import { setAttribute } from './elements.js';

const LASTS = 400; // ms

/**
 * What carries the page to a scene, a step after each answer that is painted: a busy server gets no
 * more than it can do. A hand that takes hold of anything stops it where it is, but what goes on from
 * there by itself, such as a race, begins where the glide leads.
 * @param {Spec} spec
 * @param {Engine} engine
 */
export function bindGlide(spec, engine) {
  /** @type {((part: number) => void) | null} */
  let goTo = null;
  /** @type {Change[]} */
  let aim = [];
  let began = 0;
  let due = 0;
  let last = 0;
  const root = document.documentElement;
  const end = () => {
    goTo = null;
    cancelAnimationFrame(due);
    clearTimeout(last);
    due = 0;
    delete root.dataset.gliding;
  };
  const arrive = () => {
    end();
    engine.send(aim); // whatever came of the steps, the last state is exactly the scene's
  };
  /** Once a step has been painted, ask for the next. */
  const follow = () => {
    if (!goTo || due) return;
    due = requestAnimationFrame((now) => {
      due = 0;
      const left = Math.min(1, 1 - (now - began) / LASTS); // a frame may have begun before the scene
      if (left > 0) goTo?.(1 - left ** 3); // quick at first, slow at its end
    });
  };
  /** @param {Change[]} scene the changes that lead there */
  const start = (scene) => {
    end();
    const way = wayTo(spec, engine.frame, scene);
    if (!way || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      engine.send(scene);
      return;
    }
    root.dataset.gliding = '';
    aim = scene;
    began = performance.now();
    goTo = (part) => engine.send(way(part));
    last = setTimeout(arrive, LASTS);
    follow();
  };
  for (const name of ['pointerdown', 'keydown']) {
    const held = (/** @type {Event} */ { target }) => {
      if (!(target instanceof Element)) return;
      if (goTo && target.closest('[data-player], [data-action=gesture]')) arrive();
      else if (target.closest('input, button, [data-drag], [data-handle]')) end();
    };
    document.addEventListener(name, held, { capture: true });
  }
  return { start, follow, end, plays: () => goTo !== null };
}

/**
 * Mark the scene that the page is in, if in any; the unit and what scenes keep are the reader's own affair.
 * @param {Pick<Spec, 'parameters' | 'presets' | 'kept'>} spec
 * @param {HTMLElement[]} buttons
 * @returns {(state: State) => void}
 */
export function bindScenes({ parameters, presets, kept }, buttons) {
  return (state) => {
    for (const button of buttons) {
      const scene = presets[button.dataset.name ?? ''];
      if (typeof scene === 'string') continue; // a gesture leads to a state, and is none
      const here = parameters.every(
        ({ name, default: usual }) =>
          name === 'unit' || kept.includes(name) || alike(state[name], scene[name] ?? usual),
      );
      setAttribute(button, 'aria-pressed', String(here));
    }
  };
}

/**
 * Whether two values are the same but for rounding.
 * @param {any} one
 * @param {any} other
 * @returns {boolean}
 */
function alike(one, other) {
  if (typeof one === 'number') return Math.abs(one - other) <= 1e-9;
  if (!Array.isArray(one)) return String(one) === String(other);
  return one.length === other.length && one.every((entry, i) => alike(entry, other[i]));
}

/**
 * The changes for each part of the way to a scene. Counts, names and choices are the scene's from the
 * first step on; there is no way where no other number differs, or where lists differ in length.
 * @param {Pick<Spec, 'parameters'>} spec
 * @param {Pick<Frame, 'state' | 'controls'>} frame
 * @param {Change[]} scene
 * @returns {((part: number) => Change[]) | null}
 */
export function wayTo({ parameters }, { state, controls }, scene) {
  if (scene.length === 1) return null; // a gesture: only the engine knows where it leads
  const told = Object.fromEntries(scene);
  /** @type {State} */
  const now = { ...state, ...controls };
  /** @type {Change[]} */
  const given = [];
  /** @type {[name: string, from: any, to: any][]} */
  const moving = [];
  for (const { name, kind, step, whole, default: usual } of parameters) {
    const to = told[name] ?? usual;
    const same = String(now[name]) === String(to);
    if (Array.isArray(to) && now[name].length !== to.length) return null;
    if (['number', 'numbers'].includes(kind) && !whole && !(step >= 1)) {
      if (!same) moving.push([name, now[name], to]);
    } else if (!same) given.push([name, to]);
  }
  if (moving.length === 0) return null;
  return (part) => [
    ...given,
    ...moving.map(([name, from, to]) => /** @type {Change} */ ([name, between(from, to, part)])),
  ];
}

/** @param {any} from @param {any} to @param {number} part @returns {any} */
function between(from, to, part) {
  return Array.isArray(from)
    ? from.map((one, i) => between(one, to[i], part))
    : from * (1 - part) + to * part;
}
