/**
 * Keep what a pure function of numbers and texts gave for its last few arguments.
 * @template T
 * @param {(...given: any[]) => T} make
 * @param {number} [most]
 * @returns {(...given: any[]) => T}
 */
export function cached(make, most = 4) {
  const known = new Map();
  return (...given) => {
    const name = given.join();
    if (!known.has(name)) {
      if (known.size >= most) known.delete(known.keys().next().value);
      known.set(name, make(...given));
    }
    return known.get(name);
  };
}
