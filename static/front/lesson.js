/** What an address asks for beside a state: a lesson, a view, and controls that are taken away or fixed. */

import { element, findAll } from './elements.js';
import { askedOf, refusedOf } from './link.js';
import { layCompact, viewOf } from './view.js';

const KEYS = ['lesson', 'hide', 'lock', 'view', 'controls'];

/**
 * The part of an address that a page reads once, as one text.
 * @param {{hash: string, search: string}} address
 */
export function lessonOf(address) {
  const asked = askedOf(address);
  return KEYS.map((key) => asked.get(key) ?? '').join('\n');
}

/**
 * Open the lesson that the address names, or the chapter's own tasks, and do what either and the address
 * say of the controls. What is hidden is gone and no hand moves it; what is locked stays in sight, and of
 * all that happens on the page only a task's start moves it.
 * @param {Spec} spec
 * @param {Engine} engine
 */
export function openLesson(spec, engine) {
  const { parameters, gestures } = spec;
  const asked = askedOf(location);
  const name = asked.get('lesson') ?? '';
  /** @type {HTMLTemplateElement[]} */
  const all = findAll('template[data-lesson]');
  const named = all.find(({ dataset }) => dataset.lesson === name);
  const template = named ?? all.find(({ dataset }) => dataset.lesson === '');
  const known = ['scenes', ...gestures, ...parameters.map((one) => one.name)];
  const view = viewOf(asked, known);
  const [hide, lock] = ['hide', 'lock'].map((key) => [
    ...new Set(`${template?.dataset[key] ?? ''},${asked.get(key) ?? ''}`.split(',').map((one) => one.trim())),
  ]);
  const problems = [...refusedOf([...hide, ...lock], known), ...view.problems];
  hide.push(...view.hide);
  if (name && !named) problems.unshift({ kind: 'refused', code: 'no_lesson', args: { raw: name } });
  for (const one of known.filter((each) => lock.includes(each))) fix(one);
  for (const one of known.filter((each) => hide.includes(each))) takeAway(one);
  if (view.isCompact) layCompact(view.chosen);
  engine.fix(lock.filter((one) => known.includes(one)));
  /** @param {string} key */
  const isHidden = (key) => hide.includes(key.split(':')[0]);
  const handles = spec.handles
    .map((handle) => ({ ...handle, along: freeOf(handle.along, [...hide, ...lock]) }))
    .filter(({ along }) => Object.keys(along).length);
  const { isCompact } = view;
  return {
    template: isCompact ? undefined : template,
    isCompact,
    lesson: named ? name : '',
    problems,
    isHidden,
    handles,
  };
}

/**
 * What a handle still pulls where some of it is taken away or fixed.
 * @param {Handle['along']} along
 * @param {string[]} names
 */
const freeOf = (along, names) =>
  Object.fromEntries(Object.entries(along).filter(([, key]) => !names.includes(key)));

/** @param {string} name */
const buttonsOf = (name) =>
  findAll(
    name === 'scenes'
      ? '[data-action=preset]'
      : `[data-action=gesture][data-name="${name}"], [data-player="${name}"] button`,
  );

/** @param {string} name */
function fix(name) {
  for (const place of findAll(`[data-control="${name}"]`)) {
    const around = element('fieldset', { className: 'fixed', disabled: true });
    place.replaceWith(around);
    around.append(place);
  }
  for (const button of buttonsOf(name)) button.setAttribute('disabled', '');
}

/**
 * Groups that are left without a control go, too, and so do folds without a group or a picture.
 * @param {string} name
 */
function takeAway(name) {
  for (const place of [...findAll(`[data-control="${name}"]`), ...buttonsOf(name)]) place.hidden = true;
  /** @param {string} selector @param {HTMLElement} within */
  const has = (selector, within) => findAll(selector, within).some((one) => !one.closest('[hidden]'));
  for (const group of findAll(':is(.controls, .fold) fieldset:not(.fixed)'))
    group.hidden = !has('[data-control], button, label', group);
  for (const fold of findAll('.fold')) fold.hidden = !has('fieldset, figure', fold);
}
