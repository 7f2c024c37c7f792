// Runs before the first paint: the theme and the bare or compact page that the address asks for.
(() => {
  // Of a key that stands in both, the first counts.
  const asked = new URLSearchParams(`${location.hash.slice(1)}&${location.search.slice(1)}`);
  const root = document.documentElement;
  let theme = asked.get('theme');
  try {
    theme ??= localStorage.getItem('theme');
  } catch {
    /* storage is closed to framed pages */
  }
  if (theme === 'dark' || theme === 'light') root.dataset.theme = theme;
  if (asked.get('embed') === '1') root.dataset.embed = '';
  if (asked.get('view') === 'figure') root.dataset.view = 'figure';
  if (asked.get('present') === '1' && window.parent === window) root.dataset.present = '';
  addEventListener('DOMContentLoaded', () => {
    document.querySelector('[data-action=theme]')?.addEventListener('click', () => {
      const inDarkSystem = matchMedia('(prefers-color-scheme: dark)').matches;
      const dark = root.dataset.theme ? root.dataset.theme === 'dark' : inDarkSystem;
      root.dataset.theme = dark ? 'light' : 'dark';
      try {
        localStorage.setItem('theme', root.dataset.theme);
      } catch {
        /* framed */
      }
    });
  });
  addEventListener('DOMContentLoaded', () => {
    // a phone shows some of the chapters: this one among them
    /** @type {HTMLElement | null} */
    const here = document.querySelector('header [aria-current]');
    const row = here?.parentElement;
    if (!here || !row) return;
    row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  });
  // A browser leaves where it is what peeps out by a pixel; a chapter's link that has the focus is seen.
  addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement) || !target.matches('header nav a')) return;
    target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  addEventListener('DOMContentLoaded', () => {
    // the gallery shows where its reader has been
    /** @type {HTMLElement | null} */
    const main = document.querySelector('[data-explorer]');
    if (!main) return;
    try {
      const been = JSON.parse(localStorage.getItem('been') ?? '[]');
      localStorage.setItem('been', JSON.stringify([...new Set([...been, main.dataset.explorer])]));
    } catch {
      /* framed */
    }
  });
  // A live page whose server died between the page and its websocket: Bokeh gives up, we begin anew.
  setTimeout(() => {
    if (globalThis.Bokeh && !Bokeh.documents.length) location.reload();
  }, 15000);
})();
