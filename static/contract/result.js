/** What a chapter's twin gives, completed by what no state changes. */

const PARTS = ['tables', 'ranges', 'flags', 'slots', 'controls', 'choices'];

/**
 * @param {import('./parameters.js').Twin} explorer
 * @param {{units: Record<string, number>, constants: Record<string, object>}} spec
 * @param {import('./parameters.js').State} state
 */
export function resultOf(explorer, { units, constants }, state) {
  const result = explorer.compute({ ...state, base: units[state.unit] });
  const parts = PARTS.map((part) => [part, { ...constants[part], ...result[part] }]);
  return { ...result, ...Object.fromEntries(parts) };
}

/** @typedef {Record<string, unknown[]>} Columns */

/**
 * Whether two tables hold the same, so that it need not be painted again; an image is the same only as itself.
 * @param {Columns | undefined} one
 * @param {Columns} other
 */
export function isSameTable(one, other) {
  if (!one || one === other) return one === other;
  if (Object.keys(one).length !== Object.keys(other).length) return false;
  return Object.entries(other).every(([name, column]) => {
    const before = one[name];
    return before?.length === column.length && column.every((each, i) => Object.is(each, before[i]));
  });
}
