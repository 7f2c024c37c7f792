/** A page in a room: the teacher's, which others follow, or a student's, which follows. */

import { askedOf } from '../front/link.js';
import { Student } from './student.js';
import { Teacher } from './teacher.js';

/**
 * Follow the room that the address names, or offer to open one.
 * @param {Spec} spec
 * @param {Engine} engine
 * @param {Send} send
 * @param {import('../front/present.js').Presentation} show
 * @returns {{follows: () => boolean, moved: () => void}} whether the state is somebody else's, and what to
 *     call when it has changed
 */
export function bindRoom(spec, engine, send, show) {
  const isFramed = window.parent !== window || 'embed' in document.documentElement.dataset;
  if (isFramed) return { follows: () => false, moved() {} };
  const code = askedOf(location).get('room') ?? '';
  return /^[0-9A-Z]{6}$/i.test(code)
    ? new Student(code.toUpperCase(), spec, engine, send)
    : new Teacher(spec, engine, send, show);
}
