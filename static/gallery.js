// The gallery: a drawing that one can pull, and a mark where one has been.
(() => {
  const LEAST = 0.03; // which the sliders have, too
  const NAMED = 28; // px of a bar under which its name has room; the slider has it anyway
  /** @type {(selector: string) => any[]} */
  const all = (selector) => [...document.querySelectorAll(selector)];
  const [drawing] = all('.pull svg');
  const [bars, tops, names, sliders] = ['rect', 'g', 'text', 'input'].map((one) => all(`.pull ${one}`));
  const { wide, base, tall } = drawing.dataset; // of all bars, in px; where they stand; of a bit
  let p = sliders.map(({ valueAsNumber }) => valueAsNumber);

  const paint = () => {
    let left = (400 - wide) / 2;
    p.forEach((share, i) => {
      const [width, height] = [share * wide, -Math.log2(share) * tall];
      const middle = left + width / 2;
      const look = { x: left, y: base - height, width: Math.max(width - 2, 1), height };
      for (const [name, value] of Object.entries(look)) bars[i].setAttribute(name, value);
      tops[i].setAttribute('transform', `translate(${middle} ${base - height})`);
      names[i].setAttribute('x', middle);
      names[i].style.opacity = Number(width > NAMED);
      sliders[i].value = share;
      const { min, max } = sliders[i];
      sliders[i].style.setProperty('--at', (share - min) / (max - min));
      sliders[i].ariaValueText = share.toFixed(2);
      left += width;
    });
    const h = p.reduce((sum, share) => sum - share * Math.log2(share), 0);
    all('.pull output')[0].textContent = h.toFixed(2);
  };
  // One gets what it asks for; the others share the rest as before, and none goes out of the picture.
  const give = (/** @type {number} */ i, /** @type {number} */ asked) => {
    const smallest = Math.min(...p.filter((_, at) => at !== i));
    const most = 1 - ((1 - p[i]) * LEAST) / smallest;
    const share = Math.max(Math.min(asked, most), LEAST);
    const rest = (1 - share) / (1 - p[i]);
    p = p.map((one, at) => (at === i ? share : one * rest));
    paint();
  };
  sliders.forEach((slider, i) => {
    slider.addEventListener('input', () => give(i, slider.valueAsNumber));
  });
  tops.forEach((top, i) => {
    top.addEventListener('pointerdown', ({ pointerId }) => top.setPointerCapture(pointerId));
    top.addEventListener('pointermove', ({ clientX, clientY, pointerId }) => {
      if (!top.hasPointerCapture(pointerId)) return;
      const { y } = new DOMPoint(clientX, clientY).matrixTransform(drawing.getScreenCTM().inverse());
      give(i, 2 ** ((y - base) / tall));
    });
  });
  try {
    const been = JSON.parse(localStorage.getItem('been') ?? '[]');
    for (const mark of all('[data-been]')) mark.hidden = !been.includes(mark.dataset.been);
  } catch {
    /* storage is closed to framed pages */
  }
})();
