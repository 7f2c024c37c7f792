// For a post's page: sizes each embedded explorer to its content and passes the page's theme on.
(() => {
  /** @type {() => HTMLIFrameElement[]} */
  const frames = () =>
    [...document.querySelectorAll('iframe')].filter(({ dataset }) => 'bitsAndNats' in dataset);
  const theme = () => {
    const { theme: named, bsTheme, mode } = document.documentElement.dataset;
    const said = named ?? bsTheme ?? mode;
    return said === 'dark' || said === 'light' ? said : null;
  };
  const pass = () => {
    const said = theme();
    if (said === null) return;
    const message = { bitsAndNats: 'theme', theme: said };
    for (const frame of frames()) frame.contentWindow?.postMessage(message, '*');
  };
  addEventListener('message', ({ source, data }) => {
    const frame = frames().find((one) => one.contentWindow === source);
    if (!frame || data?.bitsAndNats !== 'height' || !Number.isFinite(data.height)) return;
    frame.style.height = `${Math.min(6000, Math.max(200, Math.ceil(data.height)))}px`;
    pass();
  });
  new MutationObserver(pass).observe(document.documentElement, { attributes: true });
})();
