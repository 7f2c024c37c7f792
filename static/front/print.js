/** On paper: light colours whatever the theme, what is folded, and pictures that fit the sheet. */

import { paintRoles } from '../bokeh/models.js';
import { makeSeen } from '../bokeh/patches.js';
import { figuresShown } from './downloads.js';
import { findAll } from './elements.js';

/** Lay a drawing over each picture while the page is printed, as a canvas keeps its pixels and colours. */
export function bindPrint() {
  const root = document.documentElement;
  addEventListener('beforeprint', () => {
    root.dataset.printing = '';
    // a frame in a post keeps its height, so what unfolds there would be cut off
    for (const fold of window.parent === window ? findAll('details:not([open])') : []) {
      fold.setAttribute('open', '');
      fold.dataset.unfolded = '';
    }
    makeSeen();
    paintRoles();
  });
  // by the second call of the browser BokehJS has taken the colours in, which it does in promises
  addEventListener('beforeprint', () => {
    for (const { place, view } of figuresShown()) place.append(onPaper(view));
  });
  addEventListener('afterprint', () => {
    for (const one of document.querySelectorAll('.printed')) one.remove();
    for (const fold of findAll('[data-unfolded]')) {
      fold.removeAttribute('open');
      delete fold.dataset.unfolded;
    }
    delete root.dataset.printing;
    paintRoles();
  });
}

/** A picture as it is now, that is as wide as its place. @param {BokehView} view */
function onPaper(view) {
  const svg = view.export('svg', false).ctx.get_svg();
  svg.setAttribute('viewBox', `0 0 ${view.bbox.width} ${view.bbox.height}`);
  for (const name of ['width', 'height']) svg.removeAttribute(name);
  svg.setAttribute('class', 'printed');
  return svg;
}
