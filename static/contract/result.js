/** What a chapter's twin gives, completed: what a model leaves out is empty. */

/**
 * @param {import('./parameters.js').Twin} explorer
 * @param {{units: Record<string, number>}} spec
 * @param {import('./parameters.js').State} state
 */
export function resultOf(explorer, { units }, state) {
  const result = explorer.compute({ ...state, base: units[state.unit] });
  return { ranges: {}, flags: {}, slots: {}, controls: {}, choices: {}, ...result };
}
