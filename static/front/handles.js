/** Knobs over the pictures, by which a hand pulls what sliders move, too. */

import { columnsOf, figureView, modelTagged } from '../bokeh/models.js';
import { element, findAll } from './elements.js';
import { DIGITS, FINE } from './number-pair.js';

const KNOB = 24; // px across a knob
const CLEAR = 16; // px between the middles of two: enough of each can be seen
const ASIDES = [0, 1, -1, 2, -2, 3, -3]; // by so many of its widths a knob gives way
const NEAR_TOP = 0.3; // the part of a picture's height below its top at which an infinite place is
const LEAST_SCALE = 0.5; // of a knob whose row is thinner than it
const LEAST_GAIN = 0.1; // a knob that moved less than this part of its value would be too coarse

/** @typedef {{x: number, y: number}} Point */
/** @typedef {(name: string | number | undefined) => number} Cell what a column has; a number is itself */
/** @typedef {{axis: 'x' | 'y', key: string, parameter: Parameter}} Pull */
/** @typedef {{handle: Handle, cell: Cell, knob: HTMLElement, pulls: Pull[], at: Point}} Grip */

/**
 * Put the knobs on their pictures; what is returned moves them to where the last result has them.
 * @param {Spec} spec
 * @param {Engine} engine
 * @param {Send} send
 */
export function bindHandles(spec, engine, send) {
  const names = [...new Set(spec.handles.map(({ picture }) => picture))];
  const paints = names.flatMap((name) =>
    findAll(`[data-figure="${name}"]`).map((place) => bindPicture(place, name, spec, engine, send)),
  );
  return () => {
    for (const paint of paints) paint();
  };
}

/** A picture with its knobs, the hand that may hold one, and the mouse that may be near one. */
class PulledPicture {
  /** @type {Map<string, HTMLElement>} */
  knobs = new Map();
  /** @type {Grip[]} */
  grips = [];
  /** @type {ReturnType<typeof grasp> | null} */
  held = null;
  /** @type {HTMLElement | undefined} */
  lead; // the knob that a mouse is near, where not all have room
  /** @type {BokehModel | null} */
  plot = null;

  /**
   * @param {HTMLElement} place
   * @param {string} name
   * @param {Spec} spec
   * @param {Engine} engine
   * @param {Send} send
   */
  constructor(place, name, spec, engine, send) {
    this.place = place;
    this.name = name;
    this.spec = spec;
    this.engine = engine;
    this.send = send;
    this.handles = spec.handles.filter(({ picture }) => picture === name);
    this.layer = element('div', { className: 'handles', ariaHidden: 'true' });
    place.append(this.layer);
    if (this.handles.some(({ anywhere }) => anywhere)) place.dataset.drag = '';
  }

  listen() {
    const { place } = this;
    const sparse = this.handles.some((one) => one.sparse);
    place.addEventListener('pointerdown', (event) => this.takeHold(event));
    place.addEventListener('pointermove', (event) => {
      if (event.pointerId === this.held?.pointer) this.held.pull(event, this.send);
      else if (sparse) this.comeNear(event);
    });
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel']))
      place.addEventListener(end, (event) => this.letGo(event));
    place.addEventListener('click', (event) => this.tap(/** @type {PointerEvent} */ (event)));
  }

  view() {
    return this.plot && figureView(this.plot);
  }

  paint() {
    if (!this.plot) this.findPlot();
    const frame = this.view()?.frame;
    if (!frame?.bbox.width) return; // a fold is closed; it opens with another size
    const { spec, engine, knobs, layer } = this;
    this.grips = this.handles.flatMap((handle) => gripsOf(handle, spec, engine.frame, frame, knobs));
    const shown = giveWay(this.grips, this.held?.grip.knob ?? this.lead, frame.bbox);
    for (const knob of knobs.values()) knob.hidden = !shown.some((grip) => grip.knob === knob);
    for (const { knob, at } of shown) {
      if (!knob.isConnected) layer.append(knob);
      knob.style.transform = `translate(${at.x}px, ${at.y}px)`;
    }
  }

  findPlot() {
    this.plot = modelTagged(`picture:${this.name}`);
    for (const size of ['inner_width', 'inner_height'])
      this.plot?.properties[size].change.connect(() => this.paint());
  }

