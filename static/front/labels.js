/** Texts on pictures, written from the numbers of a table into sources of their own. */

import { columnsOf, modelNamed, showColumns } from '../bokeh/models.js';
import { formatDecimals, formatFull } from './format.js';

const LETTER = 0.024; // of a picture's width, on a phone
const COLUMN = /\{([\w.]+)(?::(\d+))?\}/g;

/**
 * Keep every label in step with its table; give a table of the page its columns, with the labels it shows.
 * @param {Label[]} labels
 * @param {(name: string) => any} slot what a slot of the page is
 */
export function bindLabels(labels, slot) {
  const bound = labels.map((label) => ({ label, written: '' }));
  const paint = () => {
    for (const one of bound) {
      const columns = columnsFor(one.label, slot);
      const text = JSON.stringify(columns);
      if (text !== one.written) showColumns(one.label.name, columns);
      one.written = text;
    }
  };
  const tableColumns = ({ source, columns }) => {
    const named = labels.filter(({ name }) => columns.some(([column]) => column === name));
    const texts = named.map((label) => [label.name, columnsFor(label, slot).text]);
    return { ...columnsOf(source), ...Object.fromEntries(texts) };
  };
  return { paint, tableColumns };
}

/** The columns of a label's source. @param {Label} label @param {(name: string) => any} slot */
export function columnsFor(label, slot) {
  const data = columnsOf(label.table);
  const top = label.axis ? modelNamed(label.axis)?.end : 1;
  const rows = Array.from({ length: Object.values(data)[0]?.length ?? 0 }, (_, row) => row);
  const placed = (at) => rows.map((row) => (typeof at === 'number' ? at : data[at][row]));
  return {
    x: placed(label.x),
    y: placed(label.y).map((at) => (at === Infinity ? label.edge * top : at)),
    text: rows.map((row) => textOf(label, data, row, top, slot)),
    ...Object.fromEntries((label.also ?? []).map((column) => [column, placed(column)])),
  };
}

/** @param {Label} label */
function textOf({ cases, tall, fit }, data, row, top, slot) {
  if (tall && data[tall[0]][row] < tall[1] * top) return '';
  const found = cases.find(([name, least]) => data[name][row] >= Number(least));
  if (!found) return '';
  const text = found[2].replace(COLUMN, (_, name, digits) =>
    columnText(data[name]?.[row] ?? slot(name), digits),
  );
  return fit ? fitted(text, data[fit][row]) : text;
}

function columnText(value, digits) {
  if (typeof value === 'string') return value;
  return digits === undefined ? formatFull(value) : formatDecimals(value, Number(digits));
}

/** Cut a text to what a part of the picture's width has room for. */
function fitted(text, share) {
  const room = Math.floor(share / LETTER);
  const letters = Array.from(text);
  if (letters.length <= room) return text;
  return room > 1 ? `${letters.slice(0, room - 1).join('')}…` : '';
}
