// A finger that begins on a slider may mean to scroll: the first move's direction says which. Until it is
// known the page hears nothing of the slider, and a scroll leaves it where it was.
(() => {
  /** @type {{slider: HTMLInputElement, id: number, x: number, y: number, was: string, now: string} | null} */
  let asked = null;
  /** @param {string} value */
  const give = (value) => {
    const slider = asked?.slider;
    asked = null;
    if (!slider || slider.value === value) return;
    slider.value = value;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  };
  addEventListener(
    'pointerdown',
    ({ target, pointerId: id, pointerType, isPrimary, clientX: x, clientY: y }) => {
      if (pointerType !== 'touch' || !isPrimary) return;
      const isSlider = target instanceof HTMLInputElement && target.type === 'range';
      asked = isSlider ? { slider: target, id, x, y, was: target.value, now: target.value } : null;
    },
    true,
  );
  addEventListener(
    'input',
    (event) => {
      if (!asked || event.target !== asked.slider) return;
      asked.now = asked.slider.value;
      asked.slider.value = asked.was;
      event.stopImmediatePropagation();
    },
    true,
  );
  addEventListener(
    'pointermove',
    ({ pointerId, clientX, clientY }) => {
      if (pointerId !== asked?.id) return;
      const [across, down] = [Math.abs(clientX - asked.x), Math.abs(clientY - asked.y)];
      if (across > down) give(asked.now);
    },
    true,
  );
  addEventListener('pointerup', ({ pointerId }) => pointerId === asked?.id && give(asked.now), true);
  addEventListener(
    'pointercancel',
    ({ pointerId }) => {
      if (pointerId === asked?.id) asked = null; // the browser scrolls
    },
    true,
  );
})();
