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
