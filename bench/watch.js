/**
 * Times a drag, from each pointer event to the frame drawn with what it asked for. Values are places on the
 * slider that is watched, from 0 to 1. Where the page draws the density p of a Bokeh source `curves`, what a
 * frame shows is p's mean; elsewhere what the page has painted on its slider.
 * @param {string} track what is pulled, of which the first is watched
 */
(track) => {
  const models = (globalThis.Bokeh?.documents ?? []).flatMap((page) => [...page._all_models.values()]);
  const sources = models.filter((model) => 'data' in model.attributes && 'selected' in model.attributes);
  const stock = models.find((model) => model.title === 'mean μ of P');
  const native = document.querySelector(track.startsWith('input') ? track : 'input[type=range]');
  const isMean = stock || native.ariaLabel === 'mean μ of P';
  const curves = isMean && sources.find((model) => model.name === 'curves');
  const [low, high] = stock ? [-4, 4] : [native.min, native.max].map(Number);
  const placeOf = (value) => (value - low) / (high - low);
  const asked = () => placeOf(stock ? stock.value : native.valueAsNumber);
  /** @type {((event: PointerEvent) => number) | null} */
  let pulled = null; // what a hand on a handle asks for: the place where it is
  const meanOfCurve = () => {
    const { x, p } = curves.data instanceof Map ? Object.fromEntries(curves.data) : curves.data;
    let mass = 0;
    let moment = 0;
    for (let i = 0; i < x.length; i += 1) {
      mass += p[i];
      moment += p[i] * x[i];
    }
    return moment / mass;
  };
  const drawn = () => (curves ? placeOf(meanOfCurve()) : Number(native.style.getPropertyValue('--at')));

  const moves = []; // of each pointer event: when it happened, and the place it asked for
  const frames = []; // of each frame with new data: when it was drawn, and the place it shows
  let fresh = false;
  const finish = () => {
    if (moves.length) moves.at(-1).value ??= asked();
  };
  document.addEventListener('pointerdown', ({ target }) => {
    if (!target.closest?.('[data-handle]')) return;
    const view = Bokeh.index.find_one(models.find(({ tags }) => tags?.includes('picture:densities')));
    const { left } = view.el.getBoundingClientRect();
    pulled = ({ clientX }) => placeOf(view.frame.x_scale.invert(clientX - left));
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
  const refresh = () => {
    fresh = true;
  };
  for (const source of sources) source.properties.data.change.connect(refresh);
  if (!sources.length) native.addEventListener('input', refresh, true);

  const afterFrame = new MessageChannel(); // a task of its own: it runs once the frame is handed over
  afterFrame.port1.onmessage = () => frames.push({ at: performance.now(), value: drawn() });
  const { clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function clearAndNote(...box) {
    if (fresh) afterFrame.port2.postMessage(null);
    fresh = false;
    return clearRect.apply(this, box);
  };
  /** Whether a frame shows the last place that was asked for, as near as this. */
  globalThis.caughtUp = (near) => {
    finish();
    return (frames.at(-1)?.value ?? -1) >= (moves.at(-1)?.value ?? -1) - near;
  };
  globalThis.watched = () => {
    finish();
    return { moves: moves.splice(0), frames: frames.splice(0) };
  };
};
