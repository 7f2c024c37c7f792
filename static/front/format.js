/** Numbers as readers see them; the full double stands beside in `data-value`. */

const LARGE = 1e4; // from here on a number has no decimals, and its thousands stand apart
const NOISE = 16 * Number.EPSILON; // of the numbers whose difference a readout is
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/**
 * Write a number: ∞ and – for what has no digits, powers of ten for the very large and small.
 * @param {number | null | undefined} value
 * @param {NumberFormat} [format]
 * @returns {string}
 */
export function formatNumber(value, { digits = 4, style = 'fixed' } = {}) {
  if (typeof value !== 'number' || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (style === 'ratio' && value > 0 && value < 1) return `1/${formatNumber(1 / value, { digits })}`;
  const scaled = style === 'percent' ? 100 * value : value;
  const size = Math.abs(scaled);
  if (size >= 1e6 || (style === 'scientific' && size > 0)) return powerOfTen(scaled);
  if (style === 'fixed' && size > 0 && size < 0.5 * 10 ** -digits) return powerOfTen(scaled);
  const text = size.toFixed(Math.min(digits, size >= 1000 ? 2 : size >= 100 ? 3 : digits));
  if (Number(text) >= LARGE) return scaled < 0 ? `−${inThousands(size)}` : inThousands(size);
  return scaled < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/**
 * Write a number short, as typed: at most so many decimals, no trailing zeros.
 * @param {number} value
 * @param {number} [decimals]
 */
export function formatPlain(value, decimals = 4) {
  const rounded = Number(value.toFixed(decimals));
  return String(rounded === 0 && value !== 0 ? Number(value.toPrecision(2)) : rounded);
}

/**
 * The double itself, or doubles, as Python and JavaScript both read them.
 * @param {number | ArrayLike<number> | null} value
 * @returns {string}
 */
export function formatFull(value) {
  if (value !== null && typeof value === 'object') return `[${Array.from(value, formatFull).join(', ')}]`;
  return Object.is(value, -0) ? '0' : String(value);
}

/**
 * Write a number with so many decimals, unless it is large.
 * @param {number} value
 * @param {number} decimals
 */
export function formatDecimals(value, decimals) {
  if (!Number.isFinite(value)) return formatNumber(value);
  return Math.round(value) >= LARGE && value < 1e15 ? inThousands(value) : value.toFixed(decimals);
}

/**
 * A readout as readers see it: where it is a difference, what is no more than rounding is 0.
 * @param {string} name
 * @param {Pick<Spec, 'readouts'>} spec
 * @param {Record<string, number>} readouts
 */
export function readoutText(name, { readouts: formats }, readouts) {
  const { noise_of: of, ...format } = formats[name];
  const size = of === 'one' ? 1 : Math.abs(readouts[of ?? '']);
  const isNoise = size < Infinity && Math.abs(readouts[name]) <= NOISE * size;
  return formatNumber(isNoise ? 0 : readouts[name], format);
}

/** The entries of a list, as a sentence names them. @param {(number | string)[]} values */
export function entriesText(values) {
  const decimals = values.every(Number.isInteger) ? 0 : 3;
  return values
    .map((one) => (typeof one === 'string' ? one : formatDecimals(one, decimals).replace('-', '−')))
    .join(', ');
}

/** A large number as the axes write it: 115,528. @param {number} value */
function inThousands(value) {
  return value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The double itself, or doubles, as Python prints them. @param {number | ArrayLike<number>} value */
export function formatPython(value) {
  return formatFull(value).replaceAll('Infinity', 'inf').replaceAll('NaN', 'nan');
}

/** @param {number} value */
function powerOfTen(value) {
  const [mantissa, exponent] = value.toExponential(1).split('e');
  const sign = exponent.startsWith('-') ? '⁻' : '';
  const raised = sign + exponent.slice(1).replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]);
  return `${mantissa.replace('-', '−')} × 10${raised}`;
}
