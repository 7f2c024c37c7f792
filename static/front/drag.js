/** A hand on a figure moves the parameters that its axes stand for, as their sliders do. */

import { modelTagged } from '../bokeh/models.js';

const GRASP = 32; // px around the point that moves within which a finger takes hold of it

/**
 * Let each figure be dragged. A mouse or pen moves things to where it is pressed. A finger scrolls
 * the page unless it starts near the point, or moves sideways where only the x axis is dragged; a
 * tap moves things there.
 * @param {HTMLElement[]} places each with its axes' parameters in `data-drag`
 * @param {Parameter[]} parameters
 * @param {Engine} engine
 * @param {Send} send
 */
export function bindDrags(places, parameters, engine, send) {
  for (const place of places) bindDrag(place, axesOf(place, parameters), engine, send);
}

/** @typedef {{axis: 'x' | 'y', parameter: Parameter}} Axis */

/**
 * @param {HTMLElement} place
 * @param {Parameter[]} parameters
 * @returns {Axis[]}
 */
function axesOf(place, parameters) {
  /** @type {Record<'x' | 'y', string>} */
  const names = JSON.parse(place.dataset.drag ?? '{}');
  return /** @type {const} */ (['x', 'y']).flatMap((axis) => {
    const parameter = parameters.find(({ name }) => name === names[axis]);
    return parameter ? [{ axis, parameter }] : [];
  });
}

/**
 * @param {HTMLElement} place
 * @param {Axis[]} axes
 * @param {Engine} engine
 * @param {Send} send
 */
function bindDrag(place, axes, engine, send) {
  /** @type {number | null} */
  let pointer = null; // the pointer that drags
  /** @param {MouseEvent} event */
  const moveTo = (event) => {
    const at = positionOn(place, event);
    if (at) send(axes.map(({ axis, parameter }) => [parameter.name, onStep(at[axis], parameter)]));
  };
  /** @param {PointerEvent} event */
  const mayScroll = (event) => event.pointerType === 'touch' && axes.length > 1;
  place.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || (mayScroll(event) && !isNear(place, axes, engine, event))) return;
    pointer = event.pointerId;
    place.setPointerCapture(pointer);
    moveTo(event);
  });
  place.addEventListener('pointermove', (event) => {
    if (event.pointerId === pointer) moveTo(event);
  });
  for (const name of ['pointerup', 'pointercancel'])
    place.addEventListener(name, () => {
      pointer = null;
    });
  place.addEventListener('click', (event) => {
    if (event.pointerType === 'touch') moveTo(event);
  });
  // With two axes a finger that has taken hold must not scroll, too.
  place.addEventListener(
    'touchmove',
    (event) => {
      if (pointer !== null && axes.length > 1) event.preventDefault();
    },
    { passive: false },
  );
}

/**
 * What a pointer points at, in the figure's own units.
 * @param {HTMLElement} place
 * @param {MouseEvent} event
 * @returns {{x: number, y: number} | null}
 */
function positionOn(place, event) {
  const view = viewOf(place);
  if (!view) return null;
  const { x_scale: across, y_scale: up } = view.frame;
  const box = view.el.getBoundingClientRect();
  return { x: across.invert(event.clientX - box.left), y: up.invert(event.clientY - box.top) };
}

/**
 * @param {HTMLElement} place
 * @param {Axis[]} axes
 * @param {Engine} engine
 * @param {MouseEvent} event
 */
function isNear(place, axes, engine, event) {
  const view = viewOf(place);
  if (!view) return false;
  const box = view.el.getBoundingClientRect();
  const off = axes.map(({ axis, parameter }) => {
    const at = view.frame[`${axis}_scale`].compute(engine.frame.state[parameter.name]);
    return at - (axis === 'x' ? event.clientX - box.left : event.clientY - box.top);
  });
  return Math.hypot(...off) <= GRASP;
}

/** @param {HTMLElement} place */
function viewOf(place) {
  return globalThis.Bokeh.index.find_one(modelTagged(`picture:${place.dataset.figure}`));
}

/**
 * The nearest value that the parameter's slider has.
 * @param {number} value
 * @param {Parameter} parameter
 */
function onStep(value, { bounds: [low, high], step }) {
  if (step === null) return value;
  const steps = Math.round((Math.min(Math.max(value, low), high) - low) / step);
  return Math.min(high, Number((low + steps * step).toFixed(9)));
}
