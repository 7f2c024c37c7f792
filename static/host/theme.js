/** Which theme the page of a post has, as its reader sees it. */

const SAYING = ['theme', 'bsTheme', 'mode', 'colorMode', 'colorScheme', 'mdColorScheme']; // data-…
const NAMED = /(?:^|[-_ ])(?:(dark|slate)|(light|default))(?:$|[-_ ])/i;
const CLASS = /^(?:theme-|is-)?(dark|light)(?:-mode|-theme)?$/;
const OPAQUE = 0.5; // a ground that covers less shows the one behind it

/** @typedef {'dark' | 'light' | null} Theme */

/**
 * What an element's data and classes say, in the ways of the usual themes for blogs.
 * @param {{dataset: Record<string, string | undefined>, classList: Iterable<string>}} element
 * @returns {Theme}
 */
export function saidBy({ dataset, classList }) {
  for (const key of SAYING) {
    const [, dark, light] = NAMED.exec(dataset[key] ?? '') ?? [];
    if (dark || light) return dark ? 'dark' : 'light';
  }
  for (const one of classList) {
    const [, theme] = CLASS.exec(one) ?? [];
    if (theme) return /** @type {Theme} */ (theme);
  }
  return null;
}

/**
 * Whether a computed colour is dark or light; null where one sees through it.
 * @param {string} colour such as rgb(20, 23, 26), color(srgb 1 1 1 / 0.2) or oklch(0.2 0.01 250)
 * @returns {Theme}
 */
export function shadeOf(colour) {
  const [, kind, inner] = /^([a-z]+)\((.*)\)$/.exec(colour) ?? [];
  if (!kind) return null;
  const numbers = kind === 'color' ? inner.replace(/^\S+/, '') : inner; // a space's name has digits, too
  const parts = numbers.match(/-?[\d.]+(?:e-?\d+)?/g)?.map(Number) ?? [];
  const isList = kind.startsWith('rgb') || kind === 'color';
  if ((parts[3] ?? 1) < OPAQUE) return null;
  const [red, green, blue] = parts.map((one) => (kind === 'color' ? one : one / 255));
  const whole = kind === 'lab' || kind === 'lch' ? 100 : 1;
  const light = isList ? 0.2126 * red + 0.7152 * green + 0.0722 * blue : parts[0] / whole;
  return light < 0.5 ? 'dark' : 'light';
}

/**
 * The theme that a page without a ground of its own has.
 * @param {string} schemes of `color-scheme`, such as normal, dark or light dark
 * @param {boolean} isSystemDark
 * @returns {'dark' | 'light'}
 */
export function themeOf(schemes, isSystemDark) {
  const isDark = /\bdark\b/.test(schemes);
  return isDark && (isSystemDark || !/\blight\b/.test(schemes)) ? 'dark' : 'light';
}

/** The ground on which an element stands. @param {Element | null} element @returns {Theme} */
function groundOf(element) {
  if (!element) return null;
  const root = element.getRootNode();
  const around = element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  return shadeOf(getComputedStyle(element).backgroundColor) ?? groundOf(around);
}

/** The theme that a page has where an element stands in it. @param {Element} element */
export function themeAt(element) {
  const { documentElement: root, body } = document;
  const said = saidBy(root) ?? saidBy(body) ?? groundOf(element);
  if (said) return said;
  const { colorScheme } = getComputedStyle(root);
  /** @type {HTMLMetaElement | null} */
  const meta = document.querySelector('meta[name=color-scheme]');
  const schemes = colorScheme === 'normal' ? (meta?.content ?? '') : colorScheme;
  return themeOf(schemes, matchMedia('(prefers-color-scheme: dark)').matches);
}

/** Call whenever the page's theme may have turned. @param {() => void} turned */
export function watchTheme(turned) {
  const observer = new MutationObserver(turned);
  observer.observe(document.documentElement, { attributes: true });
  observer.observe(document.head, { attributes: true, childList: true, subtree: true });
  const watchBody = () => observer.observe(document.body, { attributes: true });
  if (document.body) watchBody();
  else addEventListener('DOMContentLoaded', watchBody);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', turned);
  document.addEventListener('transitionend', turned); // a ground that fades
  document.addEventListener('load', turned, true); // a style sheet
  addEventListener('load', turned);
}
