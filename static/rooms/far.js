/** A bar at the bottom of the window that offers what stands above, while that is out of sight. */

import { element, pressed } from '../front/elements.js';

const MOST_OF_IT = 0.5; // of a place within the window, and it is in sight

export class Far {
  place = element('div', { className: 'far', hidden: true });
  /** @type {{button: HTMLElement, inSight: boolean, isWanted: () => boolean}[]} */
  offers = [];

  /**
   * @param {string} words
   * @param {HTMLElement} above where it can be done, too
   * @param {() => boolean} isWanted
   * @param {() => void} act
   */
  offer(words, above, isWanted, act) {
    const button = pressed(words, act);
    button.dataset.go = 'see';
    const one = { button, inSight: true, isWanted };
    this.offers.push(one);
    this.place.append(button);
    const watch = new IntersectionObserver(
      ([seen]) => {
        one.inSight = seen.intersectionRatio >= MOST_OF_IT;
        this.paint();
      },
      { threshold: MOST_OF_IT },
    );
    watch.observe(above);
  }

  paint() {
    for (const { button, inSight, isWanted } of this.offers) button.hidden = inSight || !isWanted();
    this.place.hidden = this.offers.every(({ button }) => button.hidden);
  }
}
