/** Elements of the page: made, found, and written to only where something changes. */

/**
 * Make an element with attributes and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [attributes] properties, where the element has such
 * @param {(Node | string)[]} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in made && name !== 'list') Reflect.set(made, name, value);
    else made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

/** A button with its words and its deed. @param {string} text @param {() => void} act */
export function pressed(text, act) {
  const button = element('button', { type: 'button' }, text);
  button.addEventListener('click', act);
  return button;
}

/**
 * The elements that a selector finds, on the page or within a part of it.
 * @template {HTMLElement} [E=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {E[]}
 */
export function findAll(selector, within = document) {
  return [.../** @type {NodeListOf<E>} */ (within.querySelectorAll(selector))];
}

/**
 * The first element that a selector finds, where `page.html` always has one.
 * @template {HTMLElement} [E=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [within]
 */
export function findOne(selector, within = document) {
  return /** @type {E} */ (within.querySelector(selector));
}

/**
 * Set an attribute, or leave the page alone where it is so already.
 * @param {Element} place
 * @param {string} name
 * @param {string} value
 */
export function setAttribute(place, name, value) {
  if (place.getAttribute(name) !== value) place.setAttribute(name, value);
}

/**
 * Write a text, or leave the page alone where it stands already; its node is kept.
 * @param {Element} place
 * @param {string} text
 */
export function setText(place, text) {
  const node = place.firstChild;
  if (!(node instanceof Text) || place.lastChild !== node) {
    if (place.textContent !== text) place.textContent = text;
  } else if (node.data !== text) {
    node.data = text;
  }
}

/**
 * A button that is off keeps the focus that it may have; `disabled` would drop it.
 * @param {HTMLElement} button
 * @param {boolean} off
 */
export function setOff(button, off) {
  setAttribute(button, 'aria-disabled', String(off));
}

/** @param {HTMLElement} button */
export function isOff(button) {
  return button.getAttribute('aria-disabled') === 'true';
}
