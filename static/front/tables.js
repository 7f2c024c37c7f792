/** The tables of the page, filled from the sources that its figures draw and from labels. */

import { element, setText } from './elements.js';
import { formatNumber } from './format.js';

/**
 * The live tables are painted on every frame, the others when open and once a movement has ended.
 * @param {Spec} spec
 * @param {Find} find
 * @param {TableColumns} tableColumns
 * @returns {(atRest: boolean) => void}
 */
export function bindTables(spec, find, tableColumns) {
  /** @param {TableSpec} table @param {HTMLTableSectionElement} body */
  const paint = (table, body) => paintTable(table, tableColumns(table), body, spec.rows_shown);
  const bound = spec.tables.flatMap((table) => {
    /** @type {HTMLTableSectionElement[]} */
    const bodies = find(`[data-table="${table.name}"]`);
    return bodies.map((body) => ({ table, body, fold: body.closest('details') }));
  });
  for (const { table, body, fold } of bound) fold?.addEventListener('toggle', () => paint(table, body));
  return (atRest) => {
    for (const { table, body, fold } of bound) {
      const wanted = table.live ? !atRest : atRest && fold?.open;
      if (wanted) paint(table, body);
    }
  };
}

/**
 * Write a table, of a long one only so many rows, evenly spread.
 * @param {TableSpec} table
 * @param {Record<string, any>} data
 * @param {HTMLTableSectionElement} body
 * @param {number} most
 */
function paintTable({ columns }, data, body, most) {
  const length = data[columns[0][0]]?.length ?? 0;
  const stride = Math.max(1, Math.ceil((length - 1) / (most - 1)));
  const count = Math.min(length, Math.floor((length - 1) / stride) + 1);
  while (body.rows.length > count) body.deleteRow(-1);
  while (body.rows.length < count) body.append(element('tr', {}, ...columns.map(() => element('td'))));
  for (let row = 0; row < count; row += 1) {
    columns.forEach(([column, digits], place) => {
      setText(body.rows[row].cells[place], cellText(data[column][row * stride], digits));
    });
  }
}

/**
 * @param {number | string} value
 * @param {number | null} digits none for whole numbers
 */
function cellText(value, digits) {
  return typeof value === 'string' ? value : formatNumber(value, { digits: digits ?? 0, style: 'rounded' });
}
