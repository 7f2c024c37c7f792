/**
 * A model beside one that it learns from or drafts for: distillation and speculative decoding. The twin of
 * students.py.
 */

import { klDivergence, linspace, softmax } from '../../../static/infocore/kernel.js';
import { sum } from '../../../static/infocore/sum.js';

const NATS = { base: Math.E };
const PLACES = Array.from({ length: 15 }, (_, i) => i - 7);
const CENTRES = linspace(-6, 6, 61);
const TEACHER = PLACES.map((x) =>
  Math.log(0.6 * Math.exp(-0.5 * (x + 3) ** 2) + (0.4 * Math.exp(-0.5 * ((x - 3) / 1.2) ** 2)) / 1.2),
);

/** @param {number} centre @param {number} width @param {number} temperature */
function studentOf(centre, width, temperature) {
  return softmax(
    PLACES.map((x) => -0.5 * ((x - centre) / width) ** 2),
    { temperature },
  );
}

/** The cost of a student with one mode, averaged under the teacher. */
export function distillation({ centre, width, temperature }) {
  const teacher = softmax(TEACHER, { temperature });
  const square = temperature ** 2;
  const costOf = (student) => square * klDivergence(teacher, student, NATS);
  const student = studentOf(centre, width, temperature);
  const costs = CENTRES.map((at) => costOf(studentOf(at, width, temperature)));
  const cost = costOf(student);
  return {
    tables: drawnStudent(teacher, student, costs, centre, cost),
    readouts: { forward_cost: cost, forward_other_way: square * klDivergence(student, teacher, NATS) },
  };
}

/** The cost of a student with one mode, averaged under the student. */
export function reverseDistillation({ centre, width }) {
  const teacher = softmax(TEACHER);
  const costOf = (student) => klDivergence(student, teacher, NATS);
  const student = studentOf(centre, width, 1);
  const costs = CENTRES.map((at) => costOf(studentOf(at, width, 1)));
  const cost = costOf(student);
  return {
    tables: drawnStudent(teacher, student, costs, centre, cost),
    readouts: { reverse_cost: cost, reverse_other_way: klDivergence(teacher, student, NATS) },
  };
}

function drawnStudent(teacher, student, costs, centre, cost) {
  return {
    tokens: { place: PLACES, teacher, student },
    curve: { centre: CENTRES, cost: costs },
    now: { centre: [centre], cost: [cost] },
  };
}

const WORDS = ['the', 'a', 'my', 'one', 'no'];
const TARGET = [2, 1.5, 0.5, 0, -1];
const ASTRAY = [0, 0.5, 2, 1, -1];
const DRAFTED = Array.from({ length: 9 }, (_, k) => k);

/** How much of a small model's draft a large model accepts, word by word. */
export function speculative({ astray, drafted }) {
  const p = softmax(TARGET);
  const q = softmax(TARGET.map((one, i) => (1 - astray) * one + astray * ASTRAY[i]));
  const both = p.map((one, i) => Math.min(one, q[i]));
  const accepted = sum(both);
  const passes = DRAFTED.map((most) => sum(DRAFTED.slice(0, most + 1).map((k) => accepted ** k)));
  return {
    tables: {
      words: { place: [0, 1, 2, 3, 4], name: WORDS, p, q, both },
      passes: { drafted: DRAFTED, words: passes },
      now: { drafted: [drafted], words: [passes[drafted]] },
    },
    readouts: {
      accepted,
      apart: sum(p.map((one, i) => Math.abs(one - q[i]))) / 2,
      pinsker: 1 - Math.sqrt(klDivergence(p, q, NATS) / 2),
      words_a_pass: passes[drafted],
    },
  };
}
