/** A state as a room is told it, and what brings a page into one. */

import { changedOf, readLink, writeLink } from '../front/link.js';

/**
 * The query of a state as a link has it, without what is as by default.
 * @param {Pick<Spec, 'parameters' | 'reserved'>} spec
 * @param {State} state
 */
export function queryTold(spec, state) {
  return writeLink('', { ...spec, parameters: changedOf(spec, state) }, state);
}

/**
 * The changes that bring a page there, wherever it is.
 * @param {Pick<Spec, 'parameters' | 'reserved'>} spec
 * @param {string} query
 * @returns {Change[]}
 */
export function changesTold(spec, query) {
  return [['reset', null], ...readLink({ search: `?${query}`, hash: '' }, spec)];
}
