import assert from 'node:assert/strict';
import test from 'node:test';

import { changesTo } from '../../static/front/history.js';

const PARAMETERS = [
  { name: 'p', kind: 'numbers' },
  { name: 'labels', kind: 'texts' },
  { name: 'steps', kind: 'number' },
  { name: 'text', kind: 'text' },
  { name: 'model', kind: 'choice' },
];
const NOW = { p: [0.5, 0.5], labels: ['a', 'b'], steps: 3, text: 'a story', model: 'bigram' };

test('Undo asks for lists and numbers in their order, and for a text only where it differs', () => {
  const then = { ...NOW, p: [0.2, 0.3, 0.5], labels: ['a', 'b', 'c'] };
  assert.deepEqual(changesTo({ parameters: PARAMETERS }, NOW, then), [
    ['p', [0.2, 0.3, 0.5]],
    ['labels', ['a', 'b', 'c']],
    ['steps', 3],
  ]);
  assert.deepEqual(changesTo({ parameters: PARAMETERS }, NOW, { ...then, text: 'mine' }).at(-1), [
    'text',
    'mine',
  ]);
});
