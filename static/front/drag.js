/** A hand on a figure moves the parameters that its axes stand for, as their sliders do. */

import { modelTagged } from '../bokeh/models.js';

const GRASP = 32; // px around the point that moves within which a finger takes hold of it

/**
 * Let each figure be dragged. A mouse or pen moves things to where it is pressed. A finger scrolls
 * the page unless it starts near the point, or moves sideways where only the x axis is dragged; a
 * tap moves things there.
 * @param {HTMLElement[]} places each with its axes' parameters in `data-drag`
 * @param {any[]} parameters
 * @param {import('./front.js').Engine} engine
 * @param {(changes: [string, unknown][]) => void} send
 */
export function bindDrags(places, parameters, engine, send) {
  for (const place of places) bindDrag(place, axesOf(place, parameters), engine, send);
}

function axesOf(place, parameters) {
  return Object.entries(JSON.parse(place.dataset.drag)).map(([axis, name]) =>
    ({ axis, ...parameters.find((parameter) => parameter.name === name) }));
}

function bindDrag(place, axes, engine, send) {
  let held = null; // the pointer that drags
  const moveTo = (event) => {
    const at = positionOn(place, event);
    if (at) send(axes.map(({ axis, name, bounds, step }) => [name, onStep(at[axis], bounds, step)]));
  };
  place.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || (event.pointerType === 'touch' && axes.length > 1 && !isNear(place, axes, engine, event))) return;
    held = event.pointerId;
    place.setPointerCapture(held);
    moveTo(event);
  });
  place.addEventListener('pointermove', (event) => { if (event.pointerId === held) moveTo(event); });
  for (const name of ['pointerup', 'pointercancel']) place.addEventListener(name, () => { held = null; });
  place.addEventListener('click', (event) => { if (event.pointerType === 'touch') moveTo(event); });
  // With two axes a finger that has taken hold must not scroll, too.
  place.addEventListener('touchmove', (event) => {
    if (held !== null && axes.length > 1) event.preventDefault();
  }, { passive: false });
}

/** What a pointer points at, in the figure's own units. */
function positionOn(place, event) {
  const view = viewOf(place);
  if (!view) return null;
  const box = view.el.getBoundingClientRect();
  return { x: view.frame.x_scale.invert(event.clientX - box.left), y: view.frame.y_scale.invert(event.clientY - box.top) };
}

function isNear(place, axes, engine, event) {
  const view = viewOf(place);
  if (!view) return false;
  const box = view.el.getBoundingClientRect();
  const off = axes.map(({ axis, name }) => {
    const at = view.frame[`${axis}_scale`].compute(engine.frame.state[name]);
    return at - (axis === 'x' ? event.clientX - box.left : event.clientY - box.top);
  });
  return Math.hypot(...off) <= GRASP;
}

function viewOf(place) {
  return globalThis.Bokeh.index.find_one(modelTagged(`picture:${place.dataset.figure}`));
}

/** The nearest value that the slider has. */
function onStep(value, [low, high], step) {
  const steps = Math.round((Math.min(Math.max(value, low), high) - low) / step);
  return Math.min(high, Number((low + steps * step).toFixed(9)));
}
