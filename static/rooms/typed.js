/** A number that somebody types, as far as it can be read without doubt. */

import { element, pressed } from '../front/elements.js';
import { typedNumber } from '../front/number-pair.js';

const NO_NUMBER = 'Write a number, such as 1.5.';
const DOUBT = /^([+−-]?[1-9]\d{0,2}),(\d{3})$/; // a thousand, or one and a bit
const UNIT = /^(.*?)\s*([\p{L}%][\p{L}%\s./·]*)?$/su; // a number, and words behind it
const FRACTION = /^([+−-]?)(\d*)\s*(\p{No})$/u; // ½, 2¾

/**
 * The number that a text is, or why it is none.
 * @param {string} text a number, a fraction or a power, with a point or a comma, perhaps with its unit
 * @param {string} unit in which it is asked, if in any
 * @returns {{number: number, why: string}}
 */
export function typedAnswer(text, unit) {
  const [, bare, words = ''] = /** @type {string[]} */ (text.trim().match(UNIT));
  const parts = bare.split(/([/^])/).map((part) => part.trim());
  const isDoubtful = parts.some((part) => DOUBT.test(part));
  const why = !bare ? NO_NUMBER : wrongUnit(words, unit) || (isDoubtful ? eitherOf(parts) : '');
  if (why) return { number: NaN, why };
  const number = withFraction(bare) ?? typedNumber(bare.includes('.') ? bare : bare.replaceAll(',', '.'));
  return typeof number === 'number' ? { number, why: '' } : { number: NaN, why: NO_NUMBER };
}

/**
 * Why words behind a number are not the unit that is asked.
 * @param {string} words
 * @param {string} unit
 */
function wrongUnit(words, unit) {
  if (!words || (unit && stemOf(words) === stemOf(unit))) return '';
  const [named] = unitsIn(words);
  if (named && named === unitsIn(unit)[0]) return ''; // bits/symbol are bits
  if (!unit) return 'Write the number alone, without a unit.';
  return named ? `This is asked in ${unit}, not in ${named}.` : `Write the number alone, or in ${unit}.`;
}

/** A unit without what tells one from many, or that it is short. @param {string} unit */
function stemOf(unit) {
  const words = unit.toLowerCase().match(/[^\s./·]+/g) ?? [];
  return words.map((one) => one.replace(/s$/, '')).join(' ');
}

/** Both ways to read a comma, with all that stands around it. @param {string[]} parts */
function eitherOf(parts) {
  const [thousand, point] = ['', '.'].map((mark) =>
    parts.map((part) => part.replace(',', DOUBT.test(part) ? mark : '.')).join(''),
  );
  return `Write ${thousand} or ${point}: a comma may mean either.`;
}

/** The number before and with a sign such as ½, if there is one. @param {string} text */
function withFraction(text) {
  const [, sign, whole, fraction] = text.match(FRACTION) ?? [];
  const [over, under] = fraction?.normalize('NFKD').split('⁄') ?? []; // ½ is a 1, a slash and a 2
  if (!under) return undefined;
  return (sign && sign !== '+' ? -1 : 1) * (Number(whole) + Number(over) / Number(under));
}

/** The units that a text names, once each. @param {string} text */
export function unitsIn(text) {
  const named = text.toLowerCase().match(/\b(bit|nat)(?=s?\b)/g) ?? [];
  return [...new Set(named)].map((one) => `${one}s`);
}

/**
 * A field for a number, and the button that takes it.
 * @param {{label: string, button: string, unit: string}} named
 * @param {(number: number) => void} take
 * @param {(why: string) => void} decline
 * @returns {[field: HTMLInputElement, button: HTMLButtonElement]}
 */
export function numberEntry({ label, button, unit }, take, decline) {
  // Of type text, whose keyboard has a minus on every phone.
  const field = element('input', { type: 'text', className: 'guess', autocomplete: 'off', ariaLabel: label });
  const send = () => {
    const { number, why } = typedAnswer(field.value, unit);
    if (why) decline(why);
    else take(number);
  };
  field.addEventListener('keydown', ({ key }) => {
    if (key === 'Enter') send();
  });
  return [field, pressed(button, send)];
}