  /**
   * The hand that a pointer would be here, on a knob or where the picture can be pulled anywhere.
   * @param {PointerEvent} event
   */
  handAt(event) {
    const onKnob = this.layer.contains(/** @type {Node} */ (event.target));
    const seen = this.grips.filter(({ knob }) => !knob.hidden);
    const grip = onKnob ? nearest(seen, this.layer, event) : this.grips.find(({ handle }) => handle.anywhere);
    const base = this.spec.units[this.engine.frame.state.unit];
    return grip && this.view() ? grasp(grip, this.view(), base, event, onKnob) : null;
  }

  /** @param {PointerEvent} event */
  takeHold(event) {
    const hand = event.button === 0 && event.isPrimary ? this.handAt(event) : null;
    if (!hand || (!hand.onKnob && event.pointerType === 'touch' && hand.grip.pulls.length > 1)) return;
    this.held = hand;
    (hand.onKnob ? hand.grip.knob : this.place).setPointerCapture(event.pointerId);
    hand.grip.knob.classList.add('held');
    // a finger may mean to scroll: its first move across pulls, and so does a tap
    if (!hand.onKnob && event.pointerType !== 'touch') hand.pull(event, this.send);
  }

  /** Show the knob that a mouse is near. @param {PointerEvent} event */
  comeNear(event) {
    const here = pointIn(this.layer, event.clientX, event.clientY);
    const isOn = this.grips.some(({ knob, at }) => !knob.hidden && away(at, here) < KNOB / 2);
    if (isOn || this.held || event.pointerType === 'touch' || !this.grips.length) return;
    const { knob } = nearest(this.grips, this.layer, event);
    if (knob === this.lead) return;
    this.lead = knob;
    this.paint();
  }

  /** @param {PointerEvent} event */
  letGo(event) {
    if (this.held && event.pointerId !== this.held.pointer) return;
    this.held?.grip.knob.classList.remove('held');
    this.held = null;
    this.paint();
  }

  /** A finger that taps brings the handle there. @param {PointerEvent} event */
  tap(event) {
    const hand = event.pointerType === 'touch' ? this.handAt(event) : null;
    if (hand && !hand.onKnob) hand.pull(event, this.send);
  }
}

/**
 * @param {HTMLElement} place
 * @param {string} name
 * @param {Spec} spec
 * @param {Engine} engine
 * @param {Send} send
 * @returns {() => void}
 */
function bindPicture(place, name, spec, engine, send) {
  const picture = new PulledPicture(place, name, spec, engine, send);
  picture.listen();
  return () => picture.paint();
}

/**
 * The knobs of a handle that can be seen now, each with where it stands.
 * @param {Handle} handle
 * @param {Spec} spec
 * @param {Frame} shown
 * @param {any} frame of the figure
 * @param {Map<string, HTMLElement>} knobs by handle and row, made once
 * @returns {Grip[]}
 */
function gripsOf(handle, spec, shown, frame, knobs) {
  if (handle.idle && shown.flags[handle.idle]) return [];
  const data = columnsOf(handle.table);
  const { parameters, pullsOf } = pullsFor(handle, spec);
  const lists = parameters.some(({ kind }) => kind === 'numbers') && typeof handle.entry !== 'number';
  const count = lists ? (Object.values(data)[0]?.length ?? 0) : 1;
  const { left, right, top, bottom, height } = frame.bbox;
  return Array.from({ length: count }, (_, row) => row).flatMap((row) => {
    /** @type {Cell} */
    const cell = (name = NaN) => (typeof name === 'number' ? name : (data[name]?.[row] ?? NaN));
    const x = frame.x_scale.compute(cell(handle.x));
    const y = cell(handle.y) === Infinity ? top + NEAR_TOP * height : frame.y_scale.compute(cell(handle.y));
    const seen = x >= left - 1 && x <= right + 1 && !Number.isNaN(y);
    if (!seen || Math.abs(cell(handle.gain ?? 1)) < LEAST_GAIN) return [];
    const pulls = pullsOf(handle.entry === undefined ? row : cell(handle.entry));
    const name = `${spec.handles.indexOf(handle)}:${row}`;
    const knob = knobs.get(name) ?? knobOf(handle, pulls);
    knobs.set(name, knob);
    if (handle.room) knob.style.setProperty('--scale', String(scaleIn(cell(handle.room), frame)));
    return [{ handle, cell, knob, pulls, at: { x, y: Math.min(Math.max(y, top), bottom) } }];
  });
}

