/** The random bits that draws and shuffles share: the twin of scrambled in draws.py. */

/** A whole number of 32 bits without a pattern (C. Wellons' lowbias32). @param {number} key */
export function scrambled(key) {
  const once = Math.imul(key ^ (key >>> 16), 0x7feb352d);
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b);
  return (twice ^ (twice >>> 16)) >>> 0;
}
