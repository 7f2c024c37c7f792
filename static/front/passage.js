/** A text, token by token: shaded, walked with the arrow keys, each with its numbers as text. */

import { element, setText } from './controls.js';
import { columnsOf } from '../bokeh/models.js';
import { formatNumber } from './format.js';

/** Bind the page's passages. @param {(selector: string) => HTMLElement[]} find @returns {(frame: any) => void} */
export function bindPassages(find) {
  const paints = find('[data-passage]').map(bindPassage);
  return (frame) => paints.forEach((paint) => paint(frame));
}

function bindPassage(place) {
  const reading = place.parentElement.querySelector('[data-reading]');
  const flagged = place.parentElement.querySelector('[data-flagged]').textContent;
  let columns = {};
  let at = null; // the token that is read out, or the most surprising
  let unit = '';
  const tokens = () => [...place.children];
  const read = () => {
    const { shown = [], surprise = [] } = columns;
    const index = at !== null && at < shown.length ? at : surprise.indexOf(Math.max(...surprise));
    tokens().forEach((token, i) => {
      token.tabIndex = i === index ? 0 : -1;
      token.setAttribute('aria-selected', String(i === index));
    });
    if (index >= 0) reading.replaceChildren(...told(columns, index, unit, flagged));
  };
  const choose = (token) => {
    if (token?.parentElement !== place) return;
    at = tokens().indexOf(token);
    read();
  };
  for (const name of ['pointerover', 'focusin', 'click']) {
    place.addEventListener(name, ({ target }) => choose(target));
  }
  place.addEventListener('keydown', (event) => {
    const all = tokens();
    const here = all.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || here < 0) return;
    event.preventDefault();
    all[Math.min(Math.max(to, 0), all.length - 1)].focus();
  });
  return (frame) => {
    columns = columnsOf(place.dataset.passage);
    unit = frame.state.unit;
    const { token = [] } = columns;
    while (place.children.length > token.length) place.lastChild.remove();
    while (place.children.length < token.length) place.append(element('span', { role: 'option' }));
    tokens().forEach((child, i) => {
      const text = token[i].replaceAll('\n', '↵\n').replaceAll('\t', '⇥\t');
      setText(child, text);
      child.style.setProperty('--heat', columns.heat[i].toFixed(3));
      child.ariaLabel = `${columns.shown[i]}, ${formatNumber(columns.surprise[i], { digits: 2 })} ${unit}`;
      child.classList.toggle('unknown', columns.flagged[i] > 0);
    });
    read();
  };
}

/** What is said of one token. */
function told({ shown, surprise, p, flagged, expected }, i, unit, remark) {
  const parts = [
    element('b', {}, shown[i]),
    element('span', {}, `${formatNumber(surprise[i], { digits: 2 })} ${unit}`),
    element('span', {}, `probability ${formatNumber(p[i], { digits: 5 })}`),
  ];
  if (flagged[i]) parts.push(element('span', {}, remark));
  if (expected[i]) parts.push(element('span', { className: 'expected' }, `likelier here: ${expected[i]}`));
  return parts;
}