/** How large a knob is drawn in a row of that height. @param {number} room @param {any} frame */
function scaleIn(room, { y_scale }) {
  const height = Math.abs(y_scale.compute(room) - y_scale.compute(0));
  return Math.min(1, Math.max(LEAST_SCALE, height / KNOB));
}

/** @param {Handle} handle @param {Spec} spec */
function pullsFor({ along, way }, { parameters }) {
  const axes = /** @type {const} */ (['x', 'y']).flatMap((axis) => {
    const parameter = parameters.find(({ name }) => name === along[axis]);
    return parameter ? [{ axis, parameter }] : [];
  });
  /** @param {number} entry @returns {Pull[]} */
  const pullsOf = (entry) =>
    axes.map(({ axis, parameter }) => ({
      axis,
      parameter,
      key: parameter.kind === 'numbers' ? `${way ?? parameter.name}:${entry}` : parameter.name,
    }));
  return { parameters: axes.map(({ parameter }) => parameter), pullsOf };
}

/** @param {Handle} handle @param {Pull[]} pulls */
function knobOf({ role = 'accent' }, pulls) {
  const named = pulls.map(({ parameter }) => parameter.label).join(' and ');
  const knob = element('div', { className: role, title: `${named}: pull here, or use the slider` });
  knob.dataset.handle = pulls[0].key;
  knob.dataset.axis = pulls.map(({ axis }) => axis).join('');
  return knob;
}

/**
 * Knobs that would cover each other stand apart, first across the way they are pulled; the one that a
 * hand holds or is near stays. Of sparse ones only those at its very place do: others have no room.
 * @param {Grip[]} grips
 * @param {HTMLElement | undefined} lead
 * @param {{left: number, right: number, top: number, bottom: number}} box
 */
function giveWay(grips, lead, { left, right, top, bottom }) {
  /** @type {Grip[]} */
  const shown = [];
  /** @type {Point[]} */
  const placed = [];
  const home = grips.find(({ knob }) => knob === lead)?.at;
  const isAt = (/** @type {Grip} */ { at }) => home !== undefined && away(at, home) < 2;
  const order = (/** @type {Grip} */ grip) => (grip.knob === lead ? 0 : isAt(grip) ? 1 : 2);
  for (const grip of [...grips].sort((a, b) => order(a) - order(b))) {
    const { x, y } = grip.at;
    const hasRoom = placed.every((other) => away(other, grip.at) >= KNOB);
    if (grip.handle.sparse && !hasRoom && !isAt(grip)) continue;
    const across = grip.pulls[0].axis === 'x';
    const places = [0, 1, -1].flatMap((along) =>
      ASIDES.map((aside) => (across ? [along, aside] : [aside, along])),
    );
    const free = places
      .map(([over, down]) => ({ x: x + over * KNOB, y: y + down * KNOB }))
      .filter(
        (at, i) =>
          (!i || (at.x >= left && at.x <= right && at.y >= top && at.y <= bottom)) &&
          placed.every((other) => away(other, at) >= CLEAR),
      );
    if (grip.knob !== lead && free.length) [grip.at] = free;
    placed.push(grip.at);
    shown.push(grip);
  }
  return shown;
}

/** How far apart two places are. @param {Point} a @param {Point} b */
const away = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

/** @param {HTMLElement} layer @param {number} x @param {number} y of the window */
function pointIn(layer, x, y) {
  const box = layer.getBoundingClientRect();
  return { x: x - box.left, y: y - box.top };
}

/**
 * Of knobs whose places to touch overlap, the one whose middle is nearest.
 * @param {Grip[]} grips
 * @param {HTMLElement} layer
 * @param {MouseEvent} event
 */
function nearest(grips, layer, event) {
  const here = pointIn(layer, event.clientX, event.clientY);
  return grips.reduce((best, grip) => (away(grip.at, here) < away(best.at, here) ? grip : best));
}

