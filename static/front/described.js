/** What each figure shows now, in words, for who does not see it; written once a movement has ended. */

import { findAll, findOne, setText } from './elements.js';
import { bindText, shownText } from './texts.js';

/**
 * @param {Spec} spec
 * @returns {(frame: Frame) => void}
 */
export function bindDescriptions(spec) {
  const figures = findAll('figure:has([data-description])');
  const fill = bindText(spec, (selector) => findAll(`[data-description] ${selector}`));
  return (frame) => {
    fill(frame);
    for (const figure of figures) {
      const said = shownText(findOne('[data-description]', figure));
      setText(findOne('.described', figure), said);
    }
  };
}
