/**
 * Times a drag, from each pointer event to the frame drawn with what it asked for. The page has a
 * Bokeh source named `curves` with columns x and p; p's centre of mass is the mean it was drawn for.
 */
() => {
  const models = Bokeh.documents.flatMap((page) => [...page._all_models.values()]);
  const source = models.find((model) => model.name === 'curves');
  const stock = models.find((model) => model.title === 'mean μ of P');
  const native = document.querySelector('input[type=range]');
  const asked = () => (stock ? stock.value : native.valueAsNumber);
  /** @type {((event: PointerEvent) => number) | null} */
  let pulled = null; // what a hand on a handle asks for: the place where it is
  const drawn = () => {
    const { x, p } = source.data instanceof Map ? Object.fromEntries(source.data) : source.data;
    let mass = 0;
    let moment = 0;
    for (let i = 0; i < x.length; i += 1) {
      mass += p[i];
      moment += p[i] * x[i];
    }
    return moment / mass;
  };

  const moves = []; // of each pointer event: when it happened, and the value it asked for
  const frames = []; // of each frame with new data: when it was drawn, and the mean it shows
  let fresh = false;
  const finish = () => {
    if (moves.length) moves.at(-1).value ??= asked();
  };
  document.addEventListener('pointerdown', ({ target }) => {
    if (!target.closest?.('[data-handle]')) return;
    const view = Bokeh.index.find_one(models.find(({ tags }) => tags?.includes('picture:densities')));
    const { left } = view.el.getBoundingClientRect();
    pulled = ({ clientX }) => view.frame.x_scale.invert(clientX - left);
  });
  document.addEventListener(
    'pointermove',
    (event) => {
      if (!event.buttons) return;
      finish();
      moves.push({ at: event.timeStamp, value: pulled?.(event) ?? null });
    },
    true,
  );
  source.properties.data.change.connect(() => {
    fresh = true;
  });

  const afterFrame = new MessageChannel(); // a task of its own: it runs once the frame is handed over
  afterFrame.port1.onmessage = () => frames.push({ at: performance.now(), mean: drawn() });
  const { clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function clearAndNote(...box) {
    if (fresh) afterFrame.port2.postMessage(null);
    fresh = false;
    return clearRect.apply(this, box);
  };
  globalThis.watched = () => {
    finish();
    return { moves, frames };
  };
};