/**
 * A hand on a knob, or one that brings it to where the picture is pressed. It keeps the scales and
 * the row that it finds: what moves under it would otherwise run away.
 * @param {Grip} grip
 * @param {any} view of the figure
 * @param {number} base of the unit
 * @param {PointerEvent} event
 * @param {boolean} onKnob
 */
function grasp(grip, view, base, event, onKnob) {
  const { handle, cell, pulls } = grip;
  const { x_scale, y_scale, bbox } = view.frame;
  const box = view.el.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  const place = (axis) => view.frame[`${axis}_scale`].compute(cell(handle[axis]));
  const high = cell(handle.y) === Infinity ? bbox.top + NEAR_TOP * bbox.height : place('y');
  const off = onKnob ? { x: place('x') - x, y: high - y } : { x: 0, y: 0 };
  const line = handle.curve ? lineOf(handle, pulls[0].parameter.name, view.frame) : null;
  const invert = { x: x_scale.s_invert, y: y_scale.s_invert };
  let last = '';
  return {
    grip,
    onKnob,
    pointer: event.pointerId,
    /** @param {MouseEvent} to @param {Send} send */
    pull(to, send) {
      const at = { x: x + to.clientX - event.clientX, y: y + to.clientY - event.clientY };
      const changes = pulls.map(({ axis, key, parameter }) => {
        const value = line
          ? valueOnLine({ x: at.x + off.x, y: at.y + off.y }, line)
          : valueAt(invert[axis](at[axis] + off[axis]), handle, cell, base);
        const byPowers = line !== null || view.frame[`${axis}_scale`].type === 'LogScale';
        return /** @type {Change} */ ([key, onStep(value, parameter, byPowers)]);
      });
      if (JSON.stringify(changes) !== last) send(changes);
      last = JSON.stringify(changes);
    },
  };
}

/**
 * The value that a handle has at a place on its axis.
 * @param {number} place
 * @param {Handle} handle
 * @param {Cell} cell
 * @param {number} base
 */
export function valueAt(place, { origin = 0, gain = 1, law }, cell, base) {
  const far = (place - cell(origin)) / cell(gain);
  return law === 'surprise' ? base ** -far : far;
}

/** @typedef {Point & {value: number}} Stop a place on a line, and the value there */

/** @param {Handle} handle @param {string} name of the parameter @param {any} frame @returns {Stop[]} */
function lineOf({ curve = '', x, y }, name, { x_scale, y_scale }) {
  const data = columnsOf(curve);
  const places = { x: x_scale.v_compute(data[x]), y: y_scale.v_compute(data[y]) };
  return Array.from(data[name], (value, i) => ({ x: places.x[i], y: places.y[i], value }));
}

/**
 * The value at the place of a line that is nearest to a hand; between two stops it goes by its logarithm.
 * @param {Point} hand
 * @param {Stop[]} line
 */
export function valueOnLine(hand, line) {
  let [least, found] = [Infinity, NaN];
  for (const [i, from] of line.entries()) {
    const to = line[i + 1] ?? from;
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const along = ((hand.x - from.x) * dx + (hand.y - from.y) * dy) / (dx * dx + dy * dy) || 0;
    const part = Math.min(Math.max(along, 0), 1);
    const far = away(hand, { x: from.x + part * dx, y: from.y + part * dy });
    if (far < least) [least, found] = [far, from.value * (to.value / from.value) ** part];
  }
  return found;
}

/**
 * The nearest value that the parameter's slider has; of a list each entry is a share.
 * @param {number} value
 * @param {Parameter} parameter
 * @param {boolean} isLogarithmic whether its axis is, along which a value with decades goes by digits
 */
function onStep(value, { kind, bounds, step, decades }, isLogarithmic) {
  const [low, high] = kind === 'numbers' ? [0, 1] : bounds;
  if (decades && isLogarithmic) {
    return Number(Math.min(Math.max(value, high / 10 ** decades), high).toPrecision(DIGITS));
  }
  const size = step ?? FINE;
  const steps = Math.round((Math.min(Math.max(value, low), high) - low) / size);
  return Math.min(high, Number((low + steps * size).toFixed(9)));
}
