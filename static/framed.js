// In the frame of somebody's post: tells its height, follows the post's theme, and leads out by its links.
(() => {
  if (window.parent === window) return;
  const root = document.documentElement;
  root.style.setProperty('--held', `${innerHeight}px`); // the room that the post holds for us
  const tell = () => {
    if (root.dataset.ready !== 'true') return; // what is still being built has another height
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    window.parent.postMessage({ bitsAndNats: 'height', height }, '*');
  };
  new MutationObserver(tell).observe(root, { attributeFilter: ['data-ready'] });
  addEventListener('DOMContentLoaded', () => new ResizeObserver(tell).observe(document.body));
  addEventListener('message', ({ source, data }) => {
    if (source !== window.parent) return;
    if (data?.bitsAndNats === 'ask') tell();
    if (data?.bitsAndNats !== 'theme') return;
    if (data.theme === 'dark' || data.theme === 'light') root.dataset.theme = data.theme;
  });
  // A page opened inside the frame would stand in the way of the post's own Back.
  addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest('a[href]') : null;
    if (link instanceof HTMLAnchorElement && !link.getAttribute('href')?.startsWith('#')) {
      link.target = '_blank';
    }
  });
})();
